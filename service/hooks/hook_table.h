// The hooks this service can serve, what each owes in its context (HL7/cds-hooks-library, hook definitions), and the
// services they are served by. A further hook is a further row.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/record.h"

namespace proctor::hooks {

// One id may serve several hooks: its newer answer replaces the cards of the older one (CDS Hooks 3.0, Discovery).
struct Service {
    std::string_view id;
    std::string_view title;
    std::string_view description;
    bool asks_medications = false;  // where what is being written counts alone, prescriptions are not asked for
};

// Every hook owes context.patientId; what else is required:
struct HookContext {
    std::string_view hook = {};
    std::string_view hookVersion = {};
    std::string_view service = {};  // its id
    bool needs_user = false;
    bool needs_encounter = false;
    bool needs_selections = false;
    bool needs_draftOrders = false;
    bool needs_conditions = false;
};

[[nodiscard]] std::span<const HookContext> hook_table();
[[nodiscard]] std::vector<std::string> hook_names();
// Null for a hook that is not served.
[[nodiscard]] const HookContext* find_hook(std::string_view hook);

// Null for an id that is not served.
[[nodiscard]] const Service* find_service(std::string_view id);

// Discovery asks for this search.
[[nodiscard]] bool asks_for(const Service& service, fhir::Source source);

}  // namespace proctor::hooks
