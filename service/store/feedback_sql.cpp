#include "store/feedback_sql.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "store/feedback_rows.h"

namespace proctor::store {
namespace {

using Rows = Sql::Rows;
using Values = Sql::Values;

// A card that was held back before and is shown now was not shown before.
const std::string k_show = std::string("INSERT INTO shown (") + k_shown_columns +
                           ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) "
                           "ON CONFLICT (client, tenant, card) DO UPDATE SET quiet = 0, shown_at = excluded.shown_at, "
                           "evidence = excluded.evidence WHERE shown.quiet = 1 AND excluded.quiet = 0";
// Feedback may have been first: the other of two instances took it, while this one's cards waited in a spool.
constexpr const char* k_match =
    "UPDATE feedback SET matched = 1 WHERE client = $1 AND tenant = $2 AND card = $3 AND matched = 0";
const std::string k_keep =
    std::string("INSERT INTO feedback (") + k_feedback_columns +
    ", matched) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
    "(SELECT count(*) FROM shown WHERE client = $2 AND tenant = $3 AND card = $5 AND quiet = 0)) "
    "ON CONFLICT (key) DO NOTHING RETURNING matched";

// CROSS JOIN: SQLite goes through the patient's cards first. By its own choice it would go through all of the client's
// feedback, seconds of a large file. To PostgreSQL it is any join.
constexpr const char* k_past =
    "SELECT s.rule, s.rule_row, s.evidence, f.accepted, f.reason_code, f.received_at FROM shown s CROSS JOIN feedback "
    "f "
    "WHERE f.client = s.client AND f.tenant = s.tenant AND f.card = s.card "
    "AND s.client = $1 AND s.tenant = $2 AND s.patient = $3 AND s.patient <> '' AND s.quiet = 0 "
    "AND f.received_at >= $4 ORDER BY f.received_at DESC, f.key DESC LIMIT $5";

// What was said last of a card counts, when it was said by the client's own clock.
constexpr const char* k_tallies =
    "SELECT s.client, s.rule, s.rule_row, s.version, s.indicator, s.shown_at / 86400000, "
    "CASE s.quiet WHEN 1 THEN 'quiet' ELSE 'shown' END, '', count(*) "
    "FROM shown s WHERE s.shown_at >= $1 GROUP BY 1, 2, 3, 4, 5, 6, 7 "
    "UNION ALL SELECT s.client, s.rule, s.rule_row, s.version, s.indicator, s.shown_at / 86400000, "
    "CASE f.accepted WHEN 1 THEN 'accepted' ELSE 'overridden' END, f.reason_code, count(*) "
    "FROM shown s JOIN feedback f ON f.client = s.client AND f.tenant = s.tenant AND f.card = s.card "
    "WHERE s.shown_at >= $1 AND s.quiet = 0 AND NOT EXISTS (SELECT 1 FROM feedback later "
    "WHERE later.client = f.client AND later.tenant = f.tenant AND later.card = f.card AND "
    "(later.outcome_at, later.received_at, later.key) > (f.outcome_at, f.received_at, f.key)) "
    "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8";

const std::string k_shown_page = std::string("SELECT ") + k_shown_columns +
                                 " FROM shown WHERE (client, tenant, card) > ($1, $2, $3) "
                                 "ORDER BY client, tenant, card LIMIT $4";
const std::string k_feedback_page =
    std::string("SELECT ") + k_feedback_columns + ", matched FROM feedback WHERE key > $1 ORDER BY key LIMIT $2";

constexpr const char* k_purge_shown =
    "DELETE FROM shown WHERE (client, tenant, card) IN (SELECT client, tenant, card FROM shown WHERE shown_at < $1 "
    "LIMIT $2) RETURNING 1";
constexpr const char* k_purge_feedback =
    "DELETE FROM feedback WHERE key IN (SELECT key FROM feedback WHERE received_at < $1 LIMIT $2) RETURNING 1";
constexpr const char* k_purge_comments =
    "UPDATE feedback SET comment = '' WHERE key IN (SELECT key FROM feedback WHERE received_at < $1 AND comment <> '' "
    "LIMIT $2) RETURNING 1";

constexpr const char* k_erase_shown =
    "DELETE FROM shown WHERE client = $1 AND tenant = $2 AND card = $3 AND quiet = $4";
constexpr const char* k_erase_feedback = "DELETE FROM feedback WHERE key = $1";

std::vector<std::unique_ptr<Sql>> sessions(const FeedbackSql::MakeSession& make, std::size_t count,
                                           std::chrono::milliseconds wait) {
    std::vector<std::unique_ptr<Sql>> all;
    while (all.size() < count) all.push_back(make(wait));
    return all;
}

template <typename T>
std::optional<std::vector<T>> read_all(std::optional<Rows> rows, T (*read)(Values)) {
    if (!rows) return std::nullopt;
    std::vector<T> all;
    all.reserve(rows->size());
    for (auto& row : *rows) all.push_back(read(std::move(row)));
    return all;
}

}  // namespace

FeedbackSql::FeedbackSql(const MakeSession& make, std::chrono::milliseconds wait)
    : wait_(wait),
      writer_(make(wait)),
      quick_(sessions(make, limits::k_feedback_quick_sessions, wait)),
      patient_(
          sessions(make, limits::k_feedback_patient_sessions, std::chrono::seconds{limits::k_feedback_report_seconds})),
      commits_(wait, std::nullopt, [this](const auto& jobs) { return keep(jobs); }) {}

bool FeedbackSql::record_shown(std::vector<ShownCard> cards) {
    if (cards.empty()) return true;
    const bool kept = commits_.run(std::move(cards)).has_value();
    away_ = !kept;
    return kept;
}

