// A rule as a FHIR R4 PlanDefinition (4.0.1), for those who exchange or review clinical knowledge in FHIR. Its logic is
// given in words and as the data it needs: FHIRPath cannot say what a rule says about unknown data and partial dates,
// so a PlanDefinition describes a rule and does not replace it.
#pragma once

#include <string>

#include "rules/content.h"

namespace proctor::publish {

// JSON. `base`: the address below which canonical URLs are made, without a trailing slash.
[[nodiscard]] std::string write_plan_definition(const rules::Content& content, const rules::LoadedRule& rule,
                                                const std::string& base);

}  // namespace proctor::publish
