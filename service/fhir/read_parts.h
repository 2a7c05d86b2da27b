// The FHIR data types a record keeps, from JSON: CodeableConcept, Quantity, Reference, dates and periods. A part of a
// wrong JSON type counts as absent when nothing hangs on it; where it would change what the resource says, the resource is marked
// unreadable. Private to this room.
#pragma once

#include "fhir/json_walk.h"
#include "fhir/read_r4.h"

namespace proctor::fhir {

struct PartContext {
    Record& record;
    const ReadSetup& setup;
    bool unreadable = false;       // of the resource being read
    std::string_view last_system;  // kept text; neighbours mostly share it
};

// A date that may be absent, present, or present and impossible: an impossible date is no date, yet nothing stands in for it.
struct Moment {
    bool present = false;
    std::optional<TimeSpan> time;
};
struct Period {
    Moment start;
    Moment end;
};

CodeableConcept read_concept(JsonValue& value, PartContext& context);
// The codings of an array of CodeableConcept (or of a single one), one after the other.
Span read_concept_codings(JsonValue& value, PartContext& context);
Quantity read_quantity(JsonValue& value, PartContext& context);
// Reference.reference, as long as the request bytes; empty when there is none.
std::string_view read_reference(JsonValue& value, PartContext& context);
Moment read_moment(JsonValue& value, const PartContext& context);
Period read_period(JsonValue& value, PartContext& context);
// The last event of a Timing.
Moment read_last_event(JsonValue& value, PartContext& context);

// The first that is present.
[[nodiscard]] std::optional<TimeSpan> first_present(std::initializer_list<Moment> moments);

}  // namespace proctor::fhir
