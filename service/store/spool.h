// A feedback store that is shared, with a file of this machine before it: while the store is away, what comes is kept
// in the file, and handed over when the store is back. It knows stores and no database.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "store/feedback_sql.h"

namespace proctor::store {

// What the file holds from an earlier run is handed over, too. It goes to the store first and is then erased: what a
// crash leaves in both is handed over again, and kept once. While the store is away one call in `retry` tries it and
// the others do not wait for it; nothing is read then, and what was recorded counts all feedback as matched: the store
// judges that when it gets it.
class Spool final : public FeedbackStore {
public:
    // Refers to the clock.
    Spool(std::unique_ptr<FeedbackStore> store, std::unique_ptr<FeedbackSql> file, const Clock& clock,
          std::chrono::milliseconds retry = std::chrono::seconds{limits::k_feedback_retry_seconds});
    // What was not handed over stays in the file.
    ~Spool() override;
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    [[nodiscard]] bool record_shown(std::vector<ShownCard> cards) override;
    [[nodiscard]] std::optional<Recorded> record_feedback(std::vector<CardFeedback> batch) override;
    [[nodiscard]] std::optional<std::vector<PastAnswer>> past(const Person& patient, WallTime since) override;
    [[nodiscard]] std::optional<std::vector<Tally>> tallies(WallTime since) override;
    [[nodiscard]] std::optional<std::vector<ShownCard>> shown_after(const ShownCard* last, std::size_t limit) override;
    [[nodiscard]] std::optional<std::vector<KeptFeedback>> feedback_after(const std::string& last_key,
                                                                          std::size_t limit) override;
    // Of both, and so is what it counts.
    [[nodiscard]] std::optional<Purged> purge(WallTime before, WallTime comments_before,
                                              const Purging& how = {}) override;
    [[nodiscard]] StoreState state() const override;

    // Whether everything is handed over; waits so long for it.
    [[nodiscard]] bool settled(std::chrono::milliseconds wait);

private:
    [[nodiscard]] bool may_try();
    void note(bool answered);
    void spooled(bool kept);
    template <typename Ask>
    auto read(const Ask& ask) -> decltype(ask());

    void work();
    [[nodiscard]] bool drain();
    [[nodiscard]] bool drain_shown();
    template <typename FirstPage, typename Keep>
    [[nodiscard]] bool hand_over(const FirstPage& first_page, const Keep& keep);
    [[nodiscard]] bool drain_feedback();
    [[nodiscard]] bool stopping() const;

    const std::unique_ptr<FeedbackStore> store_;
    const std::unique_ptr<FeedbackSql> file_;
    const Clock& clock_;
    const std::chrono::milliseconds retry_;

    mutable std::mutex mutex_;  // of what follows
    std::condition_variable changed_;
    bool away_ = false;        // the store did not answer when it was last asked
    bool file_fails_ = false;  // nor did the file
    bool waiting_ = true;      // there may be something in the file that nobody is handing over
    bool draining_ = false;
    bool back_ = false;  // the store answered again, while what is waiting was left for later
    bool stop_ = false;
    SteadyTime retry_at_;
    std::thread thread_;
};

}  // namespace proctor::store
