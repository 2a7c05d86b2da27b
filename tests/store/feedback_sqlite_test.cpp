#include "store/feedback_sqlite.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>

#include "store/feedback_values.h"
#include "store/replay_sqlite.h"
#include "support/other_process.h"
#include "support/temp_folder.h"
#include "support/threads.h"

namespace proctor::store::feedback_sqlite_test {
namespace {

using namespace std::chrono_literals;

class FeedbackSqliteTest : public ::testing::Test {
protected:
    // Null when it cannot be opened.
    [[nodiscard]] std::unique_ptr<FeedbackStore> open() const {
        auto store = open_feedback_sqlite(path_);
        return store ? std::move(store).value() : nullptr;
    }
    // "" when it could be opened.
    [[nodiscard]] std::string error() const {
        const auto store = open_feedback_sqlite(path_);
        return store ? "" : store.error().message;
    }
    [[nodiscard]] mode_t mode(const std::string& suffix) const {
        struct stat seen {};
        return ::stat((path_ + suffix).c_str(), &seen) == 0 ? seen.st_mode & 0777U : 0;
    }
    [[nodiscard]] int count(const std::string& from) const {
        SQLite::Database database(path_);
        return database.execAndGet("SELECT count(*) FROM " + from).getInt();
    }
    void change(const std::string& sql) const { SQLite::Database(path_, SQLite::OPEN_READWRITE).exec(sql); }

    TempFolder folder_;
    const std::string path_ = folder_.file("feedback.db");
};

TEST_F(FeedbackSqliteTest, IsDurableAndPrivate) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(store->record_shown({card_shown()}));
    for (const auto* suffix : {"", "-wal", "-shm"}) EXPECT_EQ(mode(suffix), 0600U) << suffix;
    SQLite::Database other(path_);
    EXPECT_EQ(other.execAndGet("PRAGMA journal_mode").getString(), "wal");
}

// A session that is opened for it, or anew after a failure.
TEST_F(FeedbackSqliteTest, ACallDoesNotWaitForEverForALockOnTheFolder) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    const int folder = ::open(folder_.file(".").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ASSERT_EQ(::flock(folder, LOCK_EX), 0);
    EXPECT_FALSE(store->record_shown({card_shown()}));
    EXPECT_EQ(error(), "another process keeps this folder locked, see lslocks");
    ::close(folder);
    EXPECT_TRUE(store->record_shown({card_shown()}));
}

TEST_F(FeedbackSqliteTest, KeepsWhatWasShownAndWhatCameOfIt) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(store->record_shown({card_shown(), card_shown("other")}));
    EXPECT_EQ(store->record_feedback({card_accepted(), card_overridden("other")}), (Recorded{1, 1, 0, 0}));
    EXPECT_EQ(
        count("shown WHERE rule = 'ADC-12' AND rule_row = 'a' AND content = '0123456789ab' AND hook = 'patient-view' "
              "AND shown_at = 1781524800000"),
        2);
    EXPECT_EQ(count("feedback WHERE accepted = 1 AND suggestions = 's1 s2' AND reason_code = '' AND matched = 1"), 1);
    EXPECT_EQ(count("feedback WHERE accepted = 0 AND suggestions = '' AND reason_code = 'already-ordered' AND "
                    "outcome_at = 1781524800000 AND received_at = 1781524805000"),
              1);
}

TEST_F(FeedbackSqliteTest, ARepeatIsKeptOnceAlsoWithinABatchAndOverAStart) {
    ASSERT_TRUE(open()->record_shown({card_shown(), card_shown()}));
    EXPECT_EQ(open()->record_feedback({card_accepted(), card_accepted()}), (Recorded{1, 0, 0, 1}));
    auto later = card_accepted();
    later.received_at += 1h;
    EXPECT_EQ(open()->record_feedback({later, card_accepted("other")}), (Recorded{1, 0, 1, 1}));
    EXPECT_TRUE(open()->record_shown({card_shown()}));
    EXPECT_EQ(count("shown"), 1);
    EXPECT_EQ(count("feedback"), 2);
}

TEST_F(FeedbackSqliteTest, WhateverDiffersIsOtherFeedback) {
    const std::function<void(CardFeedback&)> changes[] = {
        [](auto& one) { one.client = "nort"; },
        [](auto& one) { one.client = "northt", one.tenant = "1"; },
        [](auto& one) { one.tenant = ""; },
        [](auto& one) { one.service = "anorectal-drug-safety"; },
        [](auto& one) { one.card = "other"; },
        [](auto& one) { one.accepted = true; },
        [](auto& one) { one.suggestions = {"s1"}; },
        [](auto& one) { one.reason_system = ""; },
        [](auto& one) { one.reason_code = "data-wrong"; },
        [](auto& one) { one.outcome_at += 1ms; },
    };
    const auto store = open();
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(store->record_feedback({card_overridden()}));
    for (const auto& change_one : changes) {
        auto other = card_overridden();
        change_one(other);
        const auto recorded = store->record_feedback({other});
        ASSERT_TRUE(recorded);
        EXPECT_EQ(recorded->repeated, 0U);
    }
    EXPECT_EQ(count("feedback"), 1 + static_cast<int>(std::size(changes)));
}

