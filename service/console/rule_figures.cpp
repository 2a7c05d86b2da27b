#include "console/rule_figures.h"

#include <algorithm>
#include <functional>

#include "base/limits.h"

namespace proctor::console {
namespace {

// 1970-01-01 was a Thursday.
long monday_of(long day) { return day - ((day + 3) % 7 + 7) % 7; }

long day_of(WallTime time) { return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count(); }

}  // namespace

void Answers::add(const store::Tally& tally) {
    if (tally.outcome == "shown") shown += tally.cards;
    if (tally.outcome == "quiet") quiet += tally.cards;
    if (tally.outcome == "accepted") accepted += tally.cards;
    if (tally.outcome != "overridden") return;
    overridden += tally.cards;
    reasons[tally.reason] += tally.cards;
}

std::optional<double> Answers::override_share() const {
    if (answered() == 0) return std::nullopt;
    return static_cast<double>(overridden) / static_cast<double>(answered());
}

std::vector<std::pair<std::string, std::size_t>> Answers::reasons_by_count() const {
    std::vector<std::pair<std::string, std::size_t>> sorted(reasons.begin(), reasons.end());
    std::ranges::stable_sort(sorted, std::ranges::greater(), [](const auto& one) { return one.second; });
    return sorted;
}

bool RuleFigures::flagged(long override_percent) const {
    std::size_t answered = 0, overridden = 0;
    for (const auto& [version, answers] : versions) {
        answered += answers.answered();
        overridden += answers.overridden;
    }
    return answered >= limits::k_flagged_answers &&
           overridden * 100 > answered * static_cast<std::size_t>(override_percent);
}

std::map<std::string, RuleFigures> figures_of(const std::vector<store::Tally>& tallies) {
    std::map<std::string, RuleFigures> figures;
    for (const auto& tally : tallies) {
        if (tally.rule.empty()) continue;  // nothing says what it is of
        auto& rule = figures[tally.rule];
        rule.versions[tally.version].add(tally);
        rule.weeks[monday_of(tally.day)].add(tally);
    }
    return figures;
}

Weeks weeks_between(WallTime since, WallTime until) { return {monday_of(day_of(since)), monday_of(day_of(until))}; }

}  // namespace proctor::console
