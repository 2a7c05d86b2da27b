#include "console/attempts.h"

namespace proctor::console {

bool Attempts::may_try(const std::string& user, const std::string& remote) {
    const std::lock_guard lock(mutex_);
    forget(users_);
    forget(remotes_);
    return below(users_, user, limits::k_login_failures_of_user) &&
           below(remotes_, remote, limits::k_login_failures_of_remote);
}

void Attempts::record_failure(const std::string& user, const std::string& remote) {
    const std::lock_guard lock(mutex_);
    users_[user].push_back(clock_.steady());
    remotes_[remote].push_back(clock_.steady());
}

void Attempts::forget(Failures& failures) const {
    const auto since = clock_.steady() - std::chrono::seconds(limits::k_login_failure_seconds);
    for (auto& [name, times] : failures) {
        while (!times.empty() && times.front() <= since) times.pop_front();
    }
    std::erase_if(failures, [](const auto& one) { return one.second.empty(); });
}

bool Attempts::below(const Failures& failures, const std::string& name, std::size_t limit) {
    const auto known = failures.find(name);
    return known == failures.end() ? failures.size() < limits::k_login_sources : known->second.size() < limit;
}

}  // namespace proctor::console
