#include "auth/replay_memory.h"

#include <new>

namespace proctor::auth {

Use ReplayMemory::use(const std::string& id, WallTime until, WallTime now) {
    const std::lock_guard lock(mutex_);
    forget(now);
    if (ids_.contains(id)) return Use::again;
    if (ids_.size() >= limit_) return Use::unavailable;
    const auto place = ids_.insert(id).first;
    try {
        expiries_.push({until, clock_.steady() + (until - now), &*place});
    } catch (const std::bad_alloc&) {  // or it would never be forgotten
        ids_.erase(place);
        return Use::unavailable;
    }
    return Use::first;
}

std::size_t ReplayMemory::size() const {
    const std::lock_guard lock(mutex_);
    return ids_.size();
}

void ReplayMemory::forget(WallTime now) {
    const SteadyTime steady = clock_.steady();
    while (!expiries_.empty() && expiries_.top().until <= now && expiries_.top().passed <= steady) {
        ids_.erase(ids_.find(*expiries_.top().id));
        expiries_.pop();
    }
}

}  // namespace proctor::auth
