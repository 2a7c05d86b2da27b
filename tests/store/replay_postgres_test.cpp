#include "store/replay_postgres.h"

#include <gtest/gtest.h>

#include "store/administer.h"
#include "store/replay_race.h"
#include "support/other_process.h"

namespace proctor::store::replay_postgres_test {
namespace {

using namespace std::chrono_literals;
using auth::ReplayStore;
using auth::Use;

class ReplayPostgresTest : public ::testing::Test {
protected:
    void SetUp() override {
        server_ = shared_server();
        if (server_ == nullptr) GTEST_SKIP() << "the package postgresql is not installed";
        ASSERT_TRUE(sql("DROP TABLE IF EXISTS proctor_replay"));
    }

    // In time even on a busy machine, where a test is not about that.
    static std::unique_ptr<ReplayStore> open(std::chrono::milliseconds wait = 1min) {
        return replay_postgres(server_->connection(), k_clock, wait);
    }

    // Whether the server did it.
    static bool sql(const char* statement) { return administer(*server_, statement).has_value(); }

    inline static PostgresServer* server_ = nullptr;
    inline static const SystemClock k_clock;
};

TEST_F(ReplayPostgresTest, ATokenIsFirstOnceForAllInstances) {
    const auto one = open(), two = open();
    EXPECT_EQ(one->use("a", k_until, k_now), Use::first);
    EXPECT_EQ(one->use("a", k_until, k_now), Use::again);
    EXPECT_EQ(two->use("a", k_until, k_now), Use::again);
    EXPECT_EQ(two->use("b", k_until, k_now), Use::first);
    EXPECT_EQ(open()->use("b", k_until, k_now), Use::again);
}

TEST_F(ReplayPostgresTest, WhatAKilledProcessAcceptedIsKnown) {
    {
        const OtherProcess killed([&] { return open()->use("a", k_until, k_now) == Use::first ? 1 : 0; });
        ASSERT_EQ(killed.result(), 1);
    }
    EXPECT_EQ(open()->use("a", k_until, k_now), Use::again);
}

TEST_F(ReplayPostgresTest, TwoInstancesShareEveryTokenOnce) {
    const auto one = open(), two = open();
    EXPECT_EQ(count_firsts_at_once({one.get(), two.get(), one.get(), two.get()}), k_ids);
}

TEST_F(ReplayPostgresTest, OldIdsGoAfterAnHourMore) {
    const auto store = open();
    ASSERT_EQ(store->use("old", k_until, k_now), Use::first);
    ASSERT_EQ(store->use("young", k_until + 1ms, k_now), Use::first);
    const WallTime later = k_until + 1h + 1ms;
    ASSERT_EQ(open()->use("b", later + 6min, later), Use::first);  // the first use cleans up
    EXPECT_EQ(store->use("young", later + 6min, later), Use::again);
    EXPECT_EQ(store->use("old", later + 6min, later), Use::first);
}

TEST_F(ReplayPostgresTest, AServerThatStopsIsUnavailableAndComesBack) {
    const auto store = open();
    EXPECT_EQ(store->use("a", k_until, k_now), Use::first);
    server_->stop();
    EXPECT_EQ(store->use("b", k_until, k_now), Use::unavailable);
    EXPECT_EQ(open()->use("b", k_until, k_now), Use::unavailable);
    ASSERT_TRUE(server_->start());
    EXPECT_EQ(store->use("a", k_until, k_now), Use::again);
    EXPECT_EQ(store->use("b", k_until, k_now), Use::first);
}

TEST_F(ReplayPostgresTest, ASessionThatWasCutIsOpenedAgainAtOnce) {
    const auto store = open();
    EXPECT_EQ(store->use("a", k_until, k_now), Use::first);
    EXPECT_TRUE(cut_sessions(*server_, 5s));
    EXPECT_EQ(store->use("a", k_until, k_now), Use::again);
    EXPECT_EQ(store->use("b", k_until, k_now), Use::first);
}

TEST_F(ReplayPostgresTest, AServerThatDoesNotAnswerInTimeIsUnavailable) {
    ASSERT_EQ(open()->use("a", k_until, k_now), Use::first);
    const auto store = open(100ms);
    const auto other = administrator(*server_);
    ASSERT_TRUE(other->run("BEGIN") && other->run("LOCK TABLE proctor_replay IN ACCESS EXCLUSIVE MODE"));
    EXPECT_EQ(store->use("b", k_until, k_now), Use::unavailable);
    EXPECT_EQ(store->use("a", k_until, k_now), Use::unavailable);
    ASSERT_TRUE(other->run("COMMIT"));
    EXPECT_EQ(use_when_free(*store, "a"), Use::again);
}

TEST_F(ReplayPostgresTest, IdsAreDataWhateverTheyHold) {
    const auto store = open();
    for (const std::string id : {"'); DROP TABLE proctor_replay; --", "$1", "%s", ""}) {
        EXPECT_EQ(store->use(id, k_until, k_now), Use::first);
        EXPECT_EQ(store->use(id, k_until, k_now), Use::again);
    }
    EXPECT_EQ(store->use("\xFF\xFE", k_until, k_now), Use::unavailable);  // no UTF-8: PostgreSQL refuses it
    EXPECT_EQ(store->use("a", k_until, k_now), Use::first);
}

TEST_F(ReplayPostgresTest, WithoutATableOrTheRightToMakeOneItIsUnavailable) {
    ASSERT_TRUE(sql("CREATE ROLE guest LOGIN"));
    const auto guest = replay_postgres(server_->connection() + " user=guest", k_clock, 1min);
    EXPECT_EQ(guest->use("a", k_until, k_now), Use::unavailable);
    ASSERT_EQ(open()->use("a", k_until, k_now), Use::first);
    EXPECT_EQ(guest->use("a", k_until, k_now), Use::unavailable);
    ASSERT_TRUE(sql("GRANT SELECT, INSERT, DELETE ON proctor_replay TO guest"));
    EXPECT_EQ(guest->use("a", k_until, k_now), Use::again);
    ASSERT_TRUE(sql("DROP OWNED BY guest") && sql("DROP ROLE guest"));
}

TEST(ReplayPostgres, AConnectionStringThatIsNoneIsUnavailable) {
    const SystemClock clock;
    for (const auto* text : {"this is none", "host=/nowhere", "hostaddr=300.1.1.1", "port=no host=/tmp"}) {
        EXPECT_EQ(replay_postgres(text, clock)->use("a", k_until, k_now), Use::unavailable) << text;
    }
}

}  // namespace
}  // namespace proctor::store::replay_postgres_test
