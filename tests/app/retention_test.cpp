#include "app/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <latch>
#include <sstream>
#include <stop_token>

#include "support/eventually.h"
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

// Counts how often it was asked, and does `during`, which may be null.
class CountingStore final : public store::FeedbackStore {
public:
    explicit CountingStore(std::latch& times, std::function<void(const store::Purging&)> during = {})
        : times_(times), during_(std::move(during)) {}
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
    [[nodiscard]] std::optional<store::Purged> purge(WallTime, WallTime, const store::Purging& how) override {
        if (!times_.try_wait()) times_.count_down();
        if (during_) during_(how);
        return store::Purged();
    }
    [[nodiscard]] store::StoreState state() const override { return store::StoreState::ok; }

private:
    std::latch& times_;
    const std::function<void(const store::Purging&)> during_;
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

TEST_F(RetentionTest, EndsAPurgeThatIsUnderWay) {
    std::latch times(1);
    CountingStore store(times, [](const store::Purging& how) {
        std::latch stopped(1);
        const std::stop_callback on_stop(how.stop, [&] { stopped.count_down(); });
        stopped.wait();
    });
    Retention retention(store, k_keep, clock_, *log_);
    times.wait();
    EXPECT_TRUE(retention.end(1min));
}

TEST_F(RetentionTest, TheFileIsRewrittenAtOnceAndThenOnceADay) {
    std::latch times(1);
    std::atomic<int> purges = 0, rewrites = 0;
    CountingStore store(times, [&](const store::Purging& how) {
        rewrites += how.rewrite ? 1 : 0;
        ++purges;
    });
    Retention retention(store, k_keep, clock_, *log_, 1ms);
    // Twice: the first may have begun before.
    const auto after_two_more = [&] {
        const int seen = purges;
        EXPECT_TRUE(eventually([&] { return purges >= seen + 2; }));
        return rewrites.load();
    };
    EXPECT_EQ(after_two_more(), 1);
    clock_.pass(24h - 1ms);
    EXPECT_EQ(after_two_more(), 1);
    clock_.pass(1ms);
    EXPECT_EQ(after_two_more(), 2);
    EXPECT_EQ(after_two_more(), 2);
    EXPECT_TRUE(retention.end(1min));
}

TEST_F(RetentionTest, ARewriteThatFailedIsTriedAgainTheNextTime) {
    seen_.there = false;
    Retention retention(store_, k_keep, clock_, *log_, 1ms);
    EXPECT_TRUE(eventually([&] { return seen_.rewrites >= 3; }));
    EXPECT_TRUE(retention.end(1min));
    EXPECT_EQ(seen_.rewrites, seen_.purges);
}

}  // namespace
}  // namespace proctor::app
