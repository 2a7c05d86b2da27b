// The members of the FHIR resources that a record needs, by name. A resource's type may stand after its other members,
// so the names of all types share one list. Private to this room.
#pragma once

#include <cstdint>
#include <string_view>

namespace proctor::fhir {

// In the groups in which read_resource.cpp reads them.
enum class Member : std::uint8_t {
    none,
    resourceType,
    entry,
    link,
    resource,
    response,
    id,
    meta,
    contained,
    subject,
    patient,
    status,
    code,
    clinicalStatus,
    verificationStatus,
    severity,
    onsetDateTime,
    onsetAge,
    onsetPeriod,
    onsetRange,
    recordedDate,
    abatementDateTime,
    abatementPeriod,
    other_abatement,
    valueQuantity,
    valueCodeableConcept,
    valueString,
    valueBoolean,
    valueInteger,
    other_value,
    interpretation,
    dataAbsentReason,
    bodySite,
    effectiveDateTime,
    effectiveInstant,
    effectivePeriod,
    effectiveTiming,
    issued,
    focus,
    component,
    hasMember,
    performedDateTime,
    performedPeriod,
    authoredOn,
    occurrenceDateTime,
    doNotPerform,
    medicationCodeableConcept,
    medicationReference,
    period,
    reasonCode,
    birthDate,
    gender,
    deceasedBoolean,
    deceasedDateTime
};

[[nodiscard]] Member member_named(std::string_view name);

}  // namespace proctor::fhir
