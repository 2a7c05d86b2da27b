#include "hooks/prefetch_query.h"

#include <array>

namespace proctor::hooks {
namespace {

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

}  // namespace

std::vector<PrefetchQuery> searches_of(const Service& service, const Settings& settings, fhir::Version version) {
    std::vector<PrefetchQuery> searches;
    std::array<std::size_t, fhir::k_sources> asked{};
    for (const auto& [key, source] : settings.keys.empty() ? default_keys(version) : settings.keys) {
        const auto nth = asked[static_cast<std::size_t>(source)]++;
        if (asks_for(service, source)) searches.push_back({key, source, query_of(source, nth, version)});
    }
    return searches;
}

}  // namespace proctor::hooks
