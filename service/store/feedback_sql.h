// The feedback store over SQL sessions, the same for every database. It knows tables and statements; it knows no
// library of a database and no file.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "store/feedback.h"
#include "store/group_commit.h"
#include "store/pool.h"
#include "store/sql.h"

namespace proctor::store {

class FeedbackSql final : public FeedbackStore {
public:
    // Makes a session that waits so long for an answer, and looks at the tables when it opens (migrations.h).
    using MakeSession = std::function<std::unique_ptr<Sql>(std::chrono::milliseconds wait)>;

    // `wait`: for whoever a clinician waits for. Lists and purges take the time that limits.h gives them.
    FeedbackSql(const MakeSession& make, std::chrono::milliseconds wait);

    [[nodiscard]] bool record_shown(std::vector<ShownCard> cards) override;
    [[nodiscard]] std::optional<Recorded> record_feedback(std::vector<CardFeedback> batch) override;
    [[nodiscard]] std::optional<std::vector<PastAnswer>> past(const Person& patient, WallTime since) override;
    [[nodiscard]] std::optional<std::vector<Tally>> tallies(WallTime since) override;
    [[nodiscard]] std::optional<std::vector<ShownCard>> shown_after(const ShownCard* last, std::size_t limit) override;
    [[nodiscard]] std::optional<std::vector<KeptFeedback>> feedback_after(const std::string& last_key,
                                                                          std::size_t limit) override;
    // Page by page, so what is recorded meanwhile does not wait for it. Then SQLite's file is written anew, without
    // which parts of deleted rows remain in it: for that time, a second or two of a large file, nothing is recorded.
    // When PostgreSQL's disk forgets is a matter of its vacuum.
    [[nodiscard]] std::optional<Purged> purge(WallTime before, WallTime comments_before,
                                              const Purging& how = {}) override;
    // As the last list to be kept went.
    [[nodiscard]] StoreState state() const override { return away_ ? StoreState::away : StoreState::ok; }

    // For a spool, whose rows are kept elsewhere now: exactly these are deleted, and not what changed since. False:
    // unavailable.
    [[nodiscard]] bool erase(const std::vector<ShownCard>& cards);
    [[nodiscard]] bool erase(const std::vector<KeptFeedback>& feedback);
    // After erasing: from the disk, too. False: not yet.
    [[nodiscard]] bool forget_erased(const std::stop_token& stop = {});

private:
    using Job = std::variant<std::vector<ShownCard>, std::vector<CardFeedback>>;

    [[nodiscard]] std::vector<std::optional<Recorded>> keep(const std::vector<Job>& jobs);
    [[nodiscard]] bool show(const std::vector<ShownCard>& cards);
    [[nodiscard]] std::optional<Recorded> keep_batch(const std::vector<CardFeedback>& batch);
    [[nodiscard]] std::optional<Sql::Rows> report(const std::string& statement, const Sql::Values& values);
    [[nodiscard]] bool change_each(const std::string& statement, const std::vector<Sql::Values>& values);
    [[nodiscard]] bool purge_pages(const std::string& statement, WallTime before, const std::stop_token& stop,
                                   std::size_t& rows);

    const std::chrono::milliseconds wait_;
    const std::unique_ptr<Sql> writer_;  // of commits_
    Pool<Sql> quick_, patient_;          // for hooks; for lists and purges
    std::atomic<bool> away_ = false;
    std::atomic<bool> deleted_ = true;  // and may still be on the disk; of an earlier run nobody knows
    GroupCommit<Job, std::optional<Recorded>> commits_;
};

}  // namespace proctor::store
