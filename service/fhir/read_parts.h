// The FHIR data types a record keeps, from JSON: CodeableConcept, Quantity, Reference, dates and periods. A part of a
// wrong JSON type counts as absent when nothing hangs on it; where it would change what the resource says, the resource
// is marked unreadable. Private to this room.
#pragma once

#include "fhir/json_walk.h"
#include "fhir/read.h"

namespace proctor::fhir {

// Equality with a literal, in line: the reader compares a name or more for every member of a chart.
template <std::size_t N>
[[nodiscard]] inline bool is(std::string_view name, const char (&literal)[N]) {
    return name.size() == N - 1 && __builtin_memcmp(name.data(), literal, N - 1) == 0;
}

struct PartContext {
    Record& record;
    const ReadSetup& setup;
    bool unreadable = false;              // of the resource being read
    Versions versions = k_every_version;  // in which the resource being read could be written
    std::string_view last_system;         // kept text; neighbours mostly share it
};

// The text of a date, empty when absent; as long as the request bytes. It is read only where it is needed.
using Moment = std::string_view;
struct Period {
    Moment start;
    Moment end;
};

// A CodeableConcept, or what an R5 CodeableReference holds as `concept`.
CodeableConcept read_concept(JsonValue& value, PartContext& context);
// One member of a CodeableConcept.
void read_concept_member(std::string_view name, JsonValue& member, CodeableConcept& into, PartContext& context);
// The codings of an array of CodeableConcept (or of a single one), one after the other.
Span read_concept_codings(JsonValue& value, PartContext& context);
// `numeric`, when asked for: its value, if it has one, is a number.
Quantity read_quantity(JsonValue& value, PartContext& context, bool* numeric = nullptr);
// Reference.reference, as long as the request bytes; empty when there is none.
std::string_view read_reference(JsonValue& value, PartContext& context, std::string_view* display = nullptr);
Period read_period(JsonValue& value, PartContext& context);
// A modifier that says that something was not done. Anything but a boolean spoils the resource.
bool read_modifier(JsonValue& value, PartContext& context);
// Why a primitive has no value: the code of the extension data-absent-reason of an Element; empty without one.
std::string_view read_absent_reason(JsonValue& element);
// The last event of a Timing.
Moment read_last_event(JsonValue& value, PartContext& context);

// The address of the page behind this one, from Bundle.link; a blank where the link has none, empty without a link.
std::string_view read_next(JsonValue& links);

// What the first says that can be read: an impossible date is no date.
[[nodiscard]] std::optional<TimeSpan> first_readable(std::initializer_list<Moment> moments, const Zone& zone);

}  // namespace proctor::fhir
