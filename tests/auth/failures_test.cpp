#include "auth/failures.h"

#include <gtest/gtest.h>

#include "support/manual_clock.h"

namespace proctor::auth {
namespace {

using namespace std::chrono_literals;

class FailuresTest : public ::testing::Test {
protected:
    void fail(const std::string& source, int times) {
        for (int i = 0; i < times; ++i) failures_.record(source);
    }

    ManualClock clock_;
    Failures failures_{clock_, 3};
};

TEST_F(FailuresTest, TheTwentiethInTenSecondsIsOneTooMany) {
    fail("flood", 19);
    EXPECT_FALSE(failures_.too_many("flood"));
    fail("flood", 1);
    EXPECT_TRUE(failures_.too_many("flood"));
    EXPECT_FALSE(failures_.too_many("other"));
    clock_.pass(10s - 1ms);
    EXPECT_TRUE(failures_.too_many("flood"));
    clock_.pass(1ms);
    EXPECT_FALSE(failures_.too_many("flood"));
}

TEST_F(FailuresTest, TheTenSecondsSlide) {
    fail("flood", 10);
    clock_.pass(6s);
    fail("flood", 9);
    clock_.pass(4s);
    fail("flood", 10);
    EXPECT_FALSE(failures_.too_many("flood"));
    fail("flood", 1);
    EXPECT_TRUE(failures_.too_many("flood"));
    clock_.pass(6s);
    EXPECT_FALSE(failures_.too_many("flood"));
}

TEST_F(FailuresTest, TwoASecondAreNeverTooMany) {
    for (int i = 0; i < 100; ++i) {
        EXPECT_FALSE(failures_.too_many("clumsy"));
        fail("clumsy", 1);
        clock_.pass(510ms);
    }
}

TEST_F(FailuresTest, MemoryIsBoundedAndBecomesFreeAgain) {
    for (const auto* source : {"a", "b", "c", "d"}) fail(source, 20);
    EXPECT_EQ(failures_.size(), 3U);
    EXPECT_TRUE(failures_.too_many("a"));
    EXPECT_FALSE(failures_.too_many("d"));
    clock_.pass(5s);
    fail("a", 1);
    clock_.pass(5s);
    fail("d", 20);
    EXPECT_EQ(failures_.size(), 2U);
    EXPECT_TRUE(failures_.too_many("d"));
}

}  // namespace
}  // namespace proctor::auth
