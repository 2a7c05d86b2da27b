// The replay rule as a whole: memory first, then the store that instances share, and what holds while that store is
// away or after ids may have been lost. It knows no token but its times.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "auth/reason.h"
#include "auth/replay.h"
#include "base/clock.h"

namespace proctor::auth {

struct ReplayRules {
    bool strict = false;  // without the shared store nothing is accepted
    // When this process started, if ids may have been lost before: by an unclean stop, or while the shared store was
    // away. Tokens issued earlier than this, less the clock skew, are refused.
    std::optional<WallTime> started_after_loss;
};

struct TokenUse {
    std::string id;        // as ReplayStore wants it
    std::int64_t iat = 0;  // seconds since 1970
    WallTime until;        // when the token can no longer be valid
};

// Safe to use from every thread.
class ReplayGuard final {
public:
    // Refers to memory, clock and, unless null, the store that instances share or that outlives a stop.
    ReplayGuard(ReplayStore& memory, ReplayStore* shared, ReplayRules rules, const Clock& clock);

    // Nothing: this is the first use. before_restart, replayed, or replay_unavailable: strict, or memory is full, too.
    // What was refused as unavailable counts as used: a caller comes again with a new token.
    [[nodiscard]] std::optional<Reason> use(const TokenUse& token, WallTime now);

    // For health: the shared store did not answer when it was last asked.
    [[nodiscard]] bool degraded() const;

    // For health: the clock is so much earlier than at the start that tokens made now are refused as before_restart.
    // One that was ahead at the start and is right now does so until that time or the next start.
    [[nodiscard]] bool clock_behind() const;

private:
    [[nodiscard]] bool before_start(WallTime time) const;
    [[nodiscard]] Use ask_shared(const TokenUse& token, WallTime now);
    [[nodiscard]] bool may_ask();

    ReplayStore& memory_;
    ReplayStore* shared_;
    const ReplayRules rules_;
    const Clock& clock_;
    mutable std::mutex mutex_;  // of all below
    bool degraded_ = false;
    SteadyTime retry_at_;  // while degraded
};

}  // namespace proctor::auth
