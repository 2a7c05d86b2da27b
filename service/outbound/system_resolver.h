// The system's resolver behind a deadline: it may hang for half a minute, so it runs on a few threads of its own, once
// a name however many ask, and is remembered for limits::k_resolved_seconds. Failures are not remembered.
#pragma once

#include <functional>
#include <memory>

#include "outbound/resolver.h"

namespace proctor::outbound {

// Blocking; safe to call from every thread.
using LookUp = std::function<Resolved(const std::string& host)>;

// getaddrinfo(3).
[[nodiscard]] Resolved system_look_up(const std::string& host);

class SystemResolver final : public Resolver {
public:
    // The clock outlives the resolver.
    explicit SystemResolver(const Clock& clock, LookUp look_up = system_look_up);
    // Does not wait for look-ups that hang: their threads end by themselves.
    ~SystemResolver() override;
    SystemResolver(const SystemResolver&) = delete;
    SystemResolver& operator=(const SystemResolver&) = delete;

    // unresolved, too, when limits::k_resolver_hosts names wait or are remembered already.
    [[nodiscard]] Resolved resolve(const std::string& host, SteadyTime deadline) override;

private:
    struct Name;
    struct Shared;
    // Under the lock: what is known or asked already, or a new one that waits; nothing when there are too many.
    [[nodiscard]] std::shared_ptr<Name> name_of(const std::string& host);

    const Clock& clock_;
    std::shared_ptr<Shared> shared_;  // with the threads
};

}  // namespace proctor::outbound
