#include "console/sessions.h"

#include <gtest/gtest.h>

#include <set>

#include "console/attempts.h"
#include "support/manual_clock.h"

namespace proctor::console {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// Never the same bytes twice.
class CountingEntropy final : public Entropy {
public:
    void fill(std::span<std::uint8_t> bytes) override {
        for (auto& byte : bytes) byte = 0;
        bytes[0] = static_cast<std::uint8_t>(count_ % 256);
        bytes[1] = static_cast<std::uint8_t>(count_++ / 256);
    }

private:
    int count_ = 0;
};

class SessionsTest : public testing::Test {
protected:
    ManualClock clock_;
    CountingEntropy entropy_;
    Sessions sessions_{clock_, entropy_};
};

TEST_F(SessionsTest, AreKnownByTheirTokenAlone) {
    const auto anna = sessions_.open("anna"), ben = sessions_.open("ben");
    EXPECT_EQ(anna.size(), 64U);
    EXPECT_NE(anna, ben);
    EXPECT_EQ(sessions_.find(anna), "anna");
    EXPECT_EQ(sessions_.find(ben), "ben");
    for (const auto& wrong : {std::string(), std::string(64, '0'), anna + ' ', anna.substr(1)})
        EXPECT_EQ(sessions_.find(wrong), std::nullopt) << wrong;
}

TEST_F(SessionsTest, EndWhenNobodyUsesThem) {
    const auto token = sessions_.open("anna");
    clock_.pass(minutes(29));
    EXPECT_TRUE(sessions_.find(token)) << "and that counts as a use";
    clock_.pass(minutes(29));
    EXPECT_TRUE(sessions_.find(token));
    clock_.pass(minutes(30));
    EXPECT_FALSE(sessions_.find(token));
    EXPECT_EQ(sessions_.size(), 0U);
}

TEST_F(SessionsTest, EndAfterHalfADayHoweverUsed) {
    const auto token = sessions_.open("anna");
    for (int i = 0; i < 12 * 3 - 1; ++i) {
        clock_.pass(minutes(20));
        ASSERT_TRUE(sessions_.find(token)) << i;
    }
    clock_.pass(minutes(20));
    EXPECT_FALSE(sessions_.find(token));
}

TEST_F(SessionsTest, EndByLoggingOut) {
    const auto token = sessions_.open("anna"), other = sessions_.open("anna");
    sessions_.close(token);
    EXPECT_FALSE(sessions_.find(token));
    EXPECT_TRUE(sessions_.find(other));
}

TEST_F(SessionsTest, AreNotLengthenedByAClockThatIsSet) {
    const auto token = sessions_.open("anna");
    clock_.set_by(-std::chrono::hours(48));
    clock_.pass(minutes(30));
    EXPECT_FALSE(sessions_.find(token));
}

TEST_F(SessionsTest, AreBoundedAndTheLeastUsedMakesRoom) {
    const auto first = sessions_.open("anna");
    clock_.pass(seconds(1));
    const auto second = sessions_.open("anna");
    clock_.pass(seconds(1));
    EXPECT_TRUE(sessions_.find(first));
    for (std::size_t i = 2; i <= limits::k_console_sessions; ++i) (void)sessions_.open("ben");
    EXPECT_EQ(sessions_.size(), limits::k_console_sessions);
    EXPECT_TRUE(sessions_.find(first));
    EXPECT_FALSE(sessions_.find(second));
}

class AttemptsTest : public testing::Test {
protected:
    void fail(int times, const std::string& user, const std::string& remote) {
        for (int i = 0; i < times; ++i) attempts_.record_failure(user, remote);
    }
    ManualClock clock_;
    Attempts attempts_{clock_};
};

TEST_F(AttemptsTest, OfOneUserAreLimitedForAMinute) {
    fail(4, "anna", "10.0.0.1");
    EXPECT_TRUE(attempts_.may_try("anna", "10.0.0.2"));
    fail(1, "anna", "10.0.0.2");
    EXPECT_FALSE(attempts_.may_try("anna", "10.0.0.3"));
    EXPECT_TRUE(attempts_.may_try("ben", "10.0.0.3"));
    clock_.pass(seconds(59));
    EXPECT_FALSE(attempts_.may_try("anna", "10.0.0.3"));
    clock_.pass(seconds(1));
    EXPECT_TRUE(attempts_.may_try("anna", "10.0.0.3"));
}

TEST_F(AttemptsTest, FromOneAddressAreLimitedWhateverTheUser) {
    for (int i = 0; i < 20; ++i) {
        EXPECT_TRUE(attempts_.may_try("new", "10.0.0.1")) << i;
        fail(1, "user" + std::to_string(i), "10.0.0.1");
    }
    EXPECT_FALSE(attempts_.may_try("new", "10.0.0.1"));
    EXPECT_TRUE(attempts_.may_try("new", "10.0.0.2"));
}

TEST_F(AttemptsTest, AreRememberedOfABoundedNumberAndNobodyNewMayTryBeyond) {
    for (std::size_t i = 0; i < limits::k_login_sources; ++i) fail(1, "user" + std::to_string(i), "10.0.0.1");
    EXPECT_FALSE(attempts_.may_try("new", "10.0.0.2"));
    EXPECT_TRUE(attempts_.may_try("user7", "10.0.0.2"));
    clock_.pass(seconds(60));
    EXPECT_TRUE(attempts_.may_try("new", "10.0.0.2"));
}

}  // namespace
}  // namespace proctor::console
