#include "outbound/breaker.h"

#include <cstdint>

#include "base/limits.h"

namespace proctor::outbound {
namespace {

constexpr std::chrono::seconds k_pause(limits::k_breaker_seconds);

enum class Says : std::uint8_t { well, ill, nothing };

// What a failure says of the server. One that answers, if only that it will not, is well.
Says meaning(Failure failure) {
    switch (failure) {
        case Failure::unresolved:
        case Failure::connect:
        case Failure::tls:
        case Failure::timeout:
        case Failure::status:
        case Failure::protocol: return Says::ill;
        case Failure::redirect:
        case Failure::unauthorized:
        case Failure::missing:
        case Failure::refused:
        case Failure::too_large:
        case Failure::content_type: return Says::well;
        case Failure::not_allowed:
        case Failure::bad_token:
        case Failure::address:
        case Failure::crowded:
        case Failure::circuit_open: return Says::nothing;
    }
    return Says::nothing;
}

}  // namespace

bool Breaker::admit(const std::string& server) {
    const std::lock_guard lock(mutex_);
    const auto found = failing_.find(server);
    if (found == failing_.end() || found->second.failures < limits::k_breaker_failures) return true;
    const SteadyTime now = clock_.steady();
    if (now < found->second.retry_at) return false;
    found->second.retry_at = now + k_pause;
    return true;
}

void Breaker::record(const std::string& server, const Fetched& fetched) {
    const std::lock_guard lock(mutex_);
    const auto* failure = std::get_if<Failure>(&fetched);
    switch (failure == nullptr ? Says::well : meaning(*failure)) {
        case Says::well: failing_.erase(server); break;
        case Says::ill: record_failure(server); break;
        case Says::nothing: break;
    }
}

void Breaker::record_failure(const std::string& server) {
    if (failing_.size() >= limits::k_breaker_hosts && failing_.count(server) == 0) failing_.erase(failing_.begin());
    State& state = failing_[server];
    if (state.failures < limits::k_breaker_failures) ++state.failures;
    state.retry_at = clock_.steady() + k_pause;
}

std::vector<std::string> Breaker::open() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> servers;
    for (const auto& [server, state] : failing_) {
        if (state.failures >= limits::k_breaker_failures) servers.push_back(server);
    }
    return servers;
}

}  // namespace proctor::outbound
