// Counts from which no small one can be computed:
// - A cell is a client, rule, version, month, outcome and reason. It counts cards and not persons: the same patient may
//   be in it more than once. Which cells of a group (client, rule, version, month) are given, small_cells.h says.
// - No sums are given.
// - A month is counted when it is closed (closed_months.h), and an answer only if it was received before that. So a
//   cell is the same in every export for ever, and the difference of two exports is made of whole cells.
#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "store/export.h"
#include "store/last_answers.h"
#include "store/pages.h"
#include "store/small_cells.h"

namespace proctor::store {
namespace {

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
        for (const auto& [cell, count] : without_small(counts)) {
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
