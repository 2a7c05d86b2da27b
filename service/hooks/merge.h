// Which fired rows become cards, in which order. It decides by indicator, the rules' rank, content order and the rows'
// `absorbs`; it knows no texts.
#pragma once

#include <vector>

#include "hooks/compose.h"

namespace proctor::hooks {

// One fired row with what it is looked up by again and again. Refers to the ComposeInput.
struct Part {
    const rules::Fired* fired = nullptr;
    const rules::LoadedRule* loaded = nullptr;
    rules::Indicator indicator{};
    [[nodiscard]] const rules::Rule& rule() const { return loaded->rule; }
    [[nodiscard]] const rules::Row& row() const { return loaded->rule.decide[fired->row]; }
};

// parts[0] gives the card its name and urgency; the others were absorbed by it. Never empty.
struct MergedCard {
    std::vector<Part> parts;
    std::string evidence = {};  // evidence_of() the parts
};

struct Merged {
    std::vector<MergedCard> cards;     // most urgent first, then the highest rank, then content order
    std::vector<MergedCard> gathered;  // beyond the limit: told on one further card; never one alone
    std::vector<MergedCard> quiet;     // held back (hooks/quiet.h); they take no place
};

// Draft and retired rules are left out. A critical row, or one more urgent than the row that would absorb it, keeps its
// own card.
[[nodiscard]] Merged merge(const ComposeInput& input);

}  // namespace proctor::hooks
