// What could not be decided, in words: which check, what it lacked, why that was missing. Nothing that was left open is silent.
#pragma once

#include <string>
#include <vector>

#include "hooks/merge.h"

namespace proctor::hooks {

// Lines for the parts of one card.
[[nodiscard]] std::vector<std::string> could_not_check(const ComposeInput& input, const std::vector<Part>& parts);

// Lines for the active rules that are on no card.
[[nodiscard]] std::vector<std::string> could_not_check_elsewhere(const ComposeInput& input, const std::vector<Part>& shown);

}  // namespace proctor::hooks
