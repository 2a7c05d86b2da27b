// Data-quality lines: chart entries that could not be used, and why. A skipped value must be visible, never silently
// negative.
#pragma once

#include <string>
#include <vector>

#include "hooks/merge.h"

namespace proctor::hooks {

// For the parts that fired because of data quality; empty for others.
[[nodiscard]] std::vector<std::string> quality_lines(const ComposeInput& input, const std::vector<Part>& parts);

}  // namespace proctor::hooks
