// Which tokens this process has seen: the replay store of one instance, and the first look of many. Bounded; it never
// forgets early, not even when the clock is set, and gives nothing to other processes or to a later start.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <queue>
#include <string>
#include <unordered_set>
#include <vector>

#include "auth/replay.h"
#include "base/limits.h"

namespace proctor::auth {

class ReplayMemory final : public ReplayStore {
public:
    // Refers to the clock. `limit`: ids held at a time; one more is unavailable.
    explicit ReplayMemory(const Clock& clock, std::size_t limit = limits::k_replay_ids)
        : clock_(clock), limit_(limit) {}

    [[nodiscard]] Use use(const std::string& id, WallTime until, WallTime now) override;
    [[nodiscard]] std::size_t size() const;

private:
    // An id may be forgotten when the wall clock has passed `until` and as much time has really gone by: a clock that
    // is set forward and back again must not free it, and neither one that is set back.
    struct Expiry {
        WallTime until;
        SteadyTime passed;
        const std::string* id;  // within ids_
        friend bool operator>(const Expiry& a, const Expiry& b) { return a.until > b.until; }
    };
    void forget(WallTime now);

    const Clock& clock_;
    const std::size_t limit_;
    mutable std::mutex mutex_;
    std::unordered_set<std::string> ids_;
    std::priority_queue<Expiry, std::vector<Expiry>, std::greater<>> expiries_;  // the soonest first
};

}  // namespace proctor::auth
