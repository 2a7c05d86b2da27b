#include "fhir/read_resource.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace proctor::fhir {
namespace {

struct TypeName {
    std::string_view name;
    ResourceType type;
    Versions versions;
};

constexpr TypeName k_types[] = {
    {"Observation", ResourceType::observation, k_every_version},
    {"Condition", ResourceType::condition, k_every_version},
    {"Encounter", ResourceType::encounter, k_every_version},
    {"Procedure", ResourceType::procedure, k_every_version},
    {"MedicationRequest", ResourceType::medication_request, k_stu3 | k_r4 | k_r5},
    {"MedicationStatement", ResourceType::medication_statement, k_every_version},
    {"MedicationAdministration", ResourceType::medication_administration, k_every_version},
    {"Medication", ResourceType::medication, k_every_version},
    {"ServiceRequest", ResourceType::service_request, k_r4 | k_r5},
    {"Patient", ResourceType::patient, k_every_version},
    {"MedicationOrder", ResourceType::medication_request, k_dstu2},
    {"DiagnosticOrder", ResourceType::service_request, k_dstu2},
    {"ProcedureRequest", ResourceType::service_request, k_dstu2 | k_stu3},
    {"ReferralRequest", ResourceType::service_request, k_dstu2 | k_stu3},
};

bool is_single_in_dstu2(std::optional<ResourceType> with_category) {
    return with_category == ResourceType::observation || with_category == ResourceType::condition;
}

bool is_frame(std::string_view type) { return type == "Bundle" || type == "OperationOutcome"; }

// Years of age. Other units of age would need another calendar; none is read.
std::optional<Micro> read_age(JsonValue& value, PartContext& context) {
    const auto quantity = read_quantity(value, context);
    if (quantity.code != "a" || quantity.comparator != Comparator::none) return std::nullopt;
    return read_micro(quantity.value);
}

// Several names are read as this member.
bool is_of_several(Member member) {
    return member == Member::other_abatement || member == Member::abatement_extension ||
           member == Member::value_extension;
}

// An abatement that is not known has been; one that nobody could say or asked for has perhaps not.
bool has_abated(std::string_view absent_reason) {
    constexpr std::string_view k_open[] = {"", "not-applicable", "not-asked", "unsupported"};
    return std::ranges::find(k_open, absent_reason) == std::end(k_open);
}

// A whole number; 0 for anything else.
std::uint64_t read_count(JsonValue& value) {
    const auto text = value.number();
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    return error == std::errc() && end == text.data() + text.size() ? count : 0;
}

bool takes_back(ClinicalStatus /*status*/) { return false; }

}  // namespace

std::optional<ResourceType> type_named(std::string_view name) {
    const auto* known = std::ranges::find(k_types, name, &TypeName::name);
    return known == std::end(k_types) ? std::nullopt : std::optional(known->type);
}

ResourceReader::ResourceReader(Record& record, JsonWalk& walk, const ReadSetup& setup)
    : record_(record),
      walk_(walk),
      context_{record, setup, false, k_every_version, {}},
      first_(record.resources.size()) {}

Supply ResourceReader::read(JsonValue& value, const Place& place) {
    if (!value.is_object()) {
        unreadable_.push_back({{}, place.source, std::nullopt, place.draft != Draft::none});
        return Supply::failed;
    }
    const bool outer = std::exchange(context_.unreadable, false);
    const auto outer_versions = std::exchange(context_.versions, k_every_version);
    components_.clear();
    contained_.clear();
    ResourceParts parts;
    value.members([&](std::string_view name, JsonValue& member) {
        parts.empty = false;
        if (!parts.ignored) read_member(parts, name, member, place);
    });
    const auto supply = walk_.failed() ? Supply::failed : keep(parts, place);
    context_.unreadable = outer;
    context_.versions = outer_versions;
    was_bundle_ = is(parts.type_name, "Bundle");
    was_grave_ = parts.grave;
    next_ = was_bundle_ ? parts.next : std::string_view{};
    return supply;
}

