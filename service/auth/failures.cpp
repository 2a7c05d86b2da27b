#include "auth/failures.h"

namespace proctor::auth {

void Failures::record(const std::string& source) {
    const std::lock_guard lock(mutex_);
    forget();
    auto place = places_.find(source);
    if (place == places_.end()) {
        if (sources_.size() >= limit_) return;
        place = places_.emplace(source, sources_.insert(sources_.end(), Source{source, {}, 0, {}})).first;
    }
    Source& known = *place->second;
    known.last = clock_.steady();
    known.times[known.count++ % known.times.size()] = known.last;
    sources_.splice(sources_.end(), sources_, place->second);
}

bool Failures::too_many(const std::string& source) const {
    const std::lock_guard lock(mutex_);
    const auto place = places_.find(source);
    if (place == places_.end()) return false;
    const Source& known = *place->second;
    // The next place of the full ring holds the oldest of the last k_failures.
    return known.count >= known.times.size() && recent(known.times[known.count % known.times.size()]);
}

std::size_t Failures::size() const {
    const std::lock_guard lock(mutex_);
    return sources_.size();
}

void Failures::forget() {
    while (!sources_.empty() && !recent(sources_.front().last)) {
        places_.erase(sources_.front().name);
        sources_.pop_front();
    }
}

bool Failures::recent(SteadyTime time) const {
    return clock_.steady() < time + std::chrono::seconds(limits::k_failure_seconds);
}

}  // namespace proctor::auth
