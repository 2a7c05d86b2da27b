#include "auth/replay_memory.h"

#include <gtest/gtest.h>

#include "support/manual_clock.h"
#include "support/threads.h"

namespace proctor::auth {
namespace {

using namespace std::chrono_literals;

class ReplayMemoryTest : public ::testing::Test {
protected:
    Use use(const std::string& id, std::chrono::milliseconds lives = 5min) {
        return memory_.use(id, clock_.now() + lives, clock_.now());
    }

    ManualClock clock_;
    ReplayMemory memory_{clock_, 3};
};

TEST_F(ReplayMemoryTest, ATokenIsFirstOnce) {
    EXPECT_EQ(use("a"), Use::first);
    EXPECT_EQ(use("a"), Use::again);
    EXPECT_EQ(use("b"), Use::first);
    EXPECT_EQ(use("a"), Use::again);
}

TEST_F(ReplayMemoryTest, ForgetsWhenTheTokenHasExpiredAndNotBefore) {
    EXPECT_EQ(use("short", 1min), Use::first);
    EXPECT_EQ(use("long", 5min), Use::first);
    clock_.pass(1min - 1ms);
    EXPECT_EQ(use("short"), Use::again);
    EXPECT_EQ(memory_.size(), 2U);
    clock_.pass(1ms);
    EXPECT_EQ(use("long"), Use::again);
    EXPECT_EQ(memory_.size(), 1U);
}

TEST_F(ReplayMemoryTest, FullItRefusesRatherThanForget) {
    for (const auto* id : {"a", "b", "c"}) EXPECT_EQ(use(id), Use::first);
    EXPECT_EQ(use("d"), Use::unavailable);
    EXPECT_EQ(use("a"), Use::again);
    clock_.pass(5min);
    EXPECT_EQ(use("d"), Use::first);
    EXPECT_EQ(memory_.size(), 1U);
}

TEST_F(ReplayMemoryTest, AClockThatIsSetAndSetRightAgainFreesNothing) {
    EXPECT_EQ(use("a"), Use::first);
    clock_.set_by(1h);
    EXPECT_EQ(use("b", 1min), Use::first);
    clock_.set_by(-1h);
    EXPECT_EQ(use("a"), Use::again);
    clock_.set_by(-1h);
    EXPECT_EQ(use("a"), Use::again);
    clock_.pass(30min);
    EXPECT_EQ(use("a"), Use::again);  // by the clock it has not expired yet
}

TEST_F(ReplayMemoryTest, OfManyUsesAtOnceOneIsTheFirst) {
    constexpr int k_ids = 1000;
    ReplayMemory memory(clock_, k_ids);
    std::atomic<int> first = 0;
    at_once(8, [&](int) {
        for (int i = 0; i < k_ids; ++i) {
            first += memory.use(std::to_string(i), clock_.now() + 5min, clock_.now()) == Use::first ? 1 : 0;
        }
    });
    EXPECT_EQ(first, k_ids);
}

}  // namespace
}  // namespace proctor::auth
