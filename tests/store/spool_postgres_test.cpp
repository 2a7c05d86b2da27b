// The store of many machines, with a server that stops, crashes and cuts sessions.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "store/administer.h"
#include "store/feedback_postgres.h"
#include "store/feedback_sqlite.h"
#include "store/feedback_values.h"
#include "store/migrations.h"
#include "store/open_feedback.h"
#include "store/spool.h"
#include "store/version_1.h"
#include "support/eventually.h"
#include "support/temp_folder.h"
#include "support/threads.h"

namespace proctor::store::spool_postgres_test {
namespace {

using namespace std::chrono_literals;

class SpoolPostgresTest : public ::testing::Test {
protected:
    void SetUp() override {
        server_ = shared_server();
        if (server_ == nullptr) GTEST_SKIP() << "the package postgresql is not installed";
        ASSERT_TRUE(administer(*server_, "DROP TABLE IF EXISTS shown, feedback, proctor_store"));
    }

    [[nodiscard]] std::string error() const {
        const auto store = open_feedback_postgres(server_->connection(), clock_);
        return store ? "" : store.error().message;
    }
    // With a longer wait than a service's: the machine may be busy, and nothing here is about that.
    [[nodiscard]] std::unique_ptr<Spool> open(const std::string& spool = "spool.db") const {
        auto store = open_feedback_postgres(server_->connection(), clock_, 10s);
        auto file = open_feedback_sqlite(folder_.file(spool), 10s);
        if (!store || !file) return nullptr;
        return std::make_unique<Spool>(std::move(store).value(), std::move(file).value(), clock_, 1ms);
    }
    // Cards with feedback on each; how many batches were acknowledged.
    static int keep(FeedbackStore& store, const std::string& name, int count) {
        int kept = 0;
        for (int i = 0; i < count; ++i) {
            const std::string card = name + std::to_string(i);
            const bool shown = store.record_shown({card_shown(card)});
            if (shown && store.record_feedback({card_overridden(card)})) ++kept;
        }
        return kept;
    }
    [[nodiscard]] std::string in_database(const std::string& from) const {
        return ask(*server_, "SELECT count(*) FROM " + from);
    }

    TempFolder folder_{"/dev/shm"};
    PostgresServer* server_ = nullptr;
    const SystemClock clock_;
};

TEST_F(SpoolPostgresTest, AServerThatStopsLosesNothing) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(keep(*store, "before-", 10), 10);
    server_->stop();
    EXPECT_EQ(keep(*store, "during-", 1000), 1000);
    EXPECT_EQ(store->state(), StoreState::spooling);
    ASSERT_TRUE(server_->start());
    EXPECT_EQ(keep(*store, "after-", 10), 10);
    ASSERT_TRUE(store->settled(1min));
    EXPECT_EQ(in_database("shown"), "1020");
    EXPECT_EQ(in_database("feedback"), "1020");
    EXPECT_EQ(in_database("feedback WHERE matched = 1"), "1020");
}

TEST_F(SpoolPostgresTest, AServerThatCrashesAmongManyThreadsLosesNothing) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    std::atomic<int> kept = 0;
    std::vector<std::thread> threads;
    for (const std::string name : {"a-", "b-", "c-"})
        threads.emplace_back([&, name] { kept += keep(*store, name, 300); });
    server_->crash();  // by this thread, with which the server would end
    EXPECT_TRUE(server_->start());
    for (auto& thread : threads) thread.join();
    ASSERT_TRUE(store->settled(1min));
    EXPECT_EQ(kept, 900);
    EXPECT_EQ(in_database("feedback WHERE matched = 1"), "900");
}

TEST_F(SpoolPostgresTest, SessionsThatAreCutLoseNothing) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    std::atomic<int> kept = 0;
    at_once(3, [&](int thread) {
        if (thread != 0) {
            kept += keep(*store, std::to_string(thread) + "-", 200);
            return;
        }
        for (int i = 0; i < 20; ++i) EXPECT_TRUE(cut_sessions(*server_));
    });
    ASSERT_TRUE(store->settled(1min));
    EXPECT_EQ(kept, 400);
    EXPECT_EQ(in_database("feedback"), "400");
}

TEST_F(SpoolPostgresTest, TwoInstancesHandOverToOneDatabase) {
    const auto one = open("one.db"), two = open("two.db");
    ASSERT_TRUE(one && two);
    server_->stop();
    EXPECT_EQ(keep(*one, "shared-", 150) + keep(*two, "shared-", 150) + keep(*two, "own-", 50), 350);
    ASSERT_TRUE(server_->start());
    ASSERT_TRUE(one->settled(1min) && two->settled(1min));
    EXPECT_EQ(in_database("shown"), "200");
    EXPECT_EQ(in_database("feedback WHERE matched = 1"), "200");
}

TEST_F(SpoolPostgresTest, AStartWithoutTheServerSpools) {
    server_->stop();
    auto store =
        open_feedback("postgresql://proctor@/postgres?host=" + server_->folder(), folder_.file("spool.db"), clock_);
    ASSERT_TRUE(store.ok());
    // It waits as a service does: a busy machine may need longer.
    ASSERT_TRUE(eventually([&] { return (*store)->record_feedback({card_accepted()}).has_value(); }));
    EXPECT_EQ((*store)->state(), StoreState::spooling);
    ASSERT_TRUE(server_->start());
    ASSERT_TRUE(dynamic_cast<Spool&>(**store).settled(5min));
    EXPECT_EQ(in_database("feedback"), "1");
}

