// What becomes of a rule's card, and why, in words: for `proctor explain`, beside rules/explain.h. Contains patient
// data: for the command line, never for logs.
#pragma once

#include <string>

#include "hooks/compose.h"

namespace proctor::hooks {

// One line: "card: held back, answered 2026-06-14T12:00:00Z (overridden, already-ordered) on the same evidence; shown
// again from 2026-07-14T12:00:00Z, or at once with new evidence". Empty when the rule does not fire.
[[nodiscard]] std::string explain_card(const ComposeInput& input, const rules::LoadedRule& loaded);

}  // namespace proctor::hooks
