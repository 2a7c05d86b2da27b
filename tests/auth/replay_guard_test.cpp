#include "auth/replay_guard.h"

#include <gtest/gtest.h>

#include <functional>

#include "auth/replay_memory.h"
#include "support/manual_clock.h"

namespace proctor::auth {
namespace {

using namespace std::chrono_literals;

// Answers what a test says, and counts.
class FakeStore final : public ReplayStore {
public:
    Use use(const std::string&, WallTime, WallTime) override {
        ++asked;
        during_use();
        return answer;
    }

    Use answer = Use::first;
    int asked = 0;
    std::function<void()> during_use = [] {};
};

class ReplayGuardTest : public ::testing::Test {
protected:
    [[nodiscard]] TokenUse token(const std::string& id, std::chrono::seconds age = 0s) const {
        const auto issued = std::chrono::floor<std::chrono::seconds>(clock_.now()) - age;
        return {id, issued.time_since_epoch().count(), clock_.now() + 6min};
    }
    std::optional<Reason> use(ReplayGuard& guard, const std::string& id) { return guard.use(token(id), clock_.now()); }

    ManualClock clock_;
    ReplayMemory memory_{clock_, 3};
    FakeStore shared_;
    ReplayGuard guard_{memory_, &shared_, {}, clock_};
};

TEST_F(ReplayGuardTest, MemoryIsAskedFirst) {
    EXPECT_EQ(use(guard_, "a"), std::nullopt);
    EXPECT_EQ(use(guard_, "a"), Reason::replayed);
    EXPECT_EQ(shared_.asked, 1);
}

TEST_F(ReplayGuardTest, WhatAnotherInstanceHasSeenIsReplayed) {
    shared_.answer = Use::again;
    EXPECT_EQ(use(guard_, "a"), Reason::replayed);
    EXPECT_FALSE(guard_.degraded());
}

TEST_F(ReplayGuardTest, WithoutTheStoreMemoryDecidesAndHealthIsDegraded) {
    shared_.answer = Use::unavailable;
    EXPECT_EQ(use(guard_, "a"), std::nullopt);
    EXPECT_EQ(use(guard_, "a"), Reason::replayed);
    EXPECT_TRUE(guard_.degraded());
    shared_.answer = Use::first;
    clock_.pass(1s);
    EXPECT_EQ(use(guard_, "b"), std::nullopt);
    EXPECT_FALSE(guard_.degraded());
}

TEST_F(ReplayGuardTest, AStoreThatIsAwayIsTriedByOneCallASecond) {
    shared_.answer = Use::unavailable;
    ReplayMemory roomy(clock_, 100);
    ReplayGuard guard(roomy, &shared_, {}, clock_);
    for (int second = 1; second <= 3; ++second) {
        for (int call = 0; call < 10; ++call) {
            EXPECT_EQ(use(guard, std::to_string(second * 10 + call)), std::nullopt);
        }
        EXPECT_EQ(shared_.asked, second);
        clock_.pass(1s);
    }
}

TEST_F(ReplayGuardTest, WhileOneCallTriesTheStoreTheOthersGoOn) {
    shared_.answer = Use::unavailable;
    EXPECT_EQ(use(guard_, "a"), std::nullopt);
    clock_.pass(1s);
    shared_.during_use = [&] { EXPECT_EQ(use(guard_, "c"), std::nullopt); };
    EXPECT_EQ(use(guard_, "b"), std::nullopt);
    EXPECT_EQ(shared_.asked, 2);
}

TEST_F(ReplayGuardTest, StrictRefusesWithoutTheStore) {
    ReplayGuard strict(memory_, &shared_, {true, std::nullopt}, clock_);
    EXPECT_EQ(use(strict, "a"), std::nullopt);
    shared_.answer = Use::unavailable;
    EXPECT_EQ(use(strict, "b"), Reason::replay_unavailable);
    EXPECT_EQ(use(strict, "a"), Reason::replayed);
    EXPECT_TRUE(strict.degraded());
}

TEST_F(ReplayGuardTest, FullMemoryLeavesItToTheStore) {
    for (const auto* id : {"a", "b", "c", "d"}) EXPECT_EQ(use(guard_, id), std::nullopt);
    shared_.answer = Use::again;
    EXPECT_EQ(use(guard_, "d"), Reason::replayed);
    shared_.answer = Use::unavailable;
    EXPECT_EQ(use(guard_, "e"), Reason::replay_unavailable);
}

TEST_F(ReplayGuardTest, AnInstanceMayHaveMemoryOnly) {
    ReplayGuard alone(memory_, nullptr, {true, std::nullopt}, clock_);
    EXPECT_EQ(use(alone, "a"), std::nullopt);
    EXPECT_EQ(use(alone, "a"), Reason::replayed);
    EXPECT_FALSE(alone.degraded());
}

TEST_F(ReplayGuardTest, AfterALossTokensFromBeforeTheStartAreRefused) {
    const WallTime start = clock_.now();
    clock_.pass(1s);
    struct Row {
        std::optional<WallTime> started_after_loss;
        std::chrono::seconds before_start;
        std::optional<Reason> expected;
    };
    const std::vector<Row> rows = {{start, -1s, std::nullopt},
                                   {start, 60s, std::nullopt},
                                   {start, 61s, Reason::before_restart},
                                   {start, 300s, Reason::before_restart},
                                   {std::nullopt, 300s, std::nullopt}};
    for (const auto& row : rows) {
        ReplayMemory fresh(clock_);
        ReplayGuard guard(fresh, &shared_, {false, row.started_after_loss}, clock_);
        EXPECT_EQ(guard.use(token("a", row.before_start + 1s), clock_.now()), row.expected) << row.before_start.count();
        EXPECT_EQ(fresh.size(), row.expected ? 0U : 1U);
    }
}

// One that was ahead at the start, and is set right.
TEST_F(ReplayGuardTest, AClockBeforeTheStartIsTold) {
    ReplayGuard guard(memory_, &shared_, {false, clock_.now() + 61s}, clock_);
    EXPECT_TRUE(guard.clock_behind());
    EXPECT_EQ(guard.use(token("a", 0s), clock_.now()), Reason::before_restart);
    clock_.pass(1s);
    EXPECT_FALSE(guard.clock_behind());
    EXPECT_EQ(guard.use(token("a", 0s), clock_.now()), std::nullopt);
    EXPECT_FALSE(ReplayGuard(memory_, &shared_, {}, clock_).clock_behind());
}

}  // namespace
}  // namespace proctor::auth
