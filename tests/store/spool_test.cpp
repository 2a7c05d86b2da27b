#include "store/spool.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <atomic>

#include "base/limits.h"
#include "store/feedback_sqlite.h"
#include "store/feedback_values.h"
#include "store/gated_store.h"
#include "support/eventually.h"
#include "support/manual_clock.h"
#include "support/other_process.h"
#include "support/temp_folder.h"
#include "support/threads.h"

namespace proctor::store::spool_test {
namespace {

using namespace std::chrono_literals;

const Person k_person{"north", "t1", "p1"};

// Before a store that is a file, too, as that makes no difference here.
class SpoolTest : public ::testing::Test {
protected:
    // In time even on a busy machine, where a test is not about that.
    [[nodiscard]] static std::unique_ptr<FeedbackSql> file(const std::string& path,
                                                           std::chrono::milliseconds wait = 1min) {
        auto store = open_feedback_sqlite(path, wait);
        return store ? std::move(store).value() : nullptr;
    }
    [[nodiscard]] std::unique_ptr<Spool> open(std::chrono::milliseconds retry = 1ms,
                                              std::chrono::milliseconds wait = 1min) {
        return std::make_unique<Spool>(std::make_unique<GatedStore>(file(primary_), gate_), file(spool_, wait), clock_,
                                       retry);
    }
    static int count(const std::string& path, const std::string& from) {
        return SQLite::Database(path).execAndGet("SELECT count(*) FROM " + from).getInt();
    }
    // The next call may try the store again.
    void call_back() {
        gate_.there = true;
        clock_.pass(1s);
    }