// A member that stands twice has no one meaning.
void ResourceReader::read_member(ResourceParts& parts, std::string_view name, JsonValue& value, const Place& place) {
    const auto [member, versions] = member_named(name);
    if (member == Member::none) return;
    const auto bit = static_cast<std::size_t>(member);
    if (parts.seen[bit] && !is_of_several(member)) context_.unreadable = true;
    parts.seen[bit] = true;
    if (value.is_null()) return;
    context_.versions &= versions;
    if (member <= Member::issue) return read_frame(parts, member, value, place);
    if (member <= Member::code) return read_common(parts, member, value);
    if (member <= Member::other_abatement) return read_condition(parts, member, value);
    if (member <= Member::dataAbsentReason) return read_value(parts.observation, member, value);
    if (member <= Member::related) return read_observation(parts, member, value);
    if (member <= Member::actualPeriod) return read_event(parts, member, value);
    if (member <= Member::adherence) return read_not_done(parts, member, value);
    if (member <= Member::medication) return read_medication(parts, member, value);
    if (member <= Member::reason) return read_order(parts, member, value);
    read_patient(parts, member, value);
}

// What makes a Bundle or a wrapped prefetch. Other resources use the same names for other things.
void ResourceReader::read_frame(ResourceParts& parts, Member member, JsonValue& value, const Place& place) {
    const bool may_be_bundle = parts.type_name.empty() || is(parts.type_name, "Bundle");
    switch (member) {
        case Member::resourceType: read_type(parts, value); return;
        case Member::entry:
            if (!may_be_bundle) return;
            if (!value.elements([&](JsonValue& entry) { read_entry(parts, entry, place); }))
                parts.bundle = Supply::failed;
            return;
        case Member::link:
            if (may_be_bundle) parts.next = read_next(value);
            return;
        case Member::total: parts.total = read_count(value); return;
        case Member::issues:  // of an R5 Bundle: an OperationOutcome
            if (!may_be_bundle) return;
            value.members([&](std::string_view name, JsonValue& inner) {
                if (is(name, "issue")) read_issues(parts, inner);
            });
            return;
        case Member::issue: return read_issues(parts, value);
        case Member::resource:
            if (place.wrapped && parts.type_name.empty()) {
                parts.inner = read(value, {place.source, place.draft, false, place.fetched});
                parts.has_inner = true;
            }
            return;
        case Member::response:
            if (place.wrapped && parts.type_name.empty()) read_response(parts, value);
            return;
        default: return;
    }
}

void ResourceReader::read_type(ResourceParts& parts, JsonValue& value) {
    parts.type_name = value.text();
    for (const auto& known : k_types) {
        if (known.name != parts.type_name) continue;
        parts.type = known.type;
        parts.name = known.name;
        context_.versions &= known.versions;
        break;
    }
    parts.ignored = !parts.type && !parts.type_name.empty() && !is_frame(parts.type_name);
    if (parts.type_name.empty()) context_.unreadable = true;
}

// FHIR R4 IssueSeverity and IssueType: an error, or a warning of what is missing or withheld.
void ResourceReader::read_issues(ResourceParts& parts, JsonValue& value) {
    value.elements([&](JsonValue& issue) {
        issue.members([&](std::string_view name, JsonValue& member) {
            if (!is(name, "severity") && !is(name, "code")) return;
            constexpr std::string_view k_grave[] = {"error",     "fatal",      "incomplete", "suppressed", "timeout",
                                                    "throttled", "too-costly", "transient",  "lock-error", "no-store",
                                                    "exception", "security",   "login",      "expired",    "forbidden"};
            parts.grave = parts.grave || std::ranges::find(k_grave, member.text()) != std::end(k_grave);
        });
    });
}

void ResourceReader::read_response(ResourceParts& parts, JsonValue& value) {
    parts.has_response = true;
    value.members([&](std::string_view name, JsonValue& member) {
        if (is(name, "status")) parts.refused = !member.text().starts_with('2');
    });
}

void ResourceReader::read_entry(ResourceParts& parts, JsonValue& value, const Place& place) {
    std::string_view full_url;
    bool included = false;
    const auto resources = places_.size();
    const auto patients = patients_.size();
    const auto medications = record_.known_medications.size();
    const bool object = value.members([&](std::string_view name, JsonValue& member) {
        if (is(name, "fullUrl"))
            full_url = member.text();
        else if (is(name, "search"))
            member.members([&](std::string_view inner_name, JsonValue& inner) {
                if (is(inner_name, "mode")) included = is(inner.text(), "include");
            });
        else if (is(name, "resource") && !member.is_null())
            parts.grave |=
                read(member, {place.source, place.draft, false, place.fetched}) == Supply::failed && was_grave_;
    });
    if (!object && !value.is_null())
        unreadable_.push_back({{}, place.source, std::nullopt, place.draft != Draft::none});
    if (!included) ++parts.matches;
    if (places_.size() == resources + 1) places_.back().full_url = full_url;
    if (patients_.size() == patients + 1) patients_.back().full_url = full_url;
    if (record_.known_medications.size() == medications + 1) record_.known_medications.back().full_url = full_url;
}

