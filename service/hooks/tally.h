// How many rules could not be decided, and how many drafts would have had a card: for the log. Drafts run silently.
#pragma once

#include "rules/evaluate.h"

namespace proctor::hooks {

struct Tally {
    std::size_t not_checked = 0;  // active rules with a row that could not be decided
    std::size_t drafts = 0;       // draft rules that fired
};

[[nodiscard]] Tally tally(const rules::Content& content, const rules::Outcome& outcome);

}  // namespace proctor::hooks
