// What state the service is in: for health, metrics and the console, which all ask here. It knows no routes.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/feedback.h"
#include "app/gate.h"
#include "app/live.h"
#include "http/server.h"
#include "watch/audit.h"

namespace proctor::app {

[[nodiscard]] std::string_view print(store::StoreState state);  // "ok", "spooling", "away"

struct Health {
    std::shared_ptr<const Serving> serving;                    // what answers
    std::vector<std::pair<std::string, auth::KeyState>> keys;  // by client; empty in a demonstration
    std::optional<bool> replay_away;                           // nothing in a demonstration
    std::optional<store::StoreState> feedback;                 // nothing: no feedback is taken
    std::optional<bool> audit_failing;                         // nothing: no audit trail
    bool clock_behind = false;                                 // earlier than at the start: tokens are refused
    bool stopping = false;
};

// Why it is not all well, in fixed words: "stopping", "contentRefused", "clock", "keys:north" (a client's id),
// "replayStore", "feedbackStore", "feedbackSpooling", "auditLog". Empty: all is well.
[[nodiscard]] std::vector<std::string> reasons_of(const Health& health);

// GET /health/ready: 503 once the service is stopping, and 200 otherwise. Degraded is 200, too: a store that is away
// and keys that are missing are tried again by calls, so an instance must keep getting them to recover.
[[nodiscard]] http::Response write_ready(const Health& health);
// GET /health/live
[[nodiscard]] http::Response write_live();

// Safe to use from every thread.
class HealthCheck final {
public:
    struct Parts {
        const Live& live;
        const Config& config;
        const Gate* gate = nullptr;
        const Feedback* feedback = nullptr;
        const watch::Audit* audit = nullptr;
    };
    // What the parts refer to outlives it.
    explicit HealthCheck(Parts parts) : parts_(parts) {}

    [[nodiscard]] Health look() const;
    // From here on it is not ready.
    void begin_to_stop() { stopping_ = true; }

private:
    Parts parts_;
    std::atomic<bool> stopping_ = false;
};

}  // namespace proctor::app
