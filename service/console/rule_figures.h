// What clients said of each rule's cards: the store's tallies, added up by version of the rule and by week. Pure; it
// knows no content and no JSON.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "store/feedback.h"

namespace proctor::console {

struct Answers {
    std::size_t shown = 0, quiet = 0, accepted = 0, overridden = 0;
    std::map<std::string, std::size_t> reasons;  // of overrides, by code; "": none was given

    void add(const store::Tally& tally);
    [[nodiscard]] std::size_t answered() const { return accepted + overridden; }
    [[nodiscard]] std::size_t unanswered() const { return shown > answered() ? shown - answered() : 0; }
    // Of those answered; nothing when none was.
    [[nodiscard]] std::optional<double> override_share() const;
    [[nodiscard]] std::vector<std::pair<std::string, std::size_t>> reasons_by_count() const;
};

struct RuleFigures {
    std::map<std::string, Answers> versions;
    std::map<long, Answers> weeks;  // by their Monday, in days since 1970-01-01
    // Enough was answered, of all versions together, and more of it overridden than that.
    [[nodiscard]] bool flagged(long override_percent) const;
};

// By code of the rule.
[[nodiscard]] std::map<std::string, RuleFigures> figures_of(const std::vector<store::Tally>& tallies);

// The Mondays of the first and the last week, in days since 1970-01-01.
struct Weeks {
    long first = 0, last = 0;
};
[[nodiscard]] Weeks weeks_between(WallTime since, WallTime until);

}  // namespace proctor::console
