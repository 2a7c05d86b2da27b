// What could not be decided, in words: which check, what it lacked, why that was missing. Nothing that was left open is
// silent.
#pragma once

#include <string>
#include <vector>

#include "hooks/merge.h"

namespace proctor::hooks {

struct OpenCheck {
    std::string title;   // "Severe anaemia (ADC-02)"
    std::string reason;  // ": haemoglobin [laboratory results not supplied]. Look at the blood count."
};

// For the parts of one card.
[[nodiscard]] std::vector<OpenCheck> could_not_check(const ComposeInput& input, const std::vector<Part>& parts);

// For the active rules that are on no card.
[[nodiscard]] std::vector<OpenCheck> could_not_check_elsewhere(const ComposeInput& input,
                                                               const std::vector<Part>& shown);

// One line a check, the first `in_full` with their reasons; the others share a line that names them.
[[nodiscard]] std::vector<std::string> print_checks(const std::vector<OpenCheck>& checks, std::size_t in_full);

}  // namespace proctor::hooks
