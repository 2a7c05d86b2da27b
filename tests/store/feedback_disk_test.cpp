// What the feedback store's file holds: of an older version, after a purge, and when the disk fails.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <iterator>
#include <stop_token>
#include <string>

#include "store/failing_disk.h"
#include "store/feedback_sqlite.h"
#include "store/feedback_values.h"
#include "store/version_1.h"
#include "support/temp_folder.h"

namespace proctor::store::feedback_disk_test {
namespace {

using namespace std::chrono_literals;

class FeedbackDiskTest : public ::testing::Test {
protected:
    [[nodiscard]] std::unique_ptr<FeedbackStore> open() const {
        auto store = open_feedback_sqlite(path_);
        return store ? std::move(store).value() : nullptr;
    }
    [[nodiscard]] std::string error() const {
        const auto store = open_feedback_sqlite(path_);
        return store ? "" : store.error().message;
    }
    [[nodiscard]] static std::string bytes(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    // The file and what stands beside it.
    [[nodiscard]] bool on_disk(const std::string& text) const {
        return (bytes(path_) + bytes(path_ + "-wal")).find(text) != std::string::npos;
    }

    TempFolder folder_;
    const std::string path_ = folder_.file("feedback.db");
};

TEST_F(FeedbackDiskTest, AnOlderVersionIsMigratedWhenSomebodySaysSo) {
    make_version_1(path_);
    const std::string before = bytes(path_);
    EXPECT_NE(error().find("proctor store migrate"), std::string::npos) << error();
    EXPECT_EQ(bytes(path_), before) << "refused, and as it was";
    ASSERT_TRUE(migrate_feedback_sqlite(path_).ok());
    ASSERT_TRUE(migrate_feedback_sqlite(path_).ok()) << "again";

    const auto store = open();
    ASSERT_NE(store, nullptr);
    const auto shown = store->shown_after(nullptr, 10);
    ASSERT_TRUE(shown && shown->size() == 1);
    EXPECT_EQ(shown->front().card + shown->front().version + shown->front().patient, "old-card");
    EXPECT_FALSE(shown->front().quiet);
    const auto feedback = store->feedback_after("", 10);
    ASSERT_TRUE(feedback && feedback->size() == 1);
    EXPECT_EQ(feedback->front().feedback.comment, "");
    EXPECT_TRUE(feedback->front().matched);
    EXPECT_TRUE(store->record_shown({card_shown()}));
    EXPECT_EQ(store->record_feedback({card_overridden()}), (Recorded{0, 1, 0, 0}));
}

TEST_F(FeedbackDiskTest, AMigrationThatFailsChangesNothing) {
    make_version_1(path_);
    SQLite::Database(path_, SQLite::OPEN_READWRITE).exec("CREATE INDEX feedback_by_card ON feedback (card)");
    EXPECT_FALSE(migrate_feedback_sqlite(path_).ok());
    SQLite::Database database(path_);
    EXPECT_EQ(database.execAndGet("PRAGMA user_version").getInt(), 1);
    EXPECT_EQ(database.execAndGet("SELECT count(*) FROM pragma_table_info('shown')").getInt(), 9);
}

TEST_F(FeedbackDiskTest, MigratingMakesAnEmptyFileAndRefusesWhatIsNoOlderVersion) {
    ASSERT_TRUE(migrate_feedback_sqlite(path_).ok());
    EXPECT_NE(open(), nullptr);
    for (const std::string change : {"PRAGMA user_version = 3", "PRAGMA application_id = 7"}) {
        SQLite::Database(path_, SQLite::OPEN_READWRITE).exec(change);
        EXPECT_FALSE(migrate_feedback_sqlite(path_).ok()) << change;
    }
    std::ofstream(path_, std::ios::trunc) << std::string(5000, 'x');
    EXPECT_EQ(migrate_feedback_sqlite(path_).error().message, "the feedback store is damaged, locked or read-only");
    EXPECT_EQ(error(), "the feedback store is damaged, locked or read-only");
    EXPECT_EQ(bytes(path_), std::string(5000, 'x'));
}

// Old and new between each other, so pages were split and joined in many ways.
TEST_F(FeedbackDiskTest, NothingThatWasPurgedIsOnTheDisk) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    for (int i = 0; i < 40; ++i) {
        std::vector<ShownCard> cards;
        std::vector<CardFeedback> batch;
        for (int j = 0; j < 50; ++j) {
            const bool old = j % 3 != 0;
            const std::string name = std::to_string(j * 7919 % 50) + "-" + std::to_string(i);
            cards.push_back(card_shown((old ? "gonecard-" : "staycard-") + name));
            cards.back().at += old ? 0h : 1h;
            batch.push_back(card_overridden(cards.back().card));
            batch.back().received_at = cards.back().at;
            batch.back().comment = (old ? "gonewords-" : "latewords-") + name;
        }
        ASSERT_TRUE(store->record_shown(cards));
        ASSERT_TRUE(store->record_feedback(batch));
    }
    ASSERT_TRUE(on_disk("gonecard-") && on_disk("gonewords-"));
    ASSERT_TRUE(store->purge(k_noon + 1h, k_noon + 1h));
    EXPECT_FALSE(on_disk("gonecard-"));
    EXPECT_FALSE(on_disk("gonewords-"));
    EXPECT_TRUE(on_disk("staycard-") && on_disk("latewords-"));
    ASSERT_TRUE(store->purge(k_noon, k_noon + 2h));
    EXPECT_FALSE(on_disk("latewords-"));
    EXPECT_TRUE(on_disk("staycard-"));
}

TEST_F(FeedbackDiskTest, APurgeIsNotDoneWhileSomebodyStillReadsTheOldState) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(store->record_feedback({card_overridden("gonecard")}));
    SQLite::Database reader(path_);
    reader.exec("BEGIN");
    ASSERT_EQ(reader.execAndGet("SELECT count(*) FROM feedback").getInt(), 1);
    const auto purged = store->purge(k_noon + 1h, k_noon + 1h);
    ASSERT_TRUE(purged);
    EXPECT_FALSE(purged->done);
    EXPECT_EQ(purged->feedback, 1U) << "deleted, and still on the disk";
    EXPECT_FALSE(store->purge(k_noon + 1h, k_noon + 1h)->done) << "nor is it forgotten that this is left to do";
    reader.exec("COMMIT");
    EXPECT_TRUE(store->purge(k_noon + 1h, k_noon + 1h)->done);
    EXPECT_FALSE(on_disk("gonecard"));
}

TEST_F(FeedbackDiskTest, APurgeThatIsToStopDeletesNoFurtherPage) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(store->record_feedback({card_overridden("gonecard")}));
    std::stop_source ending;
    ending.request_stop();
    EXPECT_FALSE(store->purge(k_noon + 1h, k_noon + 1h, {true, ending.get_token()}).has_value());
    EXPECT_EQ(store->purge(k_noon + 1h, k_noon + 1h)->feedback, 1U);
}

