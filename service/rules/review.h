// When rules were last looked at by a clinician, and which are due again: for `proctor check`.
#pragma once

#include <string>
#include <vector>

#include "rules/content.h"

namespace proctor::rules {

// A warning for each active or draft rule whose next review is past, and one that lists those never reviewed.
[[nodiscard]] std::vector<std::string> review_warnings(const Content& content, fhir::Instant today);

}  // namespace proctor::rules
