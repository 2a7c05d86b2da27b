#include "fhir/member_name.h"

#include <array>

namespace proctor::fhir {
namespace {

struct Named {
    std::string_view name;
    MemberName member;
};

constexpr Versions k_before_r5 = k_dstu2 | k_stu3 | k_r4;
constexpr Versions k_since_stu3 = k_stu3 | k_r4 | k_r5;

// HL7 FHIR 1.0.2, 3.0.2, 4.0.1 and 5.0.0, structure definitions. R5 spells MedicationAdministration.occurence[x] so.
constexpr Named k_members[] = {{"resourceType", {Member::resourceType}},
                               {"id", {Member::id}},
                               {"meta", {Member::meta}},
                               {"contained", {Member::contained}},
                               {"entry", {Member::entry}},
                               {"issue", {Member::issue}},
                               {"issues", {Member::issues, k_r5}},
                               {"link", {Member::link}},
                               {"total", {Member::total}},
                               {"resource", {Member::resource}},
                               {"response", {Member::response}},
                               {"subject", {Member::subject}},
                               {"patient", {Member::patient}},
                               {"context", {Member::context, k_stu3 | k_r4}},
                               {"category", {Member::category}},
                               {"focus", {Member::focus, k_r4 | k_r5}},
                               {"status", {Member::status}},
                               {"code", {Member::code}},
                               {"clinicalStatus", {Member::clinicalStatus}},
                               {"verificationStatus", {Member::verificationStatus}},
                               {"severity", {Member::severity}},
                               {"bodySite", {Member::bodySite}},
                               {"bodyStructure", {Member::bodyStructure, k_r5}},
                               {"onsetDateTime", {Member::onsetDateTime}},
                               {"onsetAge", {Member::onsetAge}},
                               {"onsetQuantity", {Member::onsetQuantity, k_dstu2}},
                               {"onsetPeriod", {Member::onsetPeriod}},
                               {"onsetRange", {Member::onsetRange}},
                               {"recordedDate", {Member::recordedDate, k_r4 | k_r5}},
                               {"assertedDate", {Member::assertedDate, k_stu3}},
                               {"dateRecorded", {Member::dateRecorded, k_dstu2}},
                               {"abatementDateTime", {Member::abatementDateTime}},
                               {"abatementPeriod", {Member::abatementPeriod}},
                               {"abatementBoolean", {Member::abatementBoolean, k_dstu2 | k_stu3}},
                               {"effectiveDateTime", {Member::effectiveDateTime}},
                               {"effectiveTimeDateTime", {Member::effectiveTimeDateTime, k_dstu2}},
                               {"occurenceDateTime", {Member::occurenceDateTime, k_r5}},
                               {"effectiveInstant", {Member::effectiveInstant, k_r4 | k_r5}},
                               {"effectivePeriod", {Member::effectivePeriod}},
                               {"effectiveTimePeriod", {Member::effectiveTimePeriod, k_dstu2}},
                               {"occurencePeriod", {Member::occurencePeriod, k_r5}},
                               {"effectiveTiming", {Member::effectiveTiming}},
                               {"occurenceTiming", {Member::occurenceTiming, k_r5}},
                               {"issued", {Member::issued}},
                               {"valueQuantity", {Member::valueQuantity}},
                               {"valueCodeableConcept", {Member::valueCodeableConcept}},
                               {"valueString", {Member::valueString}},
                               {"valueBoolean", {Member::valueBoolean}},
                               {"valueInteger", {Member::valueInteger, k_r4 | k_r5}},
                               {"interpretation", {Member::interpretation}},
                               {"dataAbsentReason", {Member::dataAbsentReason}},
                               {"component", {Member::component}},
                               {"hasMember", {Member::hasMember, k_r4 | k_r5}},
                               {"related", {Member::related, k_dstu2 | k_stu3}},
                               {"performedDateTime", {Member::performedDateTime, k_before_r5}},
                               {"performedPeriod", {Member::performedPeriod, k_before_r5}},
                               {"authoredOn", {Member::authoredOn, k_since_stu3}},
                               {"dateAsserted", {Member::dateAsserted}},
                               {"orderedOn", {Member::orderedOn, k_dstu2}},
                               {"dateWritten", {Member::dateWritten, k_dstu2}},
                               {"date", {Member::date, k_dstu2}},
                               {"dateSent", {Member::dateSent, k_dstu2}},
                               {"event", {Member::event, k_dstu2}},
                               {"occurrenceDateTime", {Member::occurrenceDateTime, k_since_stu3}},
                               {"occurrencePeriod", {Member::occurrencePeriod, k_since_stu3}},
                               {"occurrenceTiming", {Member::occurrenceTiming, k_since_stu3}},
                               {"scheduledDateTime", {Member::scheduledDateTime, k_dstu2}},
                               {"doNotPerform", {Member::doNotPerform, k_since_stu3}},
                               {"notPerformed", {Member::notPerformed, k_dstu2}},
                               {"notDone", {Member::notDone, k_stu3}},
                               {"wasNotGiven", {Member::wasNotGiven, k_dstu2}},
                               {"notGiven", {Member::notGiven, k_stu3}},
                               {"wasNotTaken", {Member::wasNotTaken, k_dstu2}},
                               {"taken", {Member::taken, k_stu3}},
                               {"adherence", {Member::adherence, k_r5}},
                               {"medicationCodeableConcept", {Member::medicationCodeableConcept, k_before_r5}},
                               {"medicationReference", {Member::medicationReference, k_before_r5}},
                               {"medication", {Member::medication, k_r5}},
                               {"item", {Member::item, k_dstu2}},
                               {"serviceRequested", {Member::serviceRequested, k_dstu2 | k_stu3}},
                               {"period", {Member::period, k_before_r5}},
                               {"actualPeriod", {Member::actualPeriod, k_r5}},
                               {"reasonCode", {Member::reasonCode, k_stu3 | k_r4}},
                               {"reason", {Member::reason}},
                               {"birthDate", {Member::birthDate}},
                               {"gender", {Member::gender}},
                               {"deceasedBoolean", {Member::deceasedBoolean}},
                               {"deceasedDateTime", {Member::deceasedDateTime}}};

constexpr std::size_t k_slots = 256;

constexpr std::size_t slot_of(std::string_view name) {
    const auto letter = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(name[i])); };
    return (name.size() * 37 + letter(0) * 5 + letter(name.size() - 1) * 11 + letter(name.size() / 2) * 3) % k_slots;
}

constexpr std::array<Named, k_slots> place_members() {
    std::array<Named, k_slots> slots{};
    for (const auto& named : k_members) {
        auto at = slot_of(named.name);
        while (!slots[at].name.empty()) at = (at + 1) % k_slots;
        slots[at] = named;
    }
    return slots;
}

constexpr auto k_table = place_members();

}  // namespace

MemberName member_named(std::string_view name) {
    if (name.empty()) return {};
    for (auto at = slot_of(name); !k_table[at].name.empty(); at = (at + 1) % k_slots) {
        if (k_table[at].name == name) return k_table[at].member;
    }
    if (name.starts_with("_abatement") && name != "_abatementBoolean") return {Member::abatement_extension};
    if (name.starts_with("_value")) return {Member::value_extension};
    if (name.starts_with("abatement")) return {Member::other_abatement};
    if (name.starts_with("value")) return {Member::other_value};
    return {};
}

}  // namespace proctor::fhir
