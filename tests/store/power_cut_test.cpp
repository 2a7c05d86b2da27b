#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <utility>

#include "store/feedback_sqlite.h"
#include "store/sqlite_file.h"
#include "support/power_cut_vfs.h"
#include "support/temp_folder.h"
#include "support/threads.h"

namespace proctor::store::power_cut_test {
namespace {

using namespace std::chrono_literals;

constexpr WallTime k_now{1'781'524'800'000ms};  // 2026-06-15T12:00:00Z
constexpr int k_threads = 4;
constexpr int k_rounds = 6;  // of a thread, between two openings of the store
constexpr int k_batch = 3;   // cards
constexpr int k_cuts = 4;    // of one file
// Changes and syncs after which the power goes, at most: from an opening on, and after a kill.
constexpr int k_latest = 250, k_soon = 60;

// What the store was told, and what it said.
struct Told {
    bool shown = false, feedback = false;  // acknowledged
};

struct Kept {
    std::map<std::string, int> shown, feedback;  // rows of each card
    bool intact = false;
};

struct Count {
    int cuts = 0, acknowledged = 0, lost = 0, doubled = 0, halves = 0;  // halves: of a batch
    void operator+=(const Count& other) {
        cuts += other.cuts;
        acknowledged += other.acknowledged;
        lost += other.lost;
        doubled += other.doubled;
        halves += other.halves;
    }
};

std::vector<std::string> cards_of(const std::string& batch) {
    std::vector<std::string> cards;
    for (int i = 0; i < k_batch; ++i) cards.push_back(batch + "/" + std::to_string(i));
    return cards;
}

std::vector<ShownCard> shown(const std::string& batch) {
    std::vector<ShownCard> all;
    for (const auto& card : cards_of(batch)) {
        ShownCard one;
        one.client = "north";
        one.card = card;
        one.service = "anorectal-alarms";
        one.at = k_now;
        all.push_back(one);
    }
    return all;
}

std::vector<CardFeedback> feedback(const std::string& batch) {
    std::vector<CardFeedback> all;
    for (const auto& card : cards_of(batch)) {
        CardFeedback one;
        one.client = "north";
        one.service = "anorectal-alarms";
        one.card = card;
        one.outcome_at = one.received_at = k_now;
        all.push_back(one);
    }
    return all;
}

// Beside the cuts.
struct Trouble {
    std::string pragma;          // for every connection once the store has opened it
    bool failing_syncs = false;  // at the end of every other opening, before a kill
};

// One file whose machine loses power again and again.
class Life final {
public:
    Life(PowerCutVfs& vfs, std::uint64_t seed, Trouble trouble)
        : vfs_(vfs), random_(seed), trouble_(std::move(trouble)), name_(std::to_string(seed)) {}

    // Works until the power goes. What was lost then, of all that was ever acknowledged; `acknowledged` since the cut
    // before.
    Count cut() {
        vfs_.begin(random_());
        vfs_.cut_at(one_to(k_latest));
        while (vfs_.power() && work()) {
        }
        vfs_.restore();
        bool opens = open() != nullptr;
        // As the error says: the first start broke off. If anything had been acknowledged, it counts as lost.
        if (!opens && std::filesystem::is_empty(path_)) opens = std::filesystem::remove(path_) && open() != nullptr;
        Count count = compare(read());
        if (!opens) ++count.lost;
        count.cuts = 1;
        count.acknowledged -= std::exchange(acknowledged_, count.acknowledged);
        return count;
    }

    // Everything is sent once more, as clients do that got no answer; then each is there once.
    [[nodiscard]] Count end() {
        vfs_.begin(0);
        const auto store = open();
        for (auto& [batch, told] : told_) {
            told.shown = store->record_shown(shown(batch));
            told.feedback = store->record_feedback(feedback(batch)).has_value();
        }
        return compare(read());
    }

private:
    [[nodiscard]] std::unique_ptr<FeedbackStore> open() {
        auto store = open_feedback_sqlite(path_, 1min);
        if (!store) return nullptr;
        (void)store.value()->record_feedback({});  // it may wait for this before it opens what it writes with
        vfs_.run_on_connections("PRAGMA wal_autocheckpoint = 16");  // a checkpoint after every few commits
        vfs_.run_on_connections(trouble_.pragma);
        return std::move(store).value();
    }

    // False: the store could not be opened.
    bool work() {
        auto store = open();
        if (!store) return false;
        const bool failing = trouble_.failing_syncs && random_() % 2 == 0;
        const int from = one_to(k_rounds) - 1;
        ++opening_;
        at_once(k_threads, [&](int thread) {
            for (int i = 0; i < k_rounds && vfs_.power(); ++i) {
                if (failing && i == from) vfs_.fail_syncs(true);
                tell(*store, name_ + "/" + std::to_string((opening_ * k_threads + thread) * k_rounds + i));
            }
        });
        if (failing) {
            vfs_.kill([&] { store.reset(); });
            vfs_.cut_at(one_to(k_soon));
        }
        return true;
    }

    int one_to(int most) { return 1 + static_cast<int>(random_() % static_cast<unsigned>(most)); }

    void tell(FeedbackStore& store, const std::string& batch) {
        Told told;
        note(batch, told);
        told.shown = store.record_shown(shown(batch));
        told.feedback = store.record_feedback(feedback(batch)).has_value();
        note(batch, told);
    }
    void note(const std::string& batch, Told told) {
        const std::lock_guard lock(mutex_);
        told_[batch] = told;
    }

