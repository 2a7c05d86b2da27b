// A measurement as a number in the canonical unit of its quantity, exactly. A missing or unknown unit and an
// unbelievable value are reported, never guessed. It knows no time windows.
#pragma once

#include <string_view>

#include "fhir/decimal.h"
#include "fhir/record.h"
#include "rules/model.h"

namespace proctor::rules {

struct Reading {
    enum class Kind : std::uint8_t { none, value, unit, implausible };
    Kind kind = Kind::none;  // none: nothing measured; unit: missing or not convertible
    fhir::Range value;       // for kind value; a comparator leaves one end open
};

// A result that read_value finds nothing measured in, and that may hold a number: "131" as text, ">400 (repeat)", a
// range, a ratio.
[[nodiscard]] bool has_unread_number(const fhir::Observation& observation);

[[nodiscard]] Reading read_value(const QuantityKind& quantity, const fhir::Observation& observation);

// Everything that `value` with this comparator may be: "<20" is below 20.
[[nodiscard]] fhir::Range as_range(fhir::Micro value, fhir::Comparator comparator);

// The number that a chart wrote, whatever its comparator.
[[nodiscard]] fhir::Micro written(const fhir::Range& value);

}  // namespace proctor::rules
