// What the operator's own port answers, on loopback: GET /metrics, /health/live, /health/ready, and nothing else. It
// asks nobody who they are, so nothing of a patient or a caller is in it.
#pragma once

#include <functional>
#include <string>

#include "app/health.h"
#include "http/server.h"

namespace proctor::app {

class MetricsHandler final : public http::Handler {
public:
    // `metrics` gives Prometheus' text, from any thread. Refers to the check.
    MetricsHandler(const HealthCheck& health, std::function<std::string()> metrics)
        : health_(health), metrics_(std::move(metrics)) {}

    [[nodiscard]] http::Response answer(http::Request request) override;
    [[nodiscard]] http::Response refuse(const http::Request& request, http::Refused why) override;

private:
    const HealthCheck& health_;
    const std::function<std::string()> metrics_;
};

}  // namespace proctor::app