TEST_F(FeedbackDiskTest, WhatWasDeletedStaysInTheFileUntilItIsRewritten) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(store->record_feedback({card_overridden("gonecard")}));
    EXPECT_EQ(store->purge(k_noon + 1h, k_noon + 1h, {.rewrite = false, .stop = {}})->feedback, 1U);
    EXPECT_EQ(SQLite::Database(path_).execAndGet("SELECT count(*) FROM feedback").getInt(), 0);
    EXPECT_TRUE(on_disk("gonecard"));
    EXPECT_EQ(store->purge(k_noon + 1h, k_noon + 1h)->feedback, 0U);
    EXPECT_FALSE(on_disk("gonecard"));
}

TEST_F(FeedbackDiskTest, AfterAnFsyncThatFailedTheFileIsOpenedAnew) {
    FailingDisk disk;
    const auto store = open();
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(store->record_feedback({card_accepted("a")}));
    const int opened = disk.opened();
    disk.fail_syncs(1);
    EXPECT_EQ(store->record_feedback({card_accepted("b")}), std::nullopt);
    EXPECT_EQ(store->state(), StoreState::away);
    EXPECT_EQ(disk.opened(), opened);
    EXPECT_EQ(store->record_feedback({card_accepted("b"), card_accepted("a")}), (Recorded{1, 0, 1, 1}));
    EXPECT_GT(disk.opened(), opened);
    EXPECT_EQ(store->state(), StoreState::ok);
}

TEST_F(FeedbackDiskTest, WhatBecameDamagedIsUnavailable) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(store->record_feedback({card_accepted("a")}));
    ASSERT_TRUE(store->purge(k_noon, k_noon));  // into the file
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);
    file << std::string(8000, 'x');
    file.close();
    EXPECT_EQ(store->record_feedback({card_accepted("b")}), std::nullopt);
    EXPECT_FALSE(store->record_shown({card_shown()}));
    EXPECT_EQ(store->tallies(k_noon), std::nullopt);
    EXPECT_EQ(store->state(), StoreState::away);
}

}  // namespace
}  // namespace proctor::store::feedback_disk_test
