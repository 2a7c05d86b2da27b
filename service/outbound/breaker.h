// A circuit breaker: a server that failed limits::k_breaker_failures times in a row is left alone for
// limits::k_breaker_seconds, then one request is let through to see; what it brings decides. It knows when and why
// requests failed and nothing of how they are made.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "outbound/fetcher.h"

namespace proctor::outbound {

// Safe to call from every thread. A server is what fails or answers together: a FHIR base for one client, or the URL of
// a key set.
class Breaker final {
public:
    // The clock outlives the breaker.
    explicit Breaker(const Clock& clock) : clock_(clock) {}

    // False: leave it alone. True for a server that was left alone long enough: this is the one request, and the next
    // is let through only when this one's answer is recorded, or after another pause.
    [[nodiscard]] bool admit(const std::string& server);
    // What came of an admitted request. Failures that say nothing of the server change nothing.
    void record(const std::string& server, const Fetched& fetched);

    // The servers that are left alone, in order.
    [[nodiscard]] std::vector<std::string> open() const;

private:
    struct State {
        int failures = 0;     // in a row
        SteadyTime retry_at;  // once there are enough of them
    };
    void record_failure(const std::string& server);

    const Clock& clock_;
    mutable std::mutex mutex_;
    std::map<std::string, State> failing_;  // at most limits::k_breaker_hosts, whose last request failed
};

}  // namespace proctor::outbound
