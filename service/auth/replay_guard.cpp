#include "auth/replay_guard.h"

#include "base/limits.h"
#include "base/waiting.h"

namespace proctor::auth {
namespace {

constexpr std::chrono::seconds k_skew{limits::k_clock_skew_seconds};
constexpr std::chrono::seconds k_retry{limits::k_replay_retry_seconds};

}  // namespace

ReplayGuard::ReplayGuard(ReplayStore& memory, ReplayStore* shared, ReplayRules rules, const Clock& clock)
    : memory_(memory), shared_(shared), rules_(rules), clock_(clock) {}

std::optional<Reason> ReplayGuard::use(const TokenUse& token, WallTime now) {
    if (before_start(WallTime{std::chrono::seconds(token.iat)})) return Reason::before_restart;
    const Use here = memory_.use(token.id, token.until, now);
    if (here == Use::again) return Reason::replayed;
    const Use there = shared_ == nullptr ? Use::unavailable : ask_shared(token, now);
    if (there == Use::again) return Reason::replayed;
    if (there == Use::first) return std::nullopt;
    if (here == Use::unavailable || (shared_ != nullptr && rules_.strict)) return Reason::replay_unavailable;
    return std::nullopt;
}

bool ReplayGuard::degraded() const {
    const std::lock_guard lock(mutex_);
    return degraded_;
}

bool ReplayGuard::clock_behind() const { return before_start(clock_.now()); }

bool ReplayGuard::before_start(WallTime time) const {
    return rules_.started_after_loss && time < *rules_.started_after_loss - k_skew;
}

Use ReplayGuard::ask_shared(const TokenUse& token, WallTime now) {
    if (!may_ask()) return Use::unavailable;
    const Use use = wait_for([&] { return shared_->use(token.id, token.until, now); });
    const std::lock_guard lock(mutex_);
    degraded_ = use == Use::unavailable;
    retry_at_ = clock_.steady() + k_retry;
    return use;
}

// While the store is away one call tries it and the others go on without waiting.
bool ReplayGuard::may_ask() {
    const std::lock_guard lock(mutex_);
    if (!degraded_) return true;
    const SteadyTime now = clock_.steady();
    if (now < retry_at_) return false;
    retry_at_ = now + k_retry;
    return true;
}

}  // namespace proctor::auth
