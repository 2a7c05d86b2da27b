// Numbers as charts write them, without binary floating point: a FHIR decimal in millionths, exact for everything a
// clinical threshold can see. It knows no units.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace proctor::fhir {

// Millionths. 37.8 is 37'800'000. Range about +-9.2e12 units.
using Micro = std::int64_t;

// A JSON number token. Digits beyond the sixth decimal are rounded half to even; nothing if it is not a JSON number
// or is out of range (1E+245).
[[nodiscard]] std::optional<Micro> read_micro(std::string_view token);
// Shortest decimal text: 37800000 -> "37.8".
[[nodiscard]] std::string print_micro(Micro value);
// value * numerator / denominator, rounded half to even; nothing on overflow.
[[nodiscard]] std::optional<Micro> scale(Micro value, Micro numerator, Micro denominator);

// A value that may only be known within bounds: "<20" is everything below 20, a duration of "about May" is a range.
// Absent bounds are infinite. Exact values have both bounds equal and closed.
struct Range {
    std::optional<Micro> low;
    std::optional<Micro> high;
    bool low_open = false;
    bool high_open = false;
    friend bool operator==(const Range&, const Range&) = default;
};

}  // namespace proctor::fhir
