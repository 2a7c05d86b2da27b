// Three-valued logic (Kleene). unknown is never no: a test is unknown when the data that could decide it were not
// supplied, or are too imprecise to decide.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace proctor::rules {

enum class Truth : std::uint8_t { no, unknown, yes };  // ordered: `all` is the minimum, `any` the maximum

[[nodiscard]] constexpr Truth negate(Truth t) { return static_cast<Truth>(2 - static_cast<int>(t)); }
[[nodiscard]] constexpr Truth both(Truth a, Truth b) { return std::min(a, b); }
[[nodiscard]] constexpr Truth either(Truth a, Truth b) { return std::max(a, b); }
[[nodiscard]] constexpr Truth truth(bool value) { return value ? Truth::yes : Truth::no; }
[[nodiscard]] constexpr std::string_view print(Truth t) {
    return t == Truth::yes ? "yes" : t == Truth::no ? "no" : "unknown";
}

}  // namespace proctor::rules
