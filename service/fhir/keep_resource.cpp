// What a resource said, once all of it is read, becomes rows of the record.
#include <utility>

#include "base/limits.h"
#include "base/text.h"
#include "fhir/read_resource.h"

namespace proctor::fhir {
namespace {

template <typename Value, std::size_t N>
Value named(const std::pair<std::string_view, Value> (&names)[N], std::string_view name, Value otherwise) {
    for (const auto& [spelling, value] : names) {
        if (same_letters(spelling, name)) return value;
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
    {"entered-in-error", EventStatus::entered_in_error},
    {"suspended", EventStatus::on_hold},  // until STU3
    {"aborted", EventStatus::stopped},    // until STU3
    {"ended", EventStatus::completed}};   // R5 MedicationRequest

// DiagnosticOrder, ProcedureRequest and ReferralRequest of DSTU2: what R4 calls a draft or an active request.
constexpr std::pair<std::string_view, EventStatus> k_order_status[] = {
    {"proposed", EventStatus::draft},  {"planned", EventStatus::draft},      {"requested", EventStatus::active},
    {"received", EventStatus::active}, {"accepted", EventStatus::active},    {"in-progress", EventStatus::active},
    {"review", EventStatus::active},   {"rejected", EventStatus::cancelled}, {"failed", EventStatus::cancelled}};

constexpr std::pair<std::string_view, ClinicalStatus> k_clinical_status[] = {{"", ClinicalStatus::none},
                                                                             {"unknown", ClinicalStatus::none},  // R5
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

bool may_be(Draft draft, ResourceType type) {
    if (draft == Draft::none) return true;
    if (draft == Draft::condition) return type == ResourceType::condition;
    return type == ResourceType::service_request || type == ResourceType::medication ||
           type == ResourceType::medication_request || type == ResourceType::medication_statement ||
           type == ResourceType::medication_administration;
}

// What happened while the patient was there, so that its reasons were said about him.
struct EncounterStatus {
    std::string_view name;
    bool took_place;
    Versions versions;
};
constexpr EncounterStatus k_encounter_status[] = {{"finished", true, k_dstu2 | k_stu3 | k_r4},
                                                  {"in-progress", true, k_every_version},
                                                  {"completed", true, k_r5},
                                                  {"discharged", true, k_r5},
                                                  {"discontinued", true, k_r5},
                                                  {"arrived", true, k_dstu2 | k_stu3 | k_r4},
                                                  {"triaged", true, k_stu3 | k_r4},
                                                  {"onleave", false, k_dstu2 | k_stu3 | k_r4},
                                                  {"on-hold", false, k_r5}};

const EncounterStatus* encounter_status(std::string_view name) {
    for (const auto& status : k_encounter_status) {
        if (same_letters(status.name, name)) return &status;
    }
    return nullptr;
}

EventStatus event_status(std::string_view name) { return named(k_event_status, name, EventStatus::other); }

EventStatus order_status(const ResourceParts& parts, std::string_view name) {
    const bool r4 = parts.name == "ServiceRequest";
    return r4 ? event_status(name) : named(k_order_status, name, event_status(name));
}

bool is_open(EventStatus order) {
    return order == EventStatus::active || order == EventStatus::draft || order == EventStatus::on_hold;
}

// What was not done stays not done, whatever its status says.
EventStatus done_status(const ResourceParts& parts) {
    const auto status = event_status(parts.status);
    return parts.not_done && status != EventStatus::entered_in_error ? EventStatus::not_done : status;
}

// R5 says of a statement only that it was "recorded"; whether the medication is taken is said by `adherence`, else by
// the end of the period.
EventStatus medication_status(const ResourceParts& parts) {
    const auto status = done_status(parts);
    const bool recorded = same_letters("recorded", parts.status);
    if (status == EventStatus::entered_in_error || status == EventStatus::not_done) return status;
    if (parts.adherence != EventStatus::other && (recorded || parts.adherence != EventStatus::active))
        return parts.adherence;
    if (!recorded) return status;
    return parts.effective_period.end.empty() ? EventStatus::active : EventStatus::completed;
}

// The versions in which a resource of this type could have these members.
Versions versions_by_type(const ResourceParts& parts) {
    constexpr Versions k_not_dstu2 = k_stu3 | k_r4 | k_r5;
    Versions versions = k_every_version;
    const auto has = [&](Member member) { return parts.seen[static_cast<std::size_t>(member)]; };
    switch (*parts.type) {
        case ResourceType::patient:
        case ResourceType::medication: return versions;
        case ResourceType::condition:
        case ResourceType::encounter:
        case ResourceType::medication_request:
        case ResourceType::medication_statement:
        case ResourceType::medication_administration:
            if (!parts.subject.empty()) versions &= k_not_dstu2;
            break;
        case ResourceType::procedure:
            if (has(Member::occurrenceDateTime) || has(Member::occurrencePeriod)) versions &= k_r5;
            break;
        case ResourceType::observation:
        case ResourceType::service_request: break;
    }
    if (!parts.patient.empty()) versions &= k_dstu2;
    const bool keeps_context =
        parts.type == ResourceType::medication_statement || parts.type == ResourceType::medication_administration;
    if (has(Member::context) && !keeps_context) versions &= k_stu3;
    if (parts.type == ResourceType::encounter) {
        const auto* status = encounter_status(parts.status);
        if (status != nullptr) versions &= status->versions;
        if (has(Member::reasonCode)) versions &= k_r4;
    }
    return versions;
}

// A frame is a Bundle, an OperationOutcome, a wrapped prefetch or nothing: anything but one resource.
std::optional<Supply> supply_of_frame(const ResourceParts& parts, const Place& place) {
    if (parts.type_name == "OperationOutcome") return Supply::failed;
    if (parts.type_name == "Bundle") {
        // Of a page that we asked for, the total is that of all pages.
        const bool short_of_total = !place.fetched && parts.matches < parts.total;
        const bool lacks = !parts.next.empty() || parts.grave || short_of_total;
        return parts.bundle == Supply::complete && lacks ? Supply::partial : parts.bundle;
    }
    if (!parts.type_name.empty()) return std::nullopt;
    if (parts.empty) return Supply::complete;
    if (!place.wrapped || (!parts.has_inner && !parts.has_response)) return std::nullopt;
    return parts.refused ? Supply::failed : parts.inner;
}

}  // namespace

ClinicalStatus clinical_status(std::string_view code) { return named(k_clinical_status, code, ClinicalStatus::other); }

VerificationStatus verification_status(std::string_view code) {
    return named(k_verification_status, code, VerificationStatus::other);
}

Supply ResourceReader::keep(ResourceParts& parts, const Place& place) {
    if (const auto supply = supply_of_frame(parts, place)) return *supply;
    const bool draft = place.draft != Draft::none;
    if (parts.ignored) return draft ? Supply::complete : Supply::failed;
    const auto subject = kept(parts.subject.empty() ? parts.patient : parts.subject);
    const bool odd = parts.odd_reason && parts.type == ResourceType::encounter;
    if (context_.unreadable || odd || !parts.type) {
        unreadable_.push_back({subject, place.source, draft ? std::nullopt : parts.type, draft});
        return Supply::complete;
    }
    if (!may_be(place.draft, *parts.type)) return Supply::complete;
    if (record_.resources.size() - first_ >= limits::k_resources) {
        walk_.fail("more resources than the limit", "");
        return Supply::failed;
    }
    count_versions(parts);
    record_.resources.push_back({*parts.type, parts.id, draft, draft, parts.name});
    subjects_.push_back(subject);
    places_.push_back(place);
    const auto resource = static_cast<ResourceIndex>(record_.resources.size() - 1);
    keep_rows(parts, place, resource);
    if (!parts.focus.empty()) focuses_.push_back({resource, std::move(parts.focus)});
    return !place.source || may_answer(*parts.type, *place.source) ? Supply::complete : Supply::failed;
}

// A resource that all versions could have written, or none, says nothing.
void ResourceReader::count_versions(const ResourceParts& parts) {
    const Versions versions = context_.versions & versions_by_type(parts);
    if (versions == k_every_version) return;
    for (std::size_t i = 0; i < k_version_count; ++i) versions_[i] += versions >> i & 1U;
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
    patient.birth = first_readable({parts.birth}, context_.setup.zone);
    patient.zone = context_.setup.zone;
    patient.gender = named(k_gender, parts.gender, Gender::unknown);
    patient.deceased_time = first_readable({parts.deceased_time}, context_.setup.zone);
    patient.deceased = parts.deceased || patient.deceased_time;
    patients_.push_back({patient, resource, {}, place.source});
}

void ResourceReader::keep_condition(const ResourceParts& parts, ResourceIndex resource) {
    Condition condition;
    condition.resource = resource;
    condition.code = parts.observation.code;
    condition.clinical = parts.clinical;
    condition.verification = parts.verification;
    condition.severity = parts.severity;
    condition.onset = first_readable({parts.onset}, context_.setup.zone);
    condition.recorded = first_readable({parts.recorded}, context_.setup.zone);
    condition.abated = parts.abated;
    condition.abatement = first_readable({parts.abatement}, context_.setup.zone);
    if (parts.ages.low && parts.ages.high) ages_.push_back({record_.conditions.size(), parts.ages});
    record_.conditions.push_back(condition);
}

void ResourceReader::keep_observation(ResourceParts& parts, ResourceIndex resource) {
    auto& observation = parts.observation;
    observation.resource = resource;
    observation.status = named(k_observation_status, parts.status, ObservationStatus::other);
    const auto& period = parts.effective_period;
    observation.time = first_readable(
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
}

void ResourceReader::keep_procedure(const ResourceParts& parts, ResourceIndex resource) {
    const auto performed = first_readable(
        {parts.performed, parts.performed_period.end, parts.occurrence, parts.occurrence_period.end, parts.event},
        context_.setup.zone);
    record_.procedures.push_back({resource, done_status(parts), parts.observation.code, performed});
}

void ResourceReader::keep_service_request(const ResourceParts& parts, ResourceIndex resource) {
    const auto ordered = first_readable({parts.authored, parts.occurrence}, context_.setup.zone);
    const auto status = order_status(parts, parts.status);
    if (parts.items.empty())
        record_.service_requests.push_back({resource, status, parts.do_not_perform, parts.observation.code, ordered});
    for (const auto& item : parts.items) {
        const bool own = is_open(status) && !item.status.empty();
        record_.service_requests.push_back(
            {resource, own ? order_status(parts, item.status) : status, parts.do_not_perform, item.code, ordered});
    }
}

void ResourceReader::keep_encounter(const ResourceParts& parts, ResourceIndex resource) {
    record_.encounters.push_back({resource, first_readable({parts.period.start}, context_.setup.zone)});
    const auto* status = encounter_status(parts.status);
    if (status == nullptr || !status->took_place) return;
    for (const auto& reason : parts.reasons) {
        Condition condition;
        condition.resource = resource;
        condition.code = reason;
        condition.recorded = first_readable({parts.period.start}, context_.setup.zone);
        record_.conditions.push_back(condition);
    }
}

void ResourceReader::keep_medication_use(const ResourceParts& parts, ResourceIndex resource) {
    MedicationUse use;
    use.resource = resource;
    use.status = medication_status(parts);
    use.do_not_perform = parts.do_not_perform;
    use.medication = parts.medication;
    const auto& period = parts.effective_period;
    use.time = first_readable({period.end, parts.effective, period.start, parts.occurrence_period.end, parts.occurrence,
                               parts.event, parts.authored, parts.asserted},
                              context_.setup.zone);
    const auto reference = parts.medication_reference;
    for (const auto& contained : contained_) {
        if (reference.starts_with('#') && !contained.id.empty() && reference.substr(1) == contained.id)
            use.medication = contained.code;
    }
    const bool refers = !reference.empty() || !parts.medication_display.empty();
    if (refers) pending_medications_.push_back({record_.medications.size(), reference, parts.medication_display});
    record_.medications.push_back(use);
}

}  // namespace proctor::fhir
