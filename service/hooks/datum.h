// One entry of the chart in words, for a card: what it is called, its value and unit exactly as written, its date, its
// reference. All chart text is escaped and shortened.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hooks/compose.h"

namespace proctor::hooks {

// "\"Haemoglobin\" 6.8 g/dL, 12 Jun 2026 09:00 (Observation/hb-1)". `value_sets`: which components of an Observation
// count; where none does, all are said.
[[nodiscard]] std::string print_datum(const ComposeInput& input, fhir::ResourceIndex resource,
                                      const std::vector<std::string>& value_sets);

// What stands in place of that where the site does not show the entry (rules/veil.h); empty: it may be said.
[[nodiscard]] std::string_view veiled(const ComposeInput& input, fhir::ResourceIndex resource,
                                      const std::vector<std::string>& value_sets);
// Something of the resource is not shown, so a suggestion does not refer to it.
[[nodiscard]] bool partly_veiled(const ComposeInput& input, fhir::ResourceIndex resource);

// "Observation/hb-1" for reading; "Observation (no id)".
[[nodiscard]] std::string print_reference(const fhir::Resource& resource);

}  // namespace proctor::hooks
