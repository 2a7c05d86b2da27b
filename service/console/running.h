// What the console is told of the service that runs beside it: what answers, for whom, and in what state. The service
// fills it in; the console changes nothing through it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "hooks/answer.h"
#include "hooks/settings.h"

namespace proctor::console {

struct ClientState {
    std::string id;
    bool pilot = false;
    long quiet_days = 0;
    std::string_view keys;  // "fresh", "stale" or "none"
};

struct ServiceState {
    std::vector<std::string> reasons;  // why it is degraded, such as "feedbackStore"; empty: it is not
    std::string_view feedback_store;   // "ok", "spooling", "away" or "none"
    std::string_view replay_store;     // "ok", "away" or "none"
};

// What answers one client. Settings live as long as the service.
struct Desk {
    std::shared_ptr<const hooks::Engine> engine;
    const hooks::Settings* settings = nullptr;
};

// An invented patient to try the rules on.
struct Sample {
    std::string id, title;
};

// Safe to use from every thread.
class Running {
public:
    virtual ~Running() = default;
    [[nodiscard]] virtual ServiceState state() const = 0;
    [[nodiscard]] virtual std::vector<ClientState> clients() const = 0;  // at least one
    // As this client is answered now; empty: the first. Nothing: there is no such client.
    [[nodiscard]] virtual std::optional<Desk> desk(std::string_view client) const = 0;
    [[nodiscard]] virtual const std::vector<Sample>& samples() const = 0;
    // The Bundle of one of these.
    [[nodiscard]] virtual Result<std::string> sample(std::string_view id) const = 0;
    // The patient-view request that an EHR would send for a Bundle.
    [[nodiscard]] virtual Result<std::string> request_of(std::string_view bundle, fhir::Instant now) const = 0;
};

}  // namespace proctor::console
