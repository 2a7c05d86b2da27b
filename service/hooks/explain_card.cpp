#include "hooks/explain_card.h"

#include <algorithm>

#include "hooks/quiet.h"

namespace proctor::hooks {
namespace {

// "answered 2026-06-14T12:00:00Z (overridden, already-ordered)"
std::string print(const PastAnswer& answer) {
    std::string text = "answered " + fhir::print_instant(answer.at) + (answer.accepted ? " (accepted" : " (overridden");
    if (!answer.reason.empty()) text += ", " + answer.reason;
    return text + ')';
}

std::string verdict(const ComposeInput& input, const MergedCard& card) {
    const Judged judged = judge(input, card);
    switch (judged.verdict) {
        case Verdict::off: return "shown; answers hold no card back here (quiet_days)";
        case Verdict::critical: return "shown; critical cards are never held back";
        case Verdict::unknown: return "shown; it rests on no entry that could be compared with an answered one";
        case Verdict::unanswered: return "shown; nobody answered it";
        case Verdict::changed: return "shown; " + print(*judged.answer) + ", but on other evidence";
        case Verdict::past:
            return "shown; " + print(*judged.answer) + ", which held until " +
                   fhir::print_instant(judged.until(*input.history));
        case Verdict::ask_again: return "shown; " + print(*judged.answer) + ", a reason that does not last";
        case Verdict::held:
            return "held back, " + print(*judged.answer) + " on the same evidence; shown again from " +
                   fhir::print_instant(judged.until(*input.history)) + ", or at once with new evidence";
    }
    return {};
}

// The card on which the rule stands; null: on none of these.
const MergedCard* card_with(const std::vector<MergedCard>& cards, const rules::Rule& rule) {
    const auto is = [&](const Part& part) { return &part.rule() == &rule; };
    const auto found = std::find_if(cards.begin(), cards.end(),
                                    [&](const MergedCard& card) { return std::ranges::any_of(card.parts, is); });
    return found == cards.end() ? nullptr : &*found;
}

}  // namespace

std::string explain_card(const ComposeInput& input, const rules::LoadedRule& loaded) {
    const Merged merged = merge(input);
    for (const auto* cards : {&merged.cards, &merged.gathered, &merged.quiet}) {
        const MergedCard* card = card_with(*cards, loaded.rule);
        if (card == nullptr) continue;
        const rules::Rule& lead = card->parts.front().rule();
        std::string line = "card: ";
        if (&lead != &loaded.rule) line += "a line on that of " + lead.code + ", which is ";
        return line + verdict(input, *card) + (cards == &merged.gathered ? "; beyond the limit, gathered\n" : "\n");
    }
    return {};
}

}  // namespace proctor::hooks
