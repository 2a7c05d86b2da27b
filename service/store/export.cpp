#include "store/export.h"

#include <chrono>
#include <string>
#include <variant>

#include "store/last_answers.h"
#include "store/pages.h"

namespace proctor::store {
namespace {

std::string padded(long number, std::size_t width) {
    const std::string digits = std::to_string(number);
    return std::string(width - std::min(width, digits.size()), '0') + digits;
}

// ISO 8601 in UTC, to the second.
std::string print(WallTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    return padded(static_cast<int>(date.year()), 4) + '-' + padded(static_cast<unsigned>(date.month()), 2) + '-' +
           padded(static_cast<unsigned>(date.day()), 2) + 'T' + padded(clock.hours().count(), 2) + ':' +
           padded(clock.minutes().count(), 2) + ':' + padded(clock.seconds().count(), 2) + 'Z';
}

// One that cannot be opened says so: it is not the same as none.
std::string comment_of(const ShownCard& card, const LastAnswer& answer, const CommentKeys* keys) {
    if (keys == nullptr || answer.comment.empty()) return {};
    auto opened = keys->open(answer.comment, {card.client, card.tenant, card.card, answer.outcome_at});
    if (auto* text = std::get_if<std::string>(&opened)) return std::move(*text);
    return std::get<Unopened>(opened) == Unopened::unknown_key ? "(sealed with another key)" : "(damaged)";
}

std::vector<std::string> cells(const ShownCard& card, const LastAnswer* answer, const CommentKeys* keys) {
    std::vector<std::string> row = {print(card.at), card.client, card.tenant,  card.user,    card.service,   card.hook,
                                    card.rule,      card.row,    card.version, card.content, card.indicator, card.card};
    if (card.quiet || answer == nullptr) {
        row.insert(row.end(), {card.quiet ? "quiet" : "none", "", ""});
    } else {
        row.insert(row.end(),
                   {answer->accepted ? "accepted" : "overridden", print(answer->outcome_at), answer->reason});
    }
    if (keys != nullptr) row.push_back(card.quiet || answer == nullptr ? "" : comment_of(card, *answer, keys));
    return row;
}

}  // namespace

Result<std::size_t> export_rows(FeedbackStore& store, const RowsWanted& wanted, const Sink& sink) {
    std::vector<std::string> columns = {"date",      "client", "tenant", "user",     "service",
                                        "hook",      "rule",   "row",    "version",  "content",
                                        "indicator", "card",   "action", "answered", "reason"};
    if (wanted.comments != nullptr) columns.emplace_back("comment");
    Table table(wanted.format, std::move(columns), sink);
    LastAnswers answers;
    std::size_t rows = 0;
    // An answer is never received before its card was shown.
    auto done = each_feedback(store, [&](const KeptFeedback& row) -> Status {
        if (row.feedback.received_at >= wanted.since) answers.take(row);
        return Done{};
    });
    if (done) done = table.begin();
    if (done) {
        done = each_shown(store, [&](const ShownCard& card) -> Status {
            if (card.at < wanted.since) return Done{};
            ++rows;
            return table.row(cells(card, answers.of(card), wanted.comments));
        });
    }
    if (!done) return done.error();
    return rows;
}

}  // namespace proctor::store
