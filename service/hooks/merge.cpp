#include "hooks/merge.h"

#include <algorithm>

#include "base/limits.h"
#include "hooks/evidence.h"
#include "hooks/quiet.h"

namespace proctor::hooks {
namespace {

using rules::Indicator;

std::vector<Part> shown_parts(const ComposeInput& input) {
    std::vector<Part> parts;
    for (const rules::Fired& fired : input.outcome.fired) {
        const rules::LoadedRule& loaded = input.content.rules[fired.rule];
        if (loaded.rule.status != rules::RuleStatus::active) continue;
        parts.push_back({&fired, &loaded, indicator_of(loaded.rule, fired.row, input.settings)});
    }
    std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
        if (a.indicator != b.indicator) return a.indicator > b.indicator;
        return a.rule().rank != b.rule().rank ? a.rule().rank > b.rule().rank : a.fired->rule < b.fired->rule;
    });
    return parts;
}

bool may_absorb(const Part& into, const Part& from) {
    return from.indicator != Indicator::critical && from.indicator <= into.indicator;
}

bool absorbs(const Part& into, const Part& from) {
    const auto& codes = into.row().absorbs;
    return may_absorb(into, from) && std::find(codes.begin(), codes.end(), from.rule().code) != codes.end();
}

// The most urgent part that no other part will absorb; in a circle of absorption, the first.
std::vector<Part>::iterator next_card(std::vector<Part>& free) {
    const auto stands = [&](const Part& part) {
        return std::none_of(free.begin(), free.end(),
                            [&](const Part& other) { return &other != &part && absorbs(other, part); });
    };
    const auto found = std::find_if(free.begin(), free.end(), stands);
    return found == free.end() ? free.begin() : found;
}

// Takes into `card` every free part that one of its parts absorbs; what an absorbed part absorbs comes along.
void absorb(MergedCard& card, std::vector<Part>& free) {
    for (std::size_t i = 0; i < card.parts.size(); ++i) {
        for (const std::string& code : card.parts[i].row().absorbs) {
            const auto found =
                std::find_if(free.begin(), free.end(), [&](const Part& part) { return part.rule().code == code; });
            if (found == free.end() || !may_absorb(card.parts.front(), *found)) continue;
            card.parts.push_back(*found);
            free.erase(found);
        }
    }
}

}  // namespace

rules::Indicator indicator_of(const rules::Rule& rule, std::uint32_t row, const Settings& settings) {
    return rules::indicator_of(rule.decide[row], settings.profile);
}

Merged merge(const ComposeInput& input) {
    std::vector<Part> free = shown_parts(input);
    Merged merged;
    std::size_t limited = 0;
    while (!free.empty()) {
        const auto next = next_card(free);
        MergedCard card{{*next}};
        free.erase(next);
        absorb(card, free);
        card.evidence = evidence_of(input, card.parts);
        if (judge(input, card).verdict == Verdict::held) {
            merged.quiet.push_back(std::move(card));
            continue;
        }
        const bool critical = card.parts.front().indicator == Indicator::critical;
        const bool fits = critical || limited++ < limits::k_cards;
        (fits ? merged.cards : merged.gathered).push_back(std::move(card));
    }
    if (merged.gathered.size() == 1) {  // takes no more room when it is shown itself
        merged.cards.push_back(std::move(merged.gathered.front()));
        merged.gathered.clear();
    }
    return merged;
}

}  // namespace proctor::hooks
