// What fired a card, as a digest: equal as long as nothing new is known of the patient. Rule, row and urgency of every
// part, and of every resource of its evidence the type, the id and what rules judge: codes, value with unit and
// comparator, status, dates. Order, source and moment of asking are no part of it, nor is what grows by itself (ages,
// durations); an entry that no longer counts is a change as much as a further one. It knows no answers.
#pragma once

#include <string>
#include <vector>

#include "hooks/merge.h"

namespace proctor::hooks {

// 64 hex digits. Empty: the history has no salt, or the first part rests on no entry of the chart, so that nothing new
// could ever be told from it.
[[nodiscard]] std::string evidence_of(const ComposeInput& input, const std::vector<Part>& parts);

}  // namespace proctor::hooks
