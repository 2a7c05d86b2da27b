// The members of the FHIR resources that a record needs, by name. A resource's type may stand after its other members, so
// the names of all types share one list. Private to this room.
#pragma once

#include <cstdint>
#include <string_view>

namespace proctor::fhir {

enum class Member : std::uint8_t {
    none, resourceType, id, meta, contained, entry, link, resource, response, subject, patient, focus, status, code,
    clinicalStatus, verificationStatus, severity, bodySite, onsetDateTime, onsetAge, onsetPeriod, onsetRange, recordedDate,
    abatementDateTime, abatementPeriod, other_abatement, effectiveDateTime, effectiveInstant, effectivePeriod,
    effectiveTiming, issued, valueQuantity, valueCodeableConcept, valueString, valueBoolean, valueInteger, other_value,
    interpretation, dataAbsentReason, component, hasMember, performedDateTime, performedPeriod, authoredOn,
    occurrenceDateTime, doNotPerform, medicationCodeableConcept, medicationReference, period, reasonCode, birthDate,
    gender, deceasedBoolean, deceasedDateTime
};

[[nodiscard]] Member member_named(std::string_view name);

}  // namespace proctor::fhir
