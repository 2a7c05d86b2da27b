// One hook call of an admitted client: read, completed from its FHIR server where prefetch left something out,
// answered. It knows no addresses of ours and no tokens of callers.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/config.h"
#include "base/clock.h"
#include "base/log.h"
#include "console/lost_codes.h"
#include "hooks/answer.h"
#include "hooks/hook_table.h"
#include "outbound/fetcher.h"

namespace proctor::app {

struct HookCall {
    const hooks::Engine& engine;
    const hooks::Settings& settings;
    const hooks::Service& service;
    const std::vector<FhirServer>& fhir_servers;  // that the client's requests may name
    outbound::Outbound* outbound = nullptr;       // null: nothing is fetched
    WallTime now{};
    SteadyTime deadline{};                     // of what is fetched
    std::string traceparent = {};              // that it is fetched with; may be empty
    console::LostCodes* lost_codes = nullptr;  // null: they are not counted
    std::string_view client = {};              // whose request it is
    // What was said before about the patient's cards; none: nothing is known of that.
    std::function<hooks::History(const fhir::HookEnvelope&)> history = {};
};

// `fields`: what the log says of it.
[[nodiscard]] std::variant<hooks::Answered, hooks::Refusal> answer_hook(const HookCall& call, std::string body,
                                                                        LogFields& fields);

}  // namespace proctor::app
