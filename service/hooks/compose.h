// Outcome + texts -> cards: merging (an absorbed rule becomes a detail line and keeps its orders), order (most urgent
// first), the limit, identity, evidence lines, suggestions. Pure. It decides nothing clinical.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hooks/card.h"
#include "hooks/history.h"
#include "hooks/settings.h"
#include "rules/evaluate.h"
#include "rules/veil.h"

namespace proctor::hooks {

struct ComposeInput {
    const rules::Content& content;
    const rules::Outcome& outcome;
    const fhir::Record& record;
    const Settings& settings;
    fhir::Instant now;
    std::string hookInstance;                 // UUID; a card's identity depends on it
    std::string encounterId;                  // of the context; empty: suggested orders name no encounter
    const rules::Veil& veil;                  // what the site does not show
    std::string_view service = k_service_id;  // that answers; part of a card's identity
    const History* history = nullptr;         // null: nothing was said before
};

// Of the two cards that are no rule's: their codes as those of rules are, and their titles.
struct Topic {
    std::string_view code, title;
};
inline constexpr Topic k_gathered{"ADC-MORE", "Further findings"};
inline constexpr Topic k_not_checked{"ADC-NC", "Could not check"};
inline constexpr Topic k_topics_of_no_rule[] = {k_gathered, k_not_checked};

struct Composed {
    std::vector<Card> cards;
    std::vector<Card> quiet = {};  // held back; what each is of, without texts and suggestions
};

[[nodiscard]] Composed compose(const ComposeInput& input);

// The indicator of a fired row under the settings' profile.
[[nodiscard]] rules::Indicator indicator_of(const rules::Rule& rule, std::uint32_t row, const Settings& settings);

}  // namespace proctor::hooks