    [[nodiscard]] Kept read() const {
        SQLite::Database database(path_);
        Kept kept;
        kept.intact = database.execAndGet("PRAGMA integrity_check").getString() == "ok";
        const auto count = [&](const std::string& table, std::map<std::string, int>& rows) {
            SQLite::Statement select(database, "SELECT card, count(*) FROM " + table + " GROUP BY card");
            while (select.executeStep()) rows[select.getColumn(0)] = select.getColumn(1).getInt();
        };
        count("shown", kept.shown);
        count("feedback", kept.feedback);
        return kept;
    }

    [[nodiscard]] Count compare(const Kept& kept) const {
        EXPECT_TRUE(kept.intact) << name_;
        Count count;
        for (const auto& [batch, told] : told_) {
            compare(batch, told.shown, kept.shown, count);
            compare(batch, told.feedback, kept.feedback, count);
        }
        return count;
    }
    static void compare(const std::string& batch, bool acknowledged, const std::map<std::string, int>& rows,
                        Count& count) {
        int found = 0;
        for (const auto& card : cards_of(batch)) {
            const auto row = rows.find(card);
            if (row != rows.end()) ++found;
            if (row != rows.end() && row->second > 1) ++count.doubled;
        }
        if (found != 0 && found != k_batch) ++count.halves;
        if (!acknowledged) return;
        count.acknowledged += k_batch;
        count.lost += k_batch - found;
    }

    PowerCutVfs& vfs_;
    std::mt19937_64 random_;
    const Trouble trouble_;
    const std::string name_;
    TempFolder folder_{"/dev/shm"};
    const std::string path_ = folder_.file("feedback.db");
    int opening_ = 0, acknowledged_ = 0;
    std::mutex mutex_;  // of what follows
    std::map<std::string, Told> told_;
};

// The sum over so many files.
Count cut_power(int lives, const Trouble& trouble) {
    PowerCutVfs vfs;
    Count all;
    for (int seed = 0; seed < lives; ++seed) {
        Life life(vfs, static_cast<std::uint64_t>(seed), trouble);
        for (int i = 0; i < k_cuts; ++i) all += life.cut();
        const Count last = life.end();
        EXPECT_EQ(last.lost + last.doubled + last.halves, 0) << seed;
    }
    ::testing::Test::RecordProperty("cuts", all.cuts);
    ::testing::Test::RecordProperty("acknowledged", all.acknowledged);
    ::testing::Test::RecordProperty("lost", all.lost);
    return all;
}

TEST(PowerCut, LosesNothingThatWasAcknowledgedAndKeepsEachOnce) {
    const Count count = cut_power(30, {});
    EXPECT_GE(count.cuts, 100);
    EXPECT_GE(count.acknowledged, 1000);
    EXPECT_EQ(count.lost, 0);
    EXPECT_EQ(count.doubled, 0);
    EXPECT_EQ(count.halves, 0);
}

TEST(PowerCut, AfterFailedSyncsAndAKillNothingThatWasAcknowledgedIsLost) {
    const Count count = cut_power(15, {.pragma = "", .failing_syncs = true});
    EXPECT_GE(count.acknowledged, 1000);
    EXPECT_EQ(count.lost, 0);
    EXPECT_EQ(count.doubled, 0);
    EXPECT_EQ(count.halves, 0);
}

// The test can see a loss: without a sync for every commit the store loses what it acknowledged, and is whole still.
TEST(PowerCut, WithSynchronousNormalAcknowledgedRowsAreLost) {
    const Count count = cut_power(10, {.pragma = "PRAGMA synchronous = NORMAL", .failing_syncs = false});
    EXPECT_GT(count.lost, 0);
    EXPECT_EQ(count.halves, 0);
}

// After a failed sync the system shows a log that is not on the disk; the next process reads it as if it were. Whether
// the row that this one adds is there after a power cut.
bool outlives_a_cut(bool settled) {
    PowerCutVfs vfs;
    const TempFolder folder("/dev/shm");
    const std::string path = folder.file("a.db");
    const auto opened = [&] { return SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE); };
    vfs.begin(1);
    auto first = std::make_unique<SQLite::Database>(opened());
    EXPECT_TRUE(make_durable(*first));
    first->exec("CREATE TABLE t (x)");
    vfs.fail_syncs(true);
    EXPECT_NE(first->tryExec("INSERT INTO t VALUES ('not acknowledged')"), SQLITE_OK);
    vfs.kill([&] { first.reset(); });
    EXPECT_TRUE(!settled || settle_log(path));
    auto second = std::make_unique<SQLite::Database>(opened());
    EXPECT_TRUE(make_durable(*second));
    second->exec("INSERT INTO t VALUES ('acknowledged')");
    vfs.kill([&] { second.reset(); });
    vfs.restore();
    return opened().execAndGet("SELECT count(*) FROM t WHERE x = 'acknowledged'").getInt() == 1;
}

TEST(PowerCut, NothingIsBuiltOnALogThatNeverCameToTheDisk) {
    EXPECT_FALSE(outlives_a_cut(false));
    EXPECT_TRUE(outlives_a_cut(true));
}

}  // namespace
}  // namespace proctor::store::power_cut_test
