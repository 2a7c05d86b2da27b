// What the console is told of this service (console/running.h), out of what serves.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/feedback.h"
#include "app/health.h"
#include "app/live.h"
#include "console/running.h"

namespace proctor::app {

class ConsoleView final : public console::Running {
public:
    struct Parts {
        const Live& live;
        const Config& config;
        const HealthCheck& health;
        const Feedback* feedback = nullptr;  // null: none is taken
    };
    // Lists the folder of patients to try. Error: it cannot be read. What the parts refer to outlives the view.
    [[nodiscard]] static Result<std::unique_ptr<ConsoleView>> open(Parts parts);

    [[nodiscard]] console::ServiceState state() const override;
    [[nodiscard]] std::vector<console::ClientState> clients() const override;
    [[nodiscard]] std::optional<console::Desk> desk(std::string_view client) const override;
    [[nodiscard]] const std::vector<console::Sample>& samples() const override { return samples_; }
    [[nodiscard]] Result<std::string> sample(std::string_view id) const override;
    [[nodiscard]] Result<std::string> request_of(std::string_view bundle, fhir::Instant now) const override;

private:
    explicit ConsoleView(Parts parts, std::vector<console::Sample> samples)
        : parts_(parts), samples_(std::move(samples)) {}

    const Parts parts_;
    const std::vector<console::Sample> samples_;
};

}  // namespace proctor::app
