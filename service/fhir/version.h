// The FHIR versions that are read and written, and sets of them. It knows no resource.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace proctor::fhir {

// FHIR 1.0.2, 3.0.2, 4.0.1, 5.0.0.
enum class Version : std::uint8_t { dstu2, stu3, r4, r5 };
inline constexpr std::size_t k_version_count = 4;

[[nodiscard]] std::string_view print(Version version);                          // "DSTU2", "STU3", "R4", "R5"
[[nodiscard]] std::optional<Version> version_named(std::string_view spelling);  // as printed

// A set of versions, one bit each.
using Versions = unsigned;
inline constexpr Versions k_dstu2 = 1, k_stu3 = 2, k_r4 = 4, k_r5 = 8;
inline constexpr Versions k_every_version = k_dstu2 | k_stu3 | k_r4 | k_r5;

}  // namespace proctor::fhir
