// The members of the FHIR resources that a record needs, by name, and the FHIR versions that have them. A resource's
// type may stand after its other members, so the names of all types share one list. Private to this room.
#pragma once

#include <cstdint>
#include <string_view>

#include "fhir/version.h"

namespace proctor::fhir {

// In the groups in which read_resource.cpp reads them.
enum class Member : std::uint8_t {
    none,
    resourceType,
    entry,
    link,
    resource,
    response,
    total,
    issues,
    issue,
    id,
    meta,
    contained,
    subject,
    patient,
    context,
    category,
    status,
    code,
    clinicalStatus,
    verificationStatus,
    severity,
    onsetDateTime,
    onsetAge,
    onsetQuantity,
    onsetPeriod,
    onsetRange,
    recordedDate,
    assertedDate,
    dateRecorded,
    abatementDateTime,
    abatementPeriod,
    abatementBoolean,
    abatement_extension,  // _abatementDateTime and the like
    other_abatement,
    valueQuantity,
    valueCodeableConcept,
    valueString,
    valueBoolean,
    valueInteger,
    value_extension,  // _valueString and the like
    other_value,
    interpretation,
    dataAbsentReason,
    bodySite,
    bodyStructure,
    effectiveDateTime,
    effectiveTimeDateTime,
    occurenceDateTime,
    effectiveInstant,
    effectivePeriod,
    effectiveTimePeriod,
    occurencePeriod,
    effectiveTiming,
    occurenceTiming,
    issued,
    focus,
    component,
    hasMember,
    related,
    performedDateTime,
    performedPeriod,
    authoredOn,
    dateAsserted,
    orderedOn,
    dateWritten,
    date,
    dateSent,
    event,
    occurrenceDateTime,
    occurrencePeriod,
    occurrenceTiming,
    scheduledDateTime,
    period,
    actualPeriod,
    doNotPerform,
    notPerformed,
    notDone,
    wasNotGiven,
    notGiven,
    wasNotTaken,
    taken,
    adherence,
    medicationCodeableConcept,
    medicationReference,
    medication,
    item,
    serviceRequested,
    reasonCode,
    reason,
    birthDate,
    gender,
    deceasedBoolean,
    deceasedDateTime
};

inline constexpr std::size_t k_member_count = static_cast<std::size_t>(Member::deceasedDateTime) + 1;

struct MemberName {
    Member member = Member::none;
    Versions versions = k_every_version;  // in which some resource of the record has it
};

[[nodiscard]] MemberName member_named(std::string_view name);

}  // namespace proctor::fhir