TEST_F(FeedbackSqliteTest, OnlyWhoWasShownACardSpeaksOfIt) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(store->record_shown({card_shown()}));
    auto other_client = card_accepted(), other_tenant = card_accepted();
    other_client.client = "south";
    other_tenant.tenant = "t2";
    EXPECT_EQ(store->record_feedback({other_client, other_tenant, card_accepted("never-shown"), card_accepted()}),
              (Recorded{4, 0, 3, 0}));
    EXPECT_EQ(count("feedback WHERE matched = 0"), 3);
}

TEST_F(FeedbackSqliteTest, ABatchIsKeptAsAWholeOrNotAtAll) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    change("CREATE TRIGGER t BEFORE INSERT ON feedback WHEN NEW.card = 'bad' BEGIN SELECT RAISE(ABORT, 'x'); END");
    EXPECT_EQ(store->record_feedback({card_accepted(), card_accepted("bad"), card_accepted("c")}), std::nullopt);
    EXPECT_EQ(count("feedback"), 0);
    change("DROP TRIGGER t");
    EXPECT_EQ(store->record_feedback({card_accepted(), card_accepted("bad"), card_accepted("c")}),
              (Recorded{3, 0, 3, 0}));
}

TEST_F(FeedbackSqliteTest, ManyThreadsKeepEachOnce) {
    const auto store = open_feedback_sqlite(path_, 1min);
    ASSERT_TRUE(store.ok());
    std::atomic<std::size_t> fresh = 0;
    at_once(8, [&](int) {
        for (int i = 0; i < 50; ++i) {
            const auto recorded = store.value()->record_feedback({card_accepted(std::to_string(i))});
            if (recorded) fresh += recorded->accepted;
        }
    });
    EXPECT_EQ(fresh, 50U);
    EXPECT_EQ(count("feedback"), 50);
}

TEST_F(FeedbackSqliteTest, WhileAnotherLocksTheFileItIsUnavailable) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    SQLite::Database other(path_, SQLite::OPEN_READWRITE);
    other.exec("BEGIN IMMEDIATE");
    EXPECT_FALSE(store->record_shown({card_shown()}));
    EXPECT_EQ(store->record_feedback({card_accepted()}), std::nullopt);
    other.exec("COMMIT");
    EXPECT_TRUE(store->record_shown({card_shown()}));
    EXPECT_EQ(store->record_feedback({card_accepted()}), (Recorded{1, 0, 0, 0}));
}

TEST_F(FeedbackSqliteTest, WithItsTablesGoneItIsUnavailable) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    change("DROP TABLE shown");
    EXPECT_FALSE(store->record_shown({card_shown()}));
    EXPECT_EQ(store->record_feedback({card_accepted()}), std::nullopt);
}

constexpr int k_most = 10'000, k_cards = 100;

// A limit of the process's file sizes is met as a full disk is. Batches of two kept before it was: -1 if anything was
// wrong.
int batches_until_full(FeedbackStore& store) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit little{200'000, RLIM_INFINITY}, all{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &little);
    const auto keep = [&](int i) {
        return store.record_feedback({card_accepted(std::to_string(i)), card_overridden(std::to_string(i))})
            .has_value();
    };
    int kept = 0;
    while (kept < k_most && keep(kept)) ++kept;
    std::vector<ShownCard> cards;  // more than may fit where a batch did not
    for (int i = 0; i < k_cards; ++i) cards.push_back(card_shown(std::to_string(i)));
    const bool refused = !store.record_shown(cards);
    ::setrlimit(RLIMIT_FSIZE, &all);
    return refused && store.record_shown(cards) ? kept : -1;
}

TEST_F(FeedbackSqliteTest, AFullDiskIsUnavailableUntilThereIsRoomAgain) {
    int kept = 0;
    {
        const OtherProcess process([&] { return batches_until_full(*open()); });
        kept = process.result();
    }
    ASSERT_GT(kept, 0);
    ASSERT_LT(kept, k_most);
    EXPECT_EQ(count("feedback"), 2 * kept);
    EXPECT_EQ(count("shown"), k_cards);
}

// The child tells each acknowledgement, and is killed in the middle of its work.
TEST_F(FeedbackSqliteTest, AKillLosesNothingThatWasAcknowledged) {
    constexpr int k_acknowledged = 200;
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    {
        const OtherProcess killed([&]() -> int {
            const auto store = open();
            for (int i = 0;; ++i) {
                if (store->record_feedback({card_accepted(std::to_string(i))})) (void)!::write(ends[1], "x", 1);
            }
        });
        char one = 0;
        for (int i = 0; i < k_acknowledged; ++i) ASSERT_EQ(::read(ends[0], &one, 1), 1);
    }
    ::close(ends[1]);
    int acknowledged = k_acknowledged;
    for (char one = 0; ::read(ends[0], &one, 1) == 1;) ++acknowledged;
    ::close(ends[0]);
    ASSERT_NE(open(), nullptr);
    EXPECT_GE(count("feedback"), acknowledged);
    EXPECT_LE(count("feedback"), acknowledged + 1);
}

