#include "rules/units.h"

#include "rules/polarity.h"

namespace proctor::rules {

using fhir::Comparator;
using fhir::Range;
using fhir::ValueKind;

namespace {

constexpr std::string_view k_ucum = "http://unitsofmeasure.org";

// The code when it is UCUM (or of no stated system), else the unit as a person reads it.
std::string_view unit_of(const fhir::Quantity& quantity) {
    const bool ucum = quantity.system.empty() || quantity.system == k_ucum;
    return ucum && !quantity.code.empty() ? quantity.code : quantity.unit;
}

// What stands in braces means nothing (UCUM, curly braces).
std::string without_annotations(std::string_view unit) {
    std::string kept;
    bool within = false;
    for (const char c : unit) {
        if (c == '{') within = true;
        if (!within) kept += c;
        if (c == '}') within = false;
    }
    return within ? std::string(unit) : kept;
}

const Conversion* conversion_of(const QuantityKind& quantity, std::string_view unit) {
    auto found = quantity.units.find(std::string(unit));
    if (found == quantity.units.end() && unit.find('{') != std::string_view::npos)
        found = quantity.units.find(without_annotations(unit));
    return found == quantity.units.end() ? nullptr : &found->second;
}

std::optional<Micro> converted(const Conversion& conversion, Micro value) {
    Micro shifted = 0;
    if (__builtin_sub_overflow(value, conversion.offset, &shifted)) return std::nullopt;
    return fhir::scale(shifted, conversion.numerator, conversion.denominator);
}

bool believable(const QuantityKind& quantity, Micro value) {
    return (!quantity.plausibleLow || value >= *quantity.plausibleLow) &&
           (!quantity.plausibleHigh || value <= *quantity.plausibleHigh);
}

}  // namespace

Range as_range(Micro value, Comparator comparator) {
    switch (comparator) {
        case Comparator::none: return {value, value, false, false};
        case Comparator::lt: return {std::nullopt, value, false, true};
        case Comparator::le: return {std::nullopt, value, false, false};
        case Comparator::gt: return {value, std::nullopt, true, false};
        case Comparator::ge: return {value, std::nullopt, false, false};
    }
    return {};
}

Micro written(const Range& value) { return value.low ? *value.low : value.high.value_or(0); }

bool has_unread_number(const fhir::Observation& observation) {
    if (observation.kind == ValueKind::other) return !observation.data_absent;
    return AnswerReader::text(observation).find_first_of("0123456789") != std::string_view::npos;
}

Reading read_value(const QuantityKind& quantity, const fhir::Observation& observation) {
    const bool integer = observation.kind == ValueKind::integer;
    if (!integer && observation.kind != ValueKind::quantity) return {};
    const fhir::Quantity& measured = observation.quantity;
    const std::string_view unit = integer ? std::string_view(quantity.integerUnit) : unit_of(measured);
    if (measured.value.empty()) {
        const bool bare = measured.unit.empty() && measured.code.empty();
        return {bare ? Reading::Kind::unit : Reading::Kind::none, {}};
    }
    const Conversion* conversion = unit.empty() ? nullptr : conversion_of(quantity, unit);
    if (conversion == nullptr) return {Reading::Kind::unit, {}};
    const auto number = fhir::read_micro(measured.value);
    const auto value = number ? converted(*conversion, *number) : std::nullopt;
    if (!value || !believable(quantity, *value)) return {Reading::Kind::implausible, {}};
    return {Reading::Kind::value, as_range(*value, integer ? Comparator::none : measured.comparator)};
}

}  // namespace proctor::rules