    TempFolder folder_{"/dev/shm"};
    const std::string primary_ = folder_.file("primary.db"), spool_ = folder_.file("spool.db");
    ManualClock clock_;
    GatedStore::Gate gate_;
};

TEST_F(SpoolTest, WhileTheStoreAnswersTheFileIsNotUsed) {
    const auto store = open();
    ASSERT_TRUE(store->record_shown({card_shown()}));
    EXPECT_EQ(store->record_feedback({card_accepted(), card_accepted("never")}), (Recorded{2, 0, 1, 0}));
    EXPECT_EQ(store->past(k_person, k_noon)->size(), 1U);
    EXPECT_EQ(count(spool_, "shown") + count(spool_, "feedback"), 0);
    EXPECT_EQ(store->state(), StoreState::ok);
}

TEST_F(SpoolTest, WhatComesWhileTheStoreIsAwayIsKeptAndHandedOver) {
    gate_.there = false;
    const auto store = open();
    ASSERT_TRUE(store->record_shown({card_shown()}));
    EXPECT_EQ(store->record_feedback({card_overridden(), card_accepted("never")}), (Recorded{1, 1, 0, 0}));
    EXPECT_EQ(store->record_feedback({card_overridden()}), (Recorded{0, 0, 0, 1}));
    EXPECT_EQ(store->state(), StoreState::spooling);
    EXPECT_EQ(count(spool_, "feedback"), 2);
    EXPECT_EQ(count(primary_, "feedback"), 0);

    call_back();
    ASSERT_TRUE(store->settled(1min));
    EXPECT_EQ(store->state(), StoreState::ok);
    EXPECT_EQ(count(primary_, "shown"), 1);
    EXPECT_EQ(count(primary_, "feedback WHERE matched = 1 AND comment = 'sealed-comment'"), 1);
    EXPECT_EQ(count(primary_, "feedback WHERE matched = 0"), 1);
    EXPECT_EQ(count(spool_, "shown") + count(spool_, "feedback"), 0);
    EXPECT_EQ(store->record_feedback({card_overridden()}), (Recorded{0, 0, 0, 1})) << "handed over, and known there";
}

TEST_F(SpoolTest, WhileItIsAwayOneCallInASecondTriesTheStore) {
    const auto store = open(1s);
    gate_.there = false;
    for (int i = 0; i < 3; ++i) EXPECT_EQ(store->past(k_person, k_noon), std::nullopt);
    EXPECT_EQ(gate_.asked, 1);
    clock_.pass(999ms);
    EXPECT_EQ(store->tallies(k_noon), std::nullopt);
    EXPECT_EQ(gate_.asked, 1);
    clock_.pass(1ms);
    EXPECT_EQ(store->tallies(k_noon), std::nullopt);
    EXPECT_EQ(store->shown_after(nullptr, 1), std::nullopt);
    EXPECT_EQ(gate_.asked, 2);
    call_back();
    EXPECT_TRUE(store->past(k_person, k_noon));
    EXPECT_TRUE(store->feedback_after("", 1));
    EXPECT_EQ(gate_.asked, 4);
    EXPECT_EQ(store->state(), StoreState::ok);
}

TEST_F(SpoolTest, WhatIsInTheFileAfterAStartIsHandedOver) {
    gate_.there = false;
    ASSERT_TRUE(open()->record_feedback({card_accepted()}));
    ASSERT_EQ(count(spool_, "feedback"), 1);
    {
        const auto store = open();
        EXPECT_EQ(store->state(), StoreState::spooling);
    }
    ASSERT_EQ(count(spool_, "feedback"), 1) << "a stop waits for nobody and loses nothing";
    gate_.there = true;
    const auto store = open();
    ASSERT_TRUE(store->settled(1min));
    EXPECT_EQ(count(primary_, "feedback"), 1);
    EXPECT_EQ(count(spool_, "feedback"), 0);
}

TEST_F(SpoolTest, ACrashBetweenHandingOverAndErasingNeitherLosesNorDoubles) {
    constexpr int k_rows = 250;
    gate_.there = false;
    {
        const auto store = file(spool_);
        for (int i = 0; i < k_rows; ++i) {
            const std::string card = std::to_string(i);
            ASSERT_TRUE(store->record_shown({card_shown(card)}));
            ASSERT_TRUE(store->record_feedback({card_accepted(card)}));
        }
    }
    int crashes = 0;
    gate_.there = gate_.die = true;
    const auto left = [&] { return count(spool_, "shown") + count(spool_, "feedback"); };
    for (; crashes < 3; ++crashes) {
        const int before = left();
        {
            const OtherProcess process([&] { return open()->settled(1min) ? 1 : 0; });
            EXPECT_EQ(process.result(), -1) << "it died";
        }
        EXPECT_EQ(left(), before) << "handed over, and not erased";
    }
    gate_.die = false;
    EXPECT_EQ(count(primary_, "shown"), limits::k_feedback_spool_rows);
    const auto store = open();
    ASSERT_TRUE(store->settled(1min));
    EXPECT_EQ(count(primary_, "shown"), k_rows);
    EXPECT_EQ(count(primary_, "feedback WHERE matched = 1"), k_rows);
    EXPECT_EQ(left(), 0);
}

TEST_F(SpoolTest, WhenTheFileFailsTooNothingIsAcknowledged) {
    gate_.there = false;
    const auto store = open(1ms, 100ms);
    SQLite::Database other(spool_, SQLite::OPEN_READWRITE);
    other.exec("BEGIN IMMEDIATE");
    EXPECT_FALSE(store->record_shown({card_shown()}));
    EXPECT_EQ(store->record_feedback({card_accepted()}), std::nullopt);
    EXPECT_EQ(store->state(), StoreState::away);
    other.exec("COMMIT");
    // A busy machine may need longer than that.
    ASSERT_TRUE(eventually([&] { return store->record_feedback({card_accepted()}).has_value(); }));
    EXPECT_EQ(store->state(), StoreState::spooling);
    call_back();
    ASSERT_TRUE(store->settled(1min));
    EXPECT_EQ(count(primary_, "shown"), 0);
    EXPECT_EQ(count(primary_, "feedback"), 1);
}

TEST_F(SpoolTest, APurgeIsOfBoth) {
    gate_.there = false;
    const auto store = open();
    ASSERT_TRUE(store->record_feedback({card_accepted()}));
    const auto of_file = store->purge(k_noon + 1h, k_noon);
    ASSERT_TRUE(of_file);
    EXPECT_EQ(of_file->feedback, 1U);
    EXPECT_FALSE(of_file->done) << "the store is away";
    EXPECT_EQ(count(spool_, "feedback"), 0);
    EXPECT_FALSE(store->purge(k_noon + 1h, k_noon)) << "and now there is nothing to say";
    call_back();
    ASSERT_TRUE(store->record_feedback({card_accepted()}));
    const auto of_store = store->purge(k_noon + 1h, k_noon);
    ASSERT_TRUE(of_store);
    EXPECT_EQ(of_store->feedback, 1U);
    EXPECT_TRUE(of_store->done);
}

TEST_F(SpoolTest, ManyThreadsWhileTheStoreComesAndGoesKeepEachOnce) {
    const auto store = open();
    std::atomic<int> kept = 0;
    at_once(4, [&](int thread) {
        for (int i = 0; i < 100; ++i) {
            if (thread == 0) gate_.there = i % 2 != 0;
            if (thread == 0) clock_.pass(1s);
            if (store->record_feedback({card_accepted(std::to_string(thread) + "-" + std::to_string(i))})) ++kept;
        }
    });
    call_back();
    ASSERT_TRUE(store->settled(1min));
    EXPECT_EQ(kept, 400);
    EXPECT_EQ(count(primary_, "feedback"), 400);
    EXPECT_EQ(count(spool_, "feedback"), 0);
}

}  // namespace
}  // namespace proctor::store::spool_test
