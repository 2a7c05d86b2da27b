// Who failed to log in lately: a password cannot be tried often, neither for one user nor from one address. Bounded; it
// knows no password.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/limits.h"

namespace proctor::console {

// Safe to use from every thread. Names of users are as somebody typed them: they are kept for a minute, in memory.
class Attempts final {
public:
    // Refers to the clock.
    explicit Attempts(const Clock& clock) : clock_(clock) {}

    // Whether this user, or whoever calls from this address, may try. While limits::k_login_sources of either are
    // remembered, nobody new may.
    [[nodiscard]] bool may_try(const std::string& user, const std::string& remote);
    void record_failure(const std::string& user, const std::string& remote);

private:
    using Failures = std::map<std::string, std::deque<SteadyTime>>;
    void forget(Failures& failures) const;
    [[nodiscard]] static bool below(const Failures& failures, const std::string& name, std::size_t limit);

    const Clock& clock_;
    std::mutex mutex_;
    Failures users_, remotes_;
};

}  // namespace proctor::console
