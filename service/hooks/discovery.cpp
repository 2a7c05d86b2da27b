#include "hooks/discovery.h"

#include <array>
#include <nlohmann/json.hpp>

#include "hooks/ehr_profile.h"
#include "hooks/hook_table.h"

namespace proctor::hooks {
namespace {

using json = nlohmann::ordered_json;
using fhir::Source;

// A search for one source. Where several types answer one source, the keys of the source ask for them in this order.
struct Template {
    Source source;
    fhir::Versions versions;
    const char* type;
    const char* filter;  // behind the patient
    const char* newest_first;
    int count;
};

// CDS Hooks 3.0, Prefetch query restrictions: instance read and type search, token equality, _sort, _count;
// each parameter once, since some clients fold repeated ones into an OR. Newest first and many, because a
// page with a `next` link counts as incomplete. Search parameters: HL7 FHIR 1.0.2, 3.0.2, 4.0.1 and 5.0.0.
constexpr fhir::Versions k_dstu2 = fhir::k_dstu2, k_stu3 = fhir::k_stu3, k_r4 = fhir::k_r4, k_r5 = fhir::k_r5,
                         k_all = fhir::k_every_version;
constexpr Template k_templates[] = {
    {Source::condition, k_dstu2, "Condition", "", "date-recorded", 500},
    {Source::condition, k_stu3, "Condition", "", "asserted-date", 500},
    {Source::condition, k_r4 | k_r5, "Condition", "", "recorded-date", 500},
    {Source::laboratory, k_all, "Observation", "&category=laboratory", "date", 500},
    {Source::vital_signs, k_all, "Observation", "&category=vital-signs", "date", 200},
    {Source::survey, k_all, "Observation", "&category=survey", "date", 200},
    {Source::exam, k_all, "Observation", "&category=exam", "date", 200},
    {Source::procedure, k_all, "Procedure", "", "date", 200},
    {Source::service_request, k_dstu2, "DiagnosticOrder", "", "event-date", 200},
    {Source::service_request, k_dstu2, "ProcedureRequest", "", "", 200},
    {Source::service_request, k_dstu2, "ReferralRequest", "", "date", 200},
    {Source::service_request, k_stu3, "ProcedureRequest", "", "authored", 200},
    {Source::service_request, k_stu3, "ReferralRequest", "", "authored-on", 200},
    {Source::service_request, k_r4 | k_r5, "ServiceRequest", "", "authored", 200},
    {Source::encounter, k_all, "Encounter", "", "date", 100},
    {Source::medication_request, k_dstu2, "MedicationOrder", "", "datewritten", 200},
    {Source::medication_request, k_stu3 | k_r4 | k_r5, "MedicationRequest", "", "authoredon", 200},
    {Source::medication_statement, k_dstu2, "MedicationStatement", "", "effectivedate", 200},
    {Source::medication_statement, k_stu3 | k_r4 | k_r5, "MedicationStatement", "", "effective", 200},
    {Source::medication_administration, k_dstu2, "MedicationAdministration", "", "effectivetime", 200},
    {Source::medication_administration, k_stu3 | k_r4, "MedicationAdministration", "", "effective-time", 200},
    {Source::medication_administration, k_r5, "MedicationAdministration", "", "date", 200},
};

std::string query_of(const Template& row, fhir::Version version) {
    std::string query = std::string(row.type) + "?patient={{context.patientId}}" + row.filter;
    const char* sort = version == fhir::Version::dstu2 ? "&_sort:desc=" : "&_sort=-";
    if (*row.newest_first != '\0') query += sort + std::string(row.newest_first);
    return query + "&_count=" + std::to_string(row.count);
}

// The n-th search of a source, from 0; beyond the last one the last.
std::string query_of(Source source, std::size_t nth, fhir::Version version) {
    if (source == Source::patient) return "Patient/{{context.patientId}}";
    const Template* found = nullptr;
    for (const Template& row : k_templates) {
        const bool fits = (row.versions >> static_cast<unsigned>(version) & 1U) != 0 && row.source == source;
        if (!fits) continue;
        found = &row;
        if (nth-- == 0) break;
    }
    return found == nullptr ? "" : query_of(*found, version);
}

json write_prefetch(const Service& service, const Settings& settings) {
    const auto version = settings.fhirVersion.value_or(fhir::Version::r4);
    std::array<std::size_t, fhir::k_sources> asked{};
    json prefetch = json::object();
    for (const auto& [key, source] : prefetch_keys(settings)) {
        const auto nth = asked[static_cast<std::size_t>(source)]++;
        if (asks_for(service, source)) prefetch[key] = query_of(source, nth, version);
    }
    return prefetch;
}

std::string describe_versions(const Settings& settings) {
    return settings.fhirVersion ? std::string(fhir::print(*settings.fhirVersion)) : "DSTU2, STU3, R4 or R5";
}

std::string describe_usage(const Settings& settings) {
    std::string text = "FHIR " + describe_versions(settings) +
                       " as prefetch. Patient is required, and Condition or at least one Observation search; "
                       "what else is missing is named on the cards as not checked.";
    const auto registration = profile_of(settings.ehr).registration;
    return registration.empty() ? text : text + ' ' + std::string(registration);
}

std::string describe_service(const Service& service, const rules::Content& content) {
    std::string text(service.description);
    text += " Supports, never replaces, a clinician's judgement.";
    if (!content.manifest.approved) text += " Content not yet approved by a clinician.";
    return text;
}

json write_service(const HookContext& row, const rules::Content& content, const Settings& settings) {
    const Service& service = *find_service(row.service);
    return {{"hook", row.hook},
            {"id", service.id},
            {"title", service.title},
            {"description", describe_service(service, content)},
            {"version", "3.0.0"},
            {"hookVersion", row.hookVersion},
            {"usageRequirements", describe_usage(settings)},
            {"prefetch", write_prefetch(service, settings)}};
}

}  // namespace

std::string write_discovery(const rules::Content& content, const Settings& settings) {
    json services = json::array();
    for (const HookContext& row : hook_table()) {
        if (fires(profile_of(settings.ehr), row.hook)) services.push_back(write_service(row, content, settings));
    }
    const json document = {{"services", std::move(services)}};
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace proctor::hooks