void ResourceReader::read_common(ResourceParts& parts, Member member, JsonValue& value) {
    switch (member) {
        case Member::id: parts.id = value.text(); return;
        case Member::subject: parts.subject = read_reference(value, context_); return;
        case Member::patient: parts.patient = read_reference(value, context_); return;
        case Member::category:
            if (is_single_in_dstu2(parts.type) && value.is_object()) context_.versions &= k_dstu2;
            return;
        case Member::status:
            if (!value.is_string()) context_.unreadable = true;
            parts.status = value.text();
            return;
        case Member::code: parts.observation.code = read_concept(value, context_); return;
        case Member::contained: value.elements([&](JsonValue& element) { read_contained(element); }); return;
        case Member::meta:
            value.members([&](std::string_view name, JsonValue& inner) {
                if (is(name, "lastUpdated")) parts.updated = inner.text();
            });
            return;
        default: return;
    }
}

void ResourceReader::read_contained(JsonValue& value) {
    ContainedMedication medication;
    bool is_medication = false;
    const auto codings = record_.codings.size();
    value.members([&](std::string_view name, JsonValue& member) {
        if (is(name, "resourceType"))
            is_medication = member.text() == "Medication";
        else if (is(name, "id"))
            medication.id = member.text();
        else if (is(name, "code") && member.is_object())
            medication.code = read_concept(member, context_);
    });
    if (is_medication)
        contained_.push_back(medication);
    else
        record_.codings.resize(codings);
}

void ResourceReader::read_condition(ResourceParts& parts, Member member, JsonValue& value) {
    switch (member) {
        case Member::clinicalStatus: parts.clinical = read_status(value, clinical_status); return;
        case Member::verificationStatus: parts.verification = read_status(value, verification_status); return;
        case Member::severity: parts.severity = read_concept(value, context_); return;
        case Member::onsetDateTime: parts.onset = value.text(); return;
        case Member::onsetPeriod: parts.onset = read_period(value, context_).start; return;
        case Member::onsetAge:
        case Member::onsetQuantity: parts.ages.low = parts.ages.high = read_age(value, context_); return;
        case Member::onsetRange:
            value.members([&](std::string_view name, JsonValue& inner) {
                if (is(name, "low")) parts.ages.low = read_age(inner, context_);
                if (is(name, "high")) parts.ages.high = read_age(inner, context_);
            });
            return;
        case Member::recordedDate:
        case Member::assertedDate:
        case Member::dateRecorded: parts.recorded = value.text(); return;
        case Member::abatementDateTime: parts.abatement = value.text(); break;
        case Member::abatementPeriod: parts.abatement = read_period(value, context_).end; break;
        case Member::abatementBoolean:
            if (read_modifier(value, context_)) break;
            return;
        case Member::abatement_extension:
            if (has_abated(read_absent_reason(value))) break;
            return;
        case Member::other_abatement: break;
        default: return;
    }
    parts.abated = true;
}

// A code before R4. Beside FHIR's word there may be codes of other systems: the first word of FHIR decides, and before
// any other one that takes the Condition back. A status in words only is no status.
template <typename Status>
Status ResourceReader::read_status(JsonValue& value, Status (*named)(std::string_view)) {
    context_.versions &= value.is_string() ? k_dstu2 | k_stu3 : k_r4 | k_r5;
    if (value.is_string()) return named(value.text());
    Status status = Status::none;
    const auto first = record_.codings.size();
    const auto written = read_concept(value, context_);
    for (const auto& coding : record_.in(written)) {
        if (coding.code.empty()) continue;
        const Status said = named(coding.code);
        if (status == Status::none || status == Status::other || takes_back(said)) status = said;
    }
    record_.codings.resize(first);
    return status;
}

void ResourceReader::read_patient(ResourceParts& parts, Member member, JsonValue& value) {
    switch (member) {
        case Member::birthDate: parts.birth = value.text(); return;
        case Member::gender: parts.gender = value.text(); return;
        case Member::deceasedBoolean: parts.deceased = value.boolean(); return;
        case Member::deceasedDateTime: parts.deceased_time = value.text(); return;
        default: return;
    }
}

std::string_view ResourceReader::kept(std::string_view text) {
    if (text != last_subject_) last_subject_ = text;
    return last_subject_;
}

}  // namespace proctor::fhir
