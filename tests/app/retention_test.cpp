#include "app/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <sstream>

#include "support/fake_feedback_store.h"
#include "support/manual_clock.h"

namespace proctor::app {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using store::FakeStore;

constexpr Keep k_keep{days{730}, days{90}};

class RetentionTest : public testing::Test {
protected:
    FakeStore::Seen seen_;
    FakeStore store_{seen_};
    ManualClock clock_;
    std::ostringstream lines_;
    std::unique_ptr<Log> log_ = log_to(lines_);
};

TEST_F(RetentionTest, DeletesWhatWasKeptLongEnoughAndSaysHowMuch) {
    purge(store_, k_keep, clock_, *log_);
    EXPECT_EQ(seen_.purged_before, clock_.now() - days{730});
    EXPECT_EQ(seen_.comments_purged_before, clock_.now() - days{90});
    EXPECT_NE(lines_.str().find(R"("event":"purged","rows":6)"), std::string::npos) << lines_.str();
    clock_.pass(days{1});
    purge(store_, k_keep, clock_, *log_);
    EXPECT_EQ(seen_.purged_before, clock_.now() - days{730});
}

TEST_F(RetentionTest, APurgeThatWasNotFinishedSaysSoWithWhatItDeleted) {
    seen_.purged = {1, 2, 3, false};
    purge(store_, k_keep, clock_, *log_);
    seen_.purged = {0, 0, 0, false};
    purge(store_, k_keep, clock_, *log_);
    EXPECT_THAT(lines_.str(), testing::ContainsRegex(R"("event":"purged","reason":"unfinished","rows":6.*
.*"event":"purged","reason":"unfinished","rows":0)"));
}

TEST_F(RetentionTest, AStoreThatIsAwayIsTriedAgainLaterAndNothingIsLogged) {
    seen_.there = false;
    purge(store_, k_keep, clock_, *log_);
    EXPECT_EQ(lines_.str(), "");
}

// Counts how often it was asked.
class CountingStore final : public store::FeedbackStore {
public:
    explicit CountingStore(std::latch& times) : times_(times) {}
    [[nodiscard]] bool record_shown(std::vector<store::ShownCard>) override { return false; }
    [[nodiscard]] std::optional<store::Recorded> record_feedback(std::vector<store::CardFeedback>) override {
        return std::nullopt;
    }
    [[nodiscard]] std::optional<std::vector<store::PastAnswer>> past(const store::Person&, WallTime) override {
        return std::nullopt;
    }
    [[nodiscard]] std::optional<std::vector<store::Tally>> tallies(WallTime) override { return std::nullopt; }
    [[nodiscard]] std::optional<std::vector<store::ShownCard>> shown_after(const store::ShownCard*,
                                                                           std::size_t) override {
        return std::nullopt;
    }
    [[nodiscard]] std::optional<std::vector<store::KeptFeedback>> feedback_after(const std::string&,
                                                                                 std::size_t) override {
        return std::nullopt;
    }
    [[nodiscard]] std::optional<store::Purged> purge(WallTime, WallTime) override {
        if (!times_.try_wait()) times_.count_down();
        return store::Purged();
    }
    [[nodiscard]] store::StoreState state() const override { return store::StoreState::ok; }

private:
    std::latch& times_;
};

TEST_F(RetentionTest, BeginsAtOnceAndDoesItAgainAndAgain) {
    std::latch times(3);
    CountingStore store(times);
    const Retention retention(store, k_keep, clock_, *log_, 1ms);
    times.wait();
}

TEST_F(RetentionTest, EndsWithoutWaitingForTheNextHour) {
    std::latch times(1);
    CountingStore store(times);
    {
        const Retention retention(store, k_keep, clock_, *log_);
        times.wait();
    }
    EXPECT_EQ(lines_.str(), "") << "nothing was deleted";
}

}  // namespace
}  // namespace proctor::app
