// The service's HTTP interface: which path and method does what, CORS, and the OperationOutcome of every
// refusal. It decides nothing clinical and knows no sockets.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "app/feedback.h"
#include "app/gate.h"
#include "app/health.h"
#include "app/live.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/log.h"
#include "base/trace.h"
#include "console/lost_codes.h"
#include "hooks/answer.h"
#include "hooks/hook_table.h"
#include "http/server.h"

namespace proctor::app {

// GET  /cds-services           discovery
// POST /cds-services/{id}      a hook
// POST /cds-services/{id}/feedback   about its cards, where the configuration names a store for it
// GET  /health/live, /health/ready
// Whatever is below /cds-services needs a client's token, except a browser's preflight.
class Routes final : public http::Handler {
public:
    struct Parts {
        const Live& live;
        const Config& config;
        const Clock& clock;
        Log& log;
        Gate* gate = nullptr;                      // null: a demonstration, everybody is the first client
        outbound::Outbound* outbound = nullptr;    // null: nothing is fetched
        Feedback* feedback = nullptr;              // null: no feedback is taken, and nothing recorded
        Entropy* entropy = nullptr;                // null: no trace id of our own, and none is passed on
        const watch::Audit* audit = nullptr;       // null: no audit trail; for health
        console::LostCodes* lost_codes = nullptr;  // null: they are not counted
    };
    // What the parts refer to outlives the routes.
    explicit Routes(Parts parts);

    [[nodiscard]] http::Response answer(http::Request request) override;
    [[nodiscard]] http::Response refuse(const http::Request& request, http::Refused why) override;

    // Of all that answers here, for other servers, too.
    [[nodiscard]] HealthCheck& health() { return health_; }

private:
    struct Call;
    [[nodiscard]] http::Response route(Call& call);
    [[nodiscard]] http::Response serve_client(Call& call);
    [[nodiscard]] http::Response serve_hook(Call& call, const hooks::Service& service) const;
    [[nodiscard]] http::Response serve_feedback(Call& call) const;
    [[nodiscard]] std::optional<std::string> allowed_method(const std::string& path) const;
    [[nodiscard]] std::optional<auth::Reason> admit(Call& call) const;
    [[nodiscard]] std::optional<Trace> trace_of(const http::Request& request) const;
    void add_cors(const std::vector<std::string>& origins, const http::Request& request,
                  http::Response& response) const;

    Parts parts_;
    HealthCheck health_;
    std::vector<std::string> origins_;                 // of all clients
    std::vector<std::string> bases_;                   // what clients call
    std::vector<std::atomic<std::size_t>> in_flight_;  // requests, by client
};

}  // namespace proctor::app
