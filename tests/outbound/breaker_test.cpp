#include "outbound/breaker.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "support/manual_clock.h"

namespace proctor::outbound::breaker_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string k_server = "https://ehr.example:443";
const std::vector<std::string> k_open = {k_server};

class BreakerTest : public ::testing::Test {
protected:
    void fail(int times, Failure failure = Failure::timeout) {
        for (int i = 0; i < times; ++i) breaker_.record(k_server, failure);
    }
    ManualClock clock_;
    Breaker breaker_{clock_};
};

TEST_F(BreakerTest, OpensAfterFiveFailuresInARow) {
    fail(4);
    EXPECT_TRUE(breaker_.admit(k_server));
    EXPECT_TRUE(breaker_.open().empty());
    fail(1);
    EXPECT_FALSE(breaker_.admit(k_server));
    EXPECT_EQ(breaker_.open(), k_open);
}

TEST_F(BreakerTest, CountsWhatMeansAnIllServerAlone) {
    const struct {
        Failure failure;
        bool opens, breaks_the_row;
    } rows[] = {
        {Failure::unresolved, true, false},   {Failure::connect, true, false},
        {Failure::tls, true, false},          {Failure::timeout, true, false},
        {Failure::status, true, false},       {Failure::protocol, true, false},
        {Failure::redirect, false, true},     {Failure::unauthorized, false, true},
        {Failure::missing, false, true},      {Failure::refused, false, true},
        {Failure::too_large, false, true},    {Failure::content_type, false, true},
        {Failure::not_allowed, false, false}, {Failure::bad_token, false, false},
        {Failure::address, false, false},     {Failure::circuit_open, false, false},
    };
    for (const auto& row : rows) {
        Breaker five(clock_), between(clock_);
        for (int i = 0; i < 5; ++i) five.record(k_server, row.failure);
        EXPECT_EQ(five.admit(k_server), !row.opens) << print(row.failure);
        for (int i = 0; i < 4; ++i) between.record(k_server, Failure::timeout);
        between.record(k_server, row.failure);
        between.record(k_server, Failure::timeout);
        EXPECT_EQ(between.admit(k_server), row.breaks_the_row) << print(row.failure);
    }
}

TEST_F(BreakerTest, LetsOneThroughAfterTenSeconds) {
    fail(5);
    clock_.pass(seconds(10) - milliseconds(1));
    EXPECT_FALSE(breaker_.admit(k_server));
    clock_.pass(milliseconds(1));
    EXPECT_TRUE(breaker_.admit(k_server));
    EXPECT_FALSE(breaker_.admit(k_server));
    EXPECT_EQ(breaker_.open(), k_open);
}

TEST_F(BreakerTest, ClosesWhenTheOneSucceeds) {
    fail(5);
    clock_.pass(seconds(10));
    ASSERT_TRUE(breaker_.admit(k_server));
    breaker_.record(k_server, Reply{});
    EXPECT_TRUE(breaker_.admit(k_server));
    EXPECT_TRUE(breaker_.open().empty());
    fail(4);
    EXPECT_TRUE(breaker_.admit(k_server));
}

TEST_F(BreakerTest, WaitsAgainWhenTheOneFails) {
    fail(5);
    clock_.pass(seconds(10));
    ASSERT_TRUE(breaker_.admit(k_server));
    clock_.pass(seconds(1));
    fail(1);
    clock_.pass(seconds(9));
    EXPECT_FALSE(breaker_.admit(k_server));
    clock_.pass(seconds(1));
    EXPECT_TRUE(breaker_.admit(k_server));
}

TEST_F(BreakerTest, DoesNotWaitForEverForOneThatSaidNothing) {
    fail(5);
    clock_.pass(seconds(10));
    ASSERT_TRUE(breaker_.admit(k_server));
    breaker_.record(k_server, Failure::address);
    EXPECT_FALSE(breaker_.admit(k_server));
    clock_.pass(seconds(10));
    EXPECT_TRUE(breaker_.admit(k_server));
}

TEST_F(BreakerTest, KeepsServersApart) {
    fail(5);
    EXPECT_TRUE(breaker_.admit("https://ehr.example:8443"));
    EXPECT_TRUE(breaker_.admit("https://other.example:443"));
}

TEST_F(BreakerTest, WatchesNoMoreServersThanItsLimit) {
    for (std::size_t i = 0; i <= limits::k_breaker_hosts; ++i) {
        for (int failure = 0; failure < 5; ++failure) breaker_.record("https://" + std::to_string(i), Failure::connect);
    }
    EXPECT_EQ(breaker_.open().size(), limits::k_breaker_hosts);
}

}  // namespace
}  // namespace proctor::outbound::breaker_test
