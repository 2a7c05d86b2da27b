// What a resource said, once all of it is read, becomes rows of the record.
#include <utility>

#include "base/limits.h"
#include "fhir/read_resource.h"

namespace proctor::fhir {
namespace {

template <typename Value, std::size_t N>
Value named(const std::pair<std::string_view, Value> (&names)[N], std::string_view name, Value otherwise) {
    for (const auto& [spelling, value] : names) {
        if (spelling == name) return value;
    }
    return otherwise;
}

constexpr std::pair<std::string_view, ObservationStatus> k_observation_status[] = {
    {"final", ObservationStatus::final_},
    {"preliminary", ObservationStatus::preliminary},
    {"amended", ObservationStatus::amended},
    {"corrected", ObservationStatus::corrected}};

constexpr std::pair<std::string_view, EventStatus> k_event_status[] = {
    {"draft", EventStatus::draft},
    {"active", EventStatus::active},
    {"on-hold", EventStatus::on_hold},
    {"preparation", EventStatus::preparation},
    {"in-progress", EventStatus::in_progress},
    {"completed", EventStatus::completed},
    {"stopped", EventStatus::stopped},
    {"not-done", EventStatus::not_done},
    {"not-taken", EventStatus::not_taken},
    {"intended", EventStatus::intended},
    {"cancelled", EventStatus::cancelled},
    {"entered-in-error", EventStatus::entered_in_error}};

constexpr std::pair<std::string_view, ClinicalStatus> k_clinical_status[] = {{"", ClinicalStatus::none},
                                                                             {"active", ClinicalStatus::active},
                                                                             {"recurrence", ClinicalStatus::recurrence},
                                                                             {"relapse", ClinicalStatus::relapse},
                                                                             {"inactive", ClinicalStatus::inactive},
                                                                             {"remission", ClinicalStatus::remission},
                                                                             {"resolved", ClinicalStatus::resolved}};

constexpr std::pair<std::string_view, VerificationStatus> k_verification_status[] = {
    {"", VerificationStatus::none},
    {"unconfirmed", VerificationStatus::unconfirmed},
    {"provisional", VerificationStatus::provisional},
    {"differential", VerificationStatus::differential},
    {"confirmed", VerificationStatus::confirmed},
    {"refuted", VerificationStatus::refuted},
    {"entered-in-error", VerificationStatus::entered_in_error}};

constexpr std::pair<std::string_view, Gender> k_gender[] = {
    {"male", Gender::male}, {"female", Gender::female}, {"other", Gender::other}};

bool is_order(ResourceType type) {
    return type == ResourceType::service_request || type == ResourceType::medication ||
           type == ResourceType::medication_request || type == ResourceType::medication_statement ||
           type == ResourceType::medication_administration;
}

// Happened while the patient was there, so its reasons were said about him (clinical brief, section 2.1).
bool took_place(std::string_view encounter_status) {
    return encounter_status == "arrived" || encounter_status == "triaged" || encounter_status == "in-progress" ||
           encounter_status == "finished";
}

// A frame is a Bundle, an OperationOutcome, a wrapped prefetch or nothing: anything but one resource.
std::optional<Supply> supply_of_frame(const ResourceParts& parts, bool wrapped) {
    if (parts.type_name == "OperationOutcome") return Supply::failed;
    if (parts.type_name == "Bundle") {
        return parts.bundle == Supply::complete && parts.more ? Supply::partial : parts.bundle;
    }
    if (!parts.type_name.empty()) return std::nullopt;
    if (parts.empty) return Supply::complete;
    if (!wrapped || (!parts.has_inner && !parts.has_response)) return std::nullopt;
    return parts.refused ? Supply::failed : parts.inner;
}

}  // namespace

Supply ResourceReader::keep(ResourceParts& parts, const Place& place) {
    if (const auto supply = supply_of_frame(parts, place.wrapped)) return *supply;
    if (parts.ignored) return Supply::complete;
    const auto subject = kept(parts.subject.empty() ? parts.patient : parts.subject);
    if (context_.unreadable || !parts.type) {
        unreadable_.push_back({subject, place.source, place.draft ? std::nullopt : parts.type});
        return Supply::complete;
    }
    if (place.draft && !is_order(*parts.type)) return Supply::complete;
    if (record_.resources.size() - first_ >= limits::k_resources) {
        walk_.fail("more resources than the limit", "");
        return Supply::failed;
    }
    record_.resources.push_back({*parts.type, parts.id, place.draft});
    subjects_.push_back(subject);
    keep_rows(parts, place, static_cast<ResourceIndex>(record_.resources.size() - 1));
    return Supply::complete;
}

void ResourceReader::keep_rows(ResourceParts& parts, const Place& place, ResourceIndex resource) {
    switch (*parts.type) {
        case ResourceType::patient: return keep_patient(parts, place, resource);
        case ResourceType::condition: return keep_condition(parts, resource);
        case ResourceType::observation: return keep_observation(parts, resource);
        case ResourceType::procedure: return keep_procedure(parts, resource);
        case ResourceType::service_request: return keep_service_request(parts, resource);
        case ResourceType::encounter: return keep_encounter(parts, resource);
        case ResourceType::medication:
            record_.known_medications.push_back({resource, parts.observation.code, {}});
            return;
        case ResourceType::medication_request:
        case ResourceType::medication_statement:
        case ResourceType::medication_administration: return keep_medication_use(parts, resource);
    }
}

void ResourceReader::keep_patient(const ResourceParts& parts, const Place& place, ResourceIndex resource) {
    Patient patient;
    patient.id = parts.id;
    patient.birth = first_present({parts.birth}, context_.setup.zone);
    patient.gender = named(k_gender, parts.gender, Gender::unknown);
    patient.deceased = parts.deceased;
    patient.deceased_time = first_present({parts.deceased_time}, context_.setup.zone);
    patients_.push_back({patient, resource, {}, place.source});
}

void ResourceReader::keep_condition(const ResourceParts& parts, ResourceIndex resource) {
    Condition condition;
    condition.resource = resource;
    condition.code = parts.observation.code;
    condition.clinical = named(k_clinical_status, parts.clinical, ClinicalStatus::other);
    condition.verification = named(k_verification_status, parts.verification, VerificationStatus::other);
    condition.severity = parts.severity;
    condition.onset = first_present({parts.onset}, context_.setup.zone);
    condition.recorded = first_present({parts.recorded}, context_.setup.zone);
    condition.abated = parts.abated;
    condition.abatement = first_present({parts.abatement}, context_.setup.zone);
    if (parts.ages.low && parts.ages.high) ages_.push_back({record_.conditions.size(), parts.ages});
    record_.conditions.push_back(condition);
}

void ResourceReader::keep_observation(ResourceParts& parts, ResourceIndex resource) {
    auto& observation = parts.observation;
    observation.resource = resource;
    observation.status = named(k_observation_status, parts.status, ObservationStatus::other);
    const auto& period = parts.effective_period;
    observation.time = first_present(
        {parts.effective, parts.effective_instant, period.end, period.start, parts.event, parts.issued, parts.updated},
        context_.setup.zone);
    record_.observations.push_back(observation);
    for (auto& component : components_) {
        component.resource = resource;
        component.component = true;
        component.status = observation.status;
        component.body_site = observation.body_site;
        component.time = observation.time;
        record_.observations.push_back(component);
    }
    if (!parts.focus.empty()) focuses_.push_back({resource, std::move(parts.focus)});
}

void ResourceReader::keep_procedure(const ResourceParts& parts, ResourceIndex resource) {
    record_.procedures.push_back({resource, named(k_event_status, parts.status, EventStatus::other),
                                  parts.observation.code,
                                  first_present({parts.performed, parts.performed_period.end}, context_.setup.zone)});
}

void ResourceReader::keep_service_request(const ResourceParts& parts, ResourceIndex resource) {
    record_.service_requests.push_back({resource, named(k_event_status, parts.status, EventStatus::other),
                                        parts.do_not_perform, parts.observation.code,
                                        first_present({parts.authored, parts.occurrence}, context_.setup.zone)});
}

void ResourceReader::keep_encounter(const ResourceParts& parts, ResourceIndex resource) {
    if (!took_place(parts.status)) return;
    for (const auto& reason : parts.reasons) {
        Condition condition;
        condition.resource = resource;
        condition.code = reason;
        condition.recorded = first_present({parts.period.start}, context_.setup.zone);
        record_.conditions.push_back(condition);
    }
}

void ResourceReader::keep_medication_use(const ResourceParts& parts, ResourceIndex resource) {
    MedicationUse use;
    use.resource = resource;
    use.status = named(k_event_status, parts.status, EventStatus::other);
    use.do_not_perform = parts.do_not_perform;
    use.medication = parts.medication;
    const auto& period = parts.effective_period;
    use.time = first_present({period.end, parts.effective, period.start, parts.authored}, context_.setup.zone);
    const auto reference = parts.medication_reference;
    for (const auto& contained : contained_) {
        if (reference.starts_with('#') && !contained.id.empty() && reference.substr(1) == contained.id)
            use.medication = contained.code;
    }
    const bool elsewhere = !reference.empty() && !reference.starts_with('#');
    if (elsewhere) pending_medications_.push_back({record_.medications.size(), reference});
    record_.medications.push_back(use);
}

}  // namespace proctor::fhir
