#include "hooks/hook_table.h"

#include <algorithm>
#include <array>

#include "hooks/settings.h"

namespace proctor::hooks {
namespace {

constexpr std::string_view k_drug_safety = "anorectal-drug-safety";
constexpr std::string_view k_benign_label = "anorectal-benign-label";

constexpr std::array<Service, 3> k_services = {{
    {k_service_id, "Anorectal alarm features",
     "Flags alarm features of anorectal symptoms in the patient's record: bleeding, persistence, severe pain, anaemia, "
     "sepsis and others; at discharge also those that nothing has been arranged for.",
     true},
    {k_drug_safety, "Drug safety in anorectal disease",
     "Flags a drug being ordered that is a hazard with the patient's bowel symptoms: antithrombotics and NSAIDs with "
     "bleeding, antimotility drugs and antibiotics with infectious diarrhoea.",
     false},
    {k_benign_label, "Benign label with alarm features",
     "Flags a reassuring diagnosis being added, such as haemorrhoids or irritable bowel syndrome, while alarm features "
     "stand unexplained.",
     false},
}};

// hook, hookVersion, service, then what is required: userId, encounterId, selections, draftOrders, conditions.
constexpr std::array<HookContext, 6> k_hooks = {{
    {"patient-view", "1.0", k_service_id, true, false, false, false, false},
    {"encounter-start", "1.0", k_service_id, true, true, false, false, false},
    {"encounter-discharge", "1.0", k_service_id, true, true, false, false, false},
    {"order-select", "1.0", k_drug_safety, true, false, true, true, false},
    {"order-sign", "1.0", k_drug_safety, true, false, false, true, false},
    {"problem-list-item-create", "0.1.0", k_benign_label, true, false, false, false, true},
}};

}  // namespace

std::span<const HookContext> hook_table() { return k_hooks; }

std::vector<std::string> hook_names() {
    std::vector<std::string> names;
    names.reserve(k_hooks.size());
    for (const HookContext& row : k_hooks) names.emplace_back(row.hook);
    return names;
}

const HookContext* find_hook(std::string_view hook) {
    const auto found =
        std::find_if(k_hooks.begin(), k_hooks.end(), [&](const HookContext& row) { return row.hook == hook; });
    return found == k_hooks.end() ? nullptr : &*found;
}

const Service* find_service(std::string_view id) {
    const auto found =
        std::find_if(k_services.begin(), k_services.end(), [&](const Service& service) { return service.id == id; });
    return found == k_services.end() ? nullptr : &*found;
}

bool asks_for(const Service& service, fhir::Source source) {
    switch (source) {
        case fhir::Source::medication_request:
        case fhir::Source::medication_statement:
        case fhir::Source::medication_administration: return service.asks_medications;
        case fhir::Source::patient:
        case fhir::Source::condition:
        case fhir::Source::laboratory:
        case fhir::Source::vital_signs:
        case fhir::Source::survey:
        case fhir::Source::exam:
        case fhir::Source::procedure:
        case fhir::Source::service_request:
        case fhir::Source::encounter: return true;
    }
    return true;
}

}  // namespace proctor::hooks