TEST_F(SpoolPostgresTest, AServerWithoutFsyncIsRefusedAndUnavailable) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    server_->stop();
    ASSERT_TRUE(server_->start("off"));
    EXPECT_NE(error().find("fsync is off"), std::string::npos);
    EXPECT_EQ(keep(*store, "a-", 1), 1);
    EXPECT_EQ(store->state(), StoreState::spooling);
    EXPECT_EQ(in_database("feedback"), "0");
    server_->stop();
    ASSERT_TRUE(server_->start());
    ASSERT_TRUE(store->settled(1min));
    EXPECT_EQ(in_database("feedback"), "1");
}

TEST_F(SpoolPostgresTest, AnswersAreOnTheServersDiskWhateverItsDefaultIs) {
    ASSERT_TRUE(administer(*server_, "ALTER ROLE proctor SET synchronous_commit = off"));
    ASSERT_EQ(ask(*server_, "SHOW synchronous_commit"), "off");
    const auto store = open();
    ASSERT_TRUE(store->record_feedback({card_accepted()}));
    // A session of the store says what it runs with.
    ASSERT_TRUE(administer(*server_,
                           "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                           "NEW.comment = current_setting('synchronous_commit'); RETURN NEW; END $$"));
    ASSERT_TRUE(
        administer(*server_, "CREATE TRIGGER tell BEFORE INSERT ON feedback FOR EACH ROW EXECUTE FUNCTION tell()"));
    ASSERT_TRUE(store->record_feedback({card_accepted("b")}));
    EXPECT_EQ(ask(*server_, "SELECT comment FROM feedback WHERE card = 'b'"), "on");
    ASSERT_TRUE(administer(*server_, "ALTER ROLE proctor RESET synchronous_commit"));
    ASSERT_TRUE(administer(*server_, "DROP FUNCTION tell CASCADE"));
}

// Every column of version 2 and its indexes taken away again.
TEST_F(SpoolPostgresTest, AnOlderVersionIsMigratedWhenSomebodySaysSo) {
    ASSERT_EQ(error(), "");
    EXPECT_EQ(ask(*server_, "SELECT version FROM proctor_store"), std::to_string(schema_version()));
    for (const std::string column : {"version", "indicator", "patient", "user_hash", "evidence", "quiet"})
        ASSERT_TRUE(administer(*server_, "ALTER TABLE shown DROP COLUMN " + column + " CASCADE"));
    ASSERT_TRUE(administer(*server_, "ALTER TABLE feedback DROP COLUMN comment"));
    ASSERT_TRUE(administer(*server_, "DROP INDEX shown_by_time, feedback_by_card, feedback_by_time"));
    ASSERT_TRUE(administer(*server_, "UPDATE proctor_store SET version = 1"));
    EXPECT_NE(error().find("proctor store migrate"), std::string::npos);
    const std::string where = "postgresql://proctor@/postgres?host=" + server_->folder();
    ASSERT_TRUE(migrate_feedback(where, "", clock_).ok());
    ASSERT_TRUE(migrate_feedback(where, "", clock_).ok()) << "again";
    EXPECT_EQ(error(), "");
    EXPECT_EQ(keep(*open(), "a-", 3), 3);
    ASSERT_TRUE(administer(*server_, "UPDATE proctor_store SET version = 3"));
    EXPECT_EQ(error(), "the feedback store was made by a newer version of this program");
    EXPECT_FALSE(migrate_feedback(where, "", clock_).ok());
}

TEST_F(SpoolPostgresTest, AnEmptyDatabaseIsNoStoreUnlessItMayBeNew) {
    const std::string where = "postgresql://proctor@/postgres?host=" + server_->folder();
    const auto refused = open_feedback(where, "", clock_, MayBeNew::no);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().message, "there is no feedback store in this database");
    EXPECT_EQ(ask(*server_, "SELECT count(*) FROM pg_tables WHERE tablename IN ('proctor_store', 'shown')"), "0");
    EXPECT_TRUE(open_feedback(where, "", clock_).ok());
    EXPECT_TRUE(open_feedback(where, "", clock_, MayBeNew::no).ok());
}

TEST_F(SpoolPostgresTest, WhatWaitsInASpoolOfAnOlderVersionIsMigratedAndHandedOver) {
    const std::string where = "postgresql://proctor@/postgres?host=" + server_->folder(),
                      spool = folder_.file("spool.db");
    ASSERT_TRUE(migrate_feedback(where, spool, clock_).ok());
    EXPECT_FALSE(std::filesystem::exists(spool)) << "one that is not there is not made";
    make_version_1(spool);
    const auto refused = open_feedback(where, spool, clock_);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().where, spool);
    EXPECT_NE(refused.error().message.find("proctor store migrate"), std::string::npos);
    ASSERT_TRUE(migrate_feedback(where, spool, clock_).ok());
    auto store = open_feedback(where, spool, clock_);
    ASSERT_TRUE(store.ok()) << describe(store.error());
    ASSERT_TRUE(dynamic_cast<Spool&>(**store).settled(5min));
    EXPECT_EQ(in_database("feedback WHERE card = 'old-card' AND matched = 1"), "1");
}

TEST_F(SpoolPostgresTest, WhatIsAnothersIsRefused) {
    ASSERT_TRUE(administer(*server_, "CREATE TABLE feedback (id text)"));
    EXPECT_EQ(error(), "no feedback store, or one of another version");
}

TEST_F(SpoolPostgresTest, ManyThatStartAtOnceMakeTheTablesOnce) {
    for (int round = 0; round < 20; ++round) {
        at_once(4, [&](int) { EXPECT_EQ(error(), ""); });
        EXPECT_EQ(in_database("proctor_store"), "1");
        ASSERT_TRUE(administer(*server_, "DROP TABLE proctor_store, shown, feedback"));
    }
}

}  // namespace
}  // namespace proctor::store::spool_postgres_test
