// `proctor check --summary`: what there is and how much of it the cases touch.
#pragma once

#include <string>

#include "rules/check.h"

namespace proctor::app {

// A line a rule, columns aligned, then the sum.
[[nodiscard]] std::string write_check_table(const rules::Content& content, const rules::CheckReport& report);

}  // namespace proctor::app
