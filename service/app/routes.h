// The service's HTTP interface: which path and method does what, CORS, and the OperationOutcome of every
// refusal. It decides nothing clinical and knows no sockets.
#pragma once

#include <string>
#include <vector>

#include "app/live.h"
#include "base/clock.h"
#include "base/log.h"
#include "hooks/answer.h"
#include "hooks/hook_table.h"
#include "http/server.h"

namespace proctor::app {

// GET  /cds-services           discovery
// POST /cds-services/{id}      a hook
// GET  /health/live, /health/ready
class Routes final : public http::Handler {
public:
    struct Parts {
        const Live& live;
        const hooks::Settings& settings;
        const Clock& clock;
        Log& log;
        std::vector<std::string> origins;  // that get CORS headers; "*": all
    };
    // What the parts refer to outlives the routes.
    explicit Routes(Parts parts);

    [[nodiscard]] http::Response answer(http::Request request) override;
    [[nodiscard]] http::Response refuse(const http::Request& request, http::Refused why) override;

private:
    [[nodiscard]] http::Response route(const Serving& serving, http::Request& request, LogFields& fields) const;
    [[nodiscard]] http::Response answer_hook(const Serving& serving, const hooks::Service& service, std::string body,
                                             LogFields& fields) const;
    void add_cors(const http::Request& request, http::Response& response) const;

    Parts parts_;
};

}  // namespace proctor::app