TEST_F(FeedbackSqliteTest, RefusesAFileThatCannotBeWritten) {
    ASSERT_EQ(error(), "");
    ASSERT_EQ(::chmod(path_.c_str(), 0400), 0);
    if (::geteuid() == 0) {  // whom no mode keeps out
        ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
        ASSERT_EQ(::chown(path_.c_str(), 65534, 65534), 0);
    }
    const OtherProcess process([&] {
        if (::geteuid() == 0 && ::setuid(65534) != 0) return 2;
        return error() == "the feedback store is damaged, locked or read-only" ? 1 : 0;
    });
    EXPECT_EQ(process.result(), 1);
}

TEST_F(FeedbackSqliteTest, RefusesAFileThatOthersMayUse) {
    ASSERT_EQ(error(), "");
    ASSERT_EQ(::chmod(path_.c_str(), 0640), 0);
    EXPECT_EQ(error(), "others than the owner may use the file; chmod 600");
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
    EXPECT_EQ(error(), "");
}

// Its log may hold what is nowhere else.
TEST_F(FeedbackSqliteTest, RefusesAFileThatWasEmptiedAndLeavesItsLog) {
    ASSERT_TRUE(open()->record_feedback({card_accepted()}));
    std::ofstream(path_, std::ios::trunc).close();
    std::ofstream(path_ + "-wal") << "a log";
    for (int start = 0; start < 2; ++start)
        EXPECT_NE(error().find("it was emptied, or the start that made it broke off; remove it"), std::string::npos);
    EXPECT_FALSE(migrate_feedback_sqlite(path_).ok());
    EXPECT_EQ(std::filesystem::file_size(path_), 0U);
    EXPECT_EQ(std::filesystem::file_size(path_ + "-wal"), 5U);
    ASSERT_EQ(::unlink((path_ + "-wal").c_str()), 0);
    SQLite::Database(path_, SQLite::OPEN_READWRITE).exec("PRAGMA journal_mode = WAL; VACUUM");
    ASSERT_GT(std::filesystem::file_size(path_), 0U);
    EXPECT_NE(error().find("there is no feedback store in this file"), std::string::npos) << "nor one without tables";
    ASSERT_EQ(::unlink(path_.c_str()), 0);
    EXPECT_EQ(error(), "");
}

TEST_F(FeedbackSqliteTest, ManyThatStartAtOnceMakeTheFileOnce) {
    for (int round = 0; round < 20; ++round) {
        at_once(4, [&](int) { EXPECT_TRUE(open_feedback_sqlite(path_, 1min).ok()); });
        for (const auto* suffix : {"", "-wal", "-shm"}) ::unlink((path_ + suffix).c_str());
    }
}

TEST_F(FeedbackSqliteTest, RefusesWhatIsNotItsOwnAndLeavesItAsItIs) {
    const std::string k_not_ours = "no feedback store, or one of another version";
    ASSERT_TRUE(open_replay_sqlite(path_).ok());
    EXPECT_EQ(error(), k_not_ours);
    EXPECT_EQ(count("sqlite_schema WHERE name IN ('shown', 'feedback')"), 0);
    ASSERT_EQ(::unlink(path_.c_str()), 0);
    ASSERT_EQ(error(), "");
    change("PRAGMA user_version = 3");
    EXPECT_EQ(error(), "the feedback store was made by a newer version of this program");
    change("PRAGMA user_version = 2");
    EXPECT_EQ(error(), "");
    change("DROP TABLE feedback");
    EXPECT_EQ(error(), "the feedback store is damaged, locked or read-only");
}

TEST_F(FeedbackSqliteTest, NeverRepairsOrReplacesWhatIsThere) {
    std::ofstream(path_) << "this is no database, and somebody may want to see why";
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
    EXPECT_EQ(error(), "the feedback store is damaged, locked or read-only");
    std::string kept;
    std::getline(std::ifstream(path_), kept);
    EXPECT_EQ(kept, "this is no database, and somebody may want to see why");
}

TEST_F(FeedbackSqliteTest, TextsAreDataWhateverTheyHold) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    for (const std::string text : {"'); DROP TABLE feedback; --", "?1", "\xFF\xFE"}) {
        ASSERT_TRUE(store->record_shown({card_shown(text)}));
        EXPECT_EQ(store->record_feedback({card_accepted(text), card_accepted(text)}), (Recorded{1, 0, 0, 1}));
    }
}

}  // namespace
}  // namespace proctor::store::feedback_sqlite_test
