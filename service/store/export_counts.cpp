// Counts from which no person can be told apart, and no small count be computed:
// - A cell is a client, rule, version, month, outcome and reason. A reason that fewer than k_small_cell cards of its
//   group (client, rule, version, month) have is counted as "other": clients choose these codes, and a rare one may
//   itself say something.
// - A cell under k_small_cell is not given. In its group further ones are hidden, the smallest first, until at least
//   two are and together they are no small count: so whoever knows the sum of the group learns neither one of them nor
//   a small sum. Both are marked alike, since a hidden one known to be large would narrow down the other.
// - No sums are given.
// - A month is counted when it is closed (closed_months.h), and an answer only if it was received before that. So a
//   cell is the same in every export for ever, and the difference of two exports is made of whole cells.
#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "store/export.h"
#include "store/last_answers.h"
#include "store/pages.h"

namespace proctor::store {
namespace {

struct Cell {
    std::string outcome, reason;
    bool operator<(const Cell& other) const {
        return std::tie(outcome, reason) < std::tie(other.outcome, other.reason);
    }
};
using Counts = std::map<Cell, std::size_t>;
using Group = std::tuple<std::string, std::string, std::string, std::string>;  // month, client, rule, version

constexpr const char* k_hidden = "suppressed";

std::string print(std::chrono::year_month month) {
    const auto number = static_cast<unsigned>(month.month());
    return std::to_string(static_cast<int>(month.year())) + (number < 10 ? "-0" : "-") + std::to_string(number);
}

const ClosedMonth* month_of(const ShownCard& card, const std::vector<ClosedMonth>& months) {
    const auto found = std::find_if(months.begin(), months.end(), [&](const ClosedMonth& month) {
        return month.begin() <= card.at && card.at < month.end();
    });
    return found == months.end() ? nullptr : &*found;
}

Cell cell_of(const ShownCard& card, const LastAnswer* answer) {
    if (card.quiet) return {"quiet", ""};
    if (answer == nullptr) return {"none", ""};
    return {answer->accepted ? "accepted" : "overridden", answer->reason};
}

Counts without_rare_reasons(const Counts& counts) {
    Counts folded;
    for (const auto& [cell, count] : counts) {
        const bool rare = count < limits::k_small_cell && !cell.reason.empty();
        folded[rare ? Cell{cell.outcome, "other"} : cell] += count;
    }
    return folded;
}

// Whether whoever knows the sum of the group would learn a small count.
bool tells(const std::vector<std::pair<Cell, std::size_t>>& cells, std::size_t hidden) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < hidden; ++i) sum += cells[i].second;
    return hidden == 1 || sum < limits::k_small_cell;
}

// The cells that are given, and those that are not, with 0.
Counts suppressed(const Counts& counts) {
    std::vector<std::pair<Cell, std::size_t>> cells(counts.begin(), counts.end());
    std::sort(cells.begin(), cells.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    std::size_t hidden = 0;
    while (hidden < cells.size() && cells[hidden].second < limits::k_small_cell) ++hidden;
    while (hidden > 0 && hidden < cells.size() && tells(cells, hidden)) ++hidden;
    Counts given = counts;
    for (std::size_t i = 0; i < hidden; ++i) given[cells[i].first] = 0;
    return given;
}

}  // namespace

Result<std::size_t> export_counts(FeedbackStore& store, ExportFormat format, const std::vector<ClosedMonth>& months,
                                  const Sink& sink) {
    // By month: the last answer of a card counts, of those that came before its month was closed.
    std::map<std::chrono::year_month, LastAnswers> answers;
    auto done = each_feedback(store, [&](const KeptFeedback& row) -> Status {
        for (const auto& month : months) {
            const auto received = row.feedback.received_at;
            if (month.begin() <= received && received < month.closed()) answers[month.name()].take(row);
        }
        return Done{};
    });
    std::map<Group, Counts> groups;
    if (done) {
        done = each_shown(store, [&](const ShownCard& card) -> Status {
            if (const auto* month = month_of(card, months)) {
                const Cell cell = cell_of(card, answers[month->name()].of(card));
                ++groups[{print(month->name()), card.client, card.rule, card.version}][cell];
            }
            return Done{};
        });
    }
    Table table(format, {"month", "client", "rule", "version", "outcome", "reason", "cards"}, sink);
    if (done) done = table.begin();
    std::size_t rows = 0;
    for (const auto& [group, counts] : groups) {
        const auto& [month, client, rule, version] = group;
        for (const auto& [cell, count] : suppressed(without_rare_reasons(counts))) {
            if (done) {
                done = table.row({month, client, rule, version, cell.outcome, cell.reason,
                                  count == 0 ? k_hidden : std::to_string(count)});
            }
            ++rows;
        }
    }
    if (!done) return done.error();
    return rows;
}

}  // namespace proctor::store
