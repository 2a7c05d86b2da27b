#include "hooks/discovery.h"

#include <array>
#include <nlohmann/json.hpp>

#include "hooks/hook_table.h"

namespace proctor::hooks {
namespace {

using json = nlohmann::ordered_json;
using fhir::Source;

struct Template {
    Source source;
    const char* query;
};

// CDS Hooks 3.0, Prefetch query restrictions: instance read and type search, token equality, _sort, _count;
// each parameter once, since some clients fold repeated ones into an OR. Newest first and many, because a
// page with a `next` link counts as incomplete.
constexpr std::array<Template, fhir::k_sources> k_templates = {{
    {Source::patient, "Patient/{{context.patientId}}"},
    {Source::condition, "Condition?patient={{context.patientId}}&_sort=-recorded-date&_count=500"},
    {Source::laboratory, "Observation?patient={{context.patientId}}&category=laboratory&_sort=-date&_count=500"},
    {Source::vital_signs, "Observation?patient={{context.patientId}}&category=vital-signs&_sort=-date&_count=200"},
    {Source::survey, "Observation?patient={{context.patientId}}&category=survey&_sort=-date&_count=200"},
    {Source::exam, "Observation?patient={{context.patientId}}&category=exam&_sort=-date&_count=200"},
    {Source::procedure, "Procedure?patient={{context.patientId}}&_sort=-date&_count=200"},
    {Source::service_request, "ServiceRequest?patient={{context.patientId}}&_sort=-authored&_count=200"},
    {Source::encounter, "Encounter?patient={{context.patientId}}&_sort=-date&_count=100"},
    {Source::medication_request, "MedicationRequest?patient={{context.patientId}}&_sort=-authoredon&_count=200"},
    {Source::medication_statement, "MedicationStatement?patient={{context.patientId}}&_sort=-effective&_count=200"},
    {Source::medication_administration,
     "MedicationAdministration?patient={{context.patientId}}&_sort=-effective-time&_count=200"},
}};

const char* query_of(Source source) {
    for (const Template& row : k_templates) {
        if (row.source == source) return row.query;
    }
    return "";
}

json write_prefetch(const fhir::PrefetchKeys& keys) {
    json prefetch = json::object();
    for (const auto& [key, source] : keys) prefetch[key] = query_of(source);
    return prefetch;
}

std::string describe_service(const rules::Content& content) {
    std::string text =
        "Flags alarm features of anorectal symptoms in the patient's record: bleeding, persistence, severe "
        "pain, anaemia, sepsis and "
        "others. Supports, never replaces, a clinician's judgement.";
    if (!content.manifest.approved) text += " Content not yet approved by a clinician.";
    return text;
}

json write_service(const HookContext& row, const rules::Content& content, const Settings& settings) {
    return {{"hook", row.hook},
            {"id", row.service},
            {"title", "Anorectal alarm features"},
            {"description", describe_service(content)},
            {"version", "3.0.0"},
            {"hookVersion", row.hookVersion},
            {"usageRequirements",
             "FHIR R4 as prefetch. Patient is required, and Condition or at least one Observation search; "
             "what else is missing is "
             "named on the cards as not checked."},
            {"prefetch", write_prefetch(prefetch_keys(settings))}};
}

}  // namespace

std::string write_discovery(const rules::Content& content, const Settings& settings) {
    json services = json::array();
    for (const HookContext& row : hook_table()) services.push_back(write_service(row, content, settings));
    const json document = {{"services", std::move(services)}};
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace proctor::hooks
