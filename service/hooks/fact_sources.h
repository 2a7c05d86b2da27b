// Which searches and which value sets a fact looks at: to name what was missing, and to find the part of an Observation
// that counted.
#pragma once

#include <string>
#include <vector>

#include "rules/content.h"

namespace proctor::hooks {

// Ascending, no duplicates.
[[nodiscard]] std::vector<fhir::Source> sources_of(const rules::Content& content, const rules::Fact& fact);
// Ids of the value sets whose codes make the fact.
[[nodiscard]] std::vector<std::string> value_sets_of(const rules::Content& content, const rules::Fact& fact);

// "laboratory results": what a search brings, in a clinician's words.
[[nodiscard]] std::string_view print_source(fhir::Source source);

}  // namespace proctor::hooks