std::optional<Recorded> FeedbackSql::record_feedback(std::vector<CardFeedback> batch) {
    auto recorded = commits_.run(std::move(batch));
    away_ = !recorded;
    return recorded;
}

std::vector<std::optional<Recorded>> FeedbackSql::keep(const std::vector<Job>& jobs) {
    std::vector<std::optional<Recorded>> answers;
    const bool kept = writer_->transact([&] {
        for (const Job& job : jobs) {
            std::optional<Recorded> recorded;
            if (const auto* cards = std::get_if<std::vector<ShownCard>>(&job)) {
                if (show(*cards)) recorded.emplace();
            } else {
                recorded = keep_batch(std::get<std::vector<CardFeedback>>(job));
            }
            if (!recorded) return false;
            answers.push_back(recorded);
        }
        return true;
    });
    if (!kept) answers.assign(jobs.size(), std::nullopt);
    return answers;
}

bool FeedbackSql::show(const std::vector<ShownCard>& cards) {
    std::vector<Values> rows, names;
    for (const ShownCard& card : cards) {
        rows.push_back(write_shown(card));
        if (!card.quiet) names.push_back({rows.back()[0], rows.back()[1], rows.back()[2]});
    }
    return writer_->run_each(k_show, rows) && writer_->run_each(k_match, names);
}

std::optional<Recorded> FeedbackSql::keep_batch(const std::vector<CardFeedback>& batch) {
    std::vector<Values> rows;
    rows.reserve(batch.size());
    for (const CardFeedback& one : batch) rows.push_back(write_feedback(one));
    const auto kept = writer_->run_each(k_keep, rows);
    if (!kept) return std::nullopt;
    Recorded recorded;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const Rows& fresh = (*kept)[i];
        ++(fresh.empty() ? recorded.repeated : batch[i].accepted ? recorded.accepted : recorded.overridden);
        if (!fresh.empty() && fresh.front().front() == "0") ++recorded.unmatched;
    }
    return recorded;
}

std::optional<std::vector<PastAnswer>> FeedbackSql::past(const Person& patient, WallTime since) {
    const auto session = quick_.borrow(wait_);
    if (!session) return std::nullopt;
    auto answers =
        read_all(session->run(k_past, {storable(patient.client), storable(patient.tenant), storable(patient.patient),
                                       print_time(since), std::to_string(limits::k_past_answers)}),
                 read_answer);
    if (answers) std::reverse(answers->begin(), answers->end());
    return answers;
}

std::optional<Rows> FeedbackSql::report(const std::string& statement, const Values& values) {
    const auto session = patient_.borrow(std::chrono::seconds{limits::k_feedback_report_seconds});
    return session ? session->run(statement, values) : std::nullopt;
}

std::optional<std::vector<Tally>> FeedbackSql::tallies(WallTime since) {
    return read_all(report(k_tallies, {print_time(since)}), read_tally);
}

std::optional<std::vector<ShownCard>> FeedbackSql::shown_after(const ShownCard* last, std::size_t limit) {
    Values values(3);
    if (last != nullptr) values = {storable(last->client), storable(last->tenant), storable(last->card)};
    values.push_back(std::to_string(limit));
    return read_all(report(k_shown_page, values), read_shown);
}

std::optional<std::vector<KeptFeedback>> FeedbackSql::feedback_after(const std::string& last_key, std::size_t limit) {
    return read_all(report(k_feedback_page, {storable(last_key), std::to_string(limit)}), read_kept);
}

// False: not all of it. What it deleted is added to `rows`, also then.
bool FeedbackSql::purge_pages(const std::string& statement, WallTime before, const std::stop_token& stop,
                              std::size_t& rows) {
    const std::string page = std::to_string(limits::k_feedback_purge_rows);
    while (!stop.stop_requested()) {
        const auto gone = report(statement, {print_time(before), page});
        if (!gone) return false;
        if (gone->empty()) return true;
        rows += gone->size();
        deleted_ = true;
    }
    return false;
}

std::optional<Purged> FeedbackSql::purge(WallTime before, WallTime comments_before, const Purging& how) {
    Purged purged;
    const bool all = purge_pages(k_purge_feedback, before, how.stop, purged.feedback) &&
                     purge_pages(k_purge_shown, before, how.stop, purged.shown) &&
                     purge_pages(k_purge_comments, comments_before, how.stop, purged.comments);
    if (!all && purged.rows() == 0) return std::nullopt;
    purged.done = all && (!how.rewrite || forget_erased(how.stop));
    return purged;
}

bool FeedbackSql::change_each(const std::string& statement, const std::vector<Values>& values) {
    const auto session = patient_.borrow(std::chrono::seconds{limits::k_feedback_report_seconds});
    deleted_ = true;
    return session && session->transact([&] { return session->run_each(statement, values).has_value(); });
}

bool FeedbackSql::erase(const std::vector<ShownCard>& cards) {
    std::vector<Values> names;
    names.reserve(cards.size());
    for (const auto& card : cards) names.push_back({card.client, card.tenant, card.card, card.quiet ? "1" : "0"});
    return change_each(k_erase_shown, names);
}

bool FeedbackSql::erase(const std::vector<KeptFeedback>& feedback) {
    std::vector<Values> keys;
    keys.reserve(feedback.size());
    for (const auto& kept : feedback) keys.push_back({kept.key});
    return change_each(k_erase_feedback, keys);
}

// With the short wait: who records something waits for it.
bool FeedbackSql::forget_erased(const std::stop_token& stop) {
    if (!deleted_.exchange(false)) return true;
    const auto session = quick_.borrow(wait_);
    const bool gone = session && session->forget_deleted(stop);
    if (!gone) deleted_ = true;
    return gone;
}

}  // namespace proctor::store
