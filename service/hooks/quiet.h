// Less noise: an alarm that was answered is not shown again on the same evidence, for as long as the site says
// (History::quiet). Never so: a critical card; one with anything new in its evidence; one whose evidence is not known;
// one that was answered with a reason that does not last (rules::NextTime); the cards that are no rule's. In doubt a
// card is shown. What reasons do is content: cards/override-reasons.json.
#pragma once

#include "hooks/merge.h"

namespace proctor::hooks {

enum class Verdict : std::uint8_t {
    off,         // nothing is held back: no history, or no time
    critical,    // never held back
    unknown,     // without evidence
    unanswered,  // nobody answered this rule's card
    changed,     // answered on other evidence, or in another row
    past,        // answered on this evidence, too long ago
    ask_again,   // answered on this evidence with a reason that does not last
    held
};

struct Judged {
    Verdict verdict = Verdict::off;
    const PastAnswer* answer = nullptr;  // in the history: the one that is spoken of; null before `changed`
    // When the answer stops to hold: from this instant the card is shown again.
    [[nodiscard]] fhir::Instant until(const History& history) const { return answer->at + history.quiet; }
};

// Of a card of its own, by its first part. An answer from the future does not count.
[[nodiscard]] Judged judge(const ComposeInput& input, const MergedCard& card);

// What the latest answer to the card's rule says to a card that is shown all the same, within the time and on whatever
// evidence.
struct Remembered {
    const PastAnswer& answer;
    const rules::OverrideReason& reason;  // with a note
};
[[nodiscard]] std::optional<Remembered> remember(const ComposeInput& input, const MergedCard& card);

// "Visible rectal bleeding (ADC-12), answered 14 Jun 2026 09:30", a line a card.
[[nodiscard]] std::vector<std::string> quiet_lines(const ComposeInput& input, const std::vector<MergedCard>& quiet);

}  // namespace proctor::hooks
