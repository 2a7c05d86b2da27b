#include "store/replay_sqlite.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "auth/replay_guard.h"
#include "auth/replay_memory.h"
#include "store/replay_race.h"
#include "support/other_process.h"
#include "support/temp_folder.h"

namespace proctor::store::replay_sqlite_test {
namespace {

using namespace std::chrono_literals;
using auth::ReplayStore;
using auth::Use;

class ReplaySqliteTest : public ::testing::Test {
protected:
    explicit ReplaySqliteTest(const std::string& parent = "/tmp", std::chrono::milliseconds wait = 250ms)
        : folder_(parent), wait_(wait) {}

    // Null when it cannot be opened.
    [[nodiscard]] std::unique_ptr<ReplayStore> open() const {
        auto store = open_replay_sqlite(path_, wait_);
        return store ? std::move(store).value() : nullptr;
    }
    // "" when it could be opened.
    [[nodiscard]] std::string error() const {
        const auto store = open_replay_sqlite(path_);
        return store ? "" : store.error().message;
    }
    [[nodiscard]] mode_t mode(const std::string& suffix) const {
        struct stat seen {};
        return ::stat((path_ + suffix).c_str(), &seen) == 0 ? seen.st_mode & 0777U : 0;
    }

    TempFolder folder_;
    const std::chrono::milliseconds wait_;
    const std::string path_ = folder_.file("replay.db");
};

// Not about disks, whose every commit takes milliseconds, nor about being in time on a busy machine.
class ReplaySqliteRace : public ReplaySqliteTest {
protected:
    ReplaySqliteRace() : ReplaySqliteTest("/dev/shm", 1min) {}
};

TEST_F(ReplaySqliteTest, ATokenIsFirstOnce) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(store->use("a", k_until, k_now), Use::first);
    EXPECT_EQ(store->use("a", k_until, k_now), Use::again);
    EXPECT_EQ(store->use("b", k_until, k_now), Use::first);
}

TEST_F(ReplaySqliteTest, IsDurableAndPrivate) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    ASSERT_EQ(store->use("a", k_until, k_now), Use::first);
    for (const auto* suffix : {"", "-wal", "-shm"}) EXPECT_EQ(mode(suffix), 0600U) << suffix;
    SQLite::Database other(path_);
    EXPECT_EQ(other.execAndGet("PRAGMA journal_mode").getString(), "wal");
}

TEST_F(ReplaySqliteTest, AStartDoesNotWaitForEverForALockOnItsFolder) {
    const int folder = ::open(folder_.file(".").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ASSERT_EQ(::flock(folder, LOCK_EX), 0);
    EXPECT_EQ(error(), "another process keeps this folder locked, see lslocks");
    ::close(folder);
    EXPECT_EQ(error(), "");
}

TEST_F(ReplaySqliteTest, ANewStartKnowsWhatTheOldAccepted) {
    for (const Use expected : {Use::first, Use::again, Use::again}) {
        const auto store = open();
        ASSERT_NE(store, nullptr);
        EXPECT_EQ(store->use("a", k_until, k_now), expected);
    }
}

TEST_F(ReplaySqliteTest, WhatAKilledProcessAcceptedIsKnown) {
    {
        const OtherProcess killed([&] { return open()->use("a", k_until, k_now) == Use::first ? 1 : 0; });
        ASSERT_EQ(killed.result(), 1);
    }
    const auto store = open();
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(store->use("a", k_until, k_now), Use::again);
}

TEST_F(ReplaySqliteTest, AfterAKillTheNextStartRefusesWhatWasAdmitted) {
    const SystemClock clock;
    const auto admit = [&](const std::string& id) {
        const auto store = open();
        auth::ReplayMemory memory(clock);
        auth::ReplayGuard guard(memory, store.get(), {}, clock);
        return guard.use({id, 0, k_until}, k_now);
    };
    {
        const OtherProcess killed([&] { return admit("a") ? 0 : 1; });
        ASSERT_EQ(killed.result(), 1);
    }
    EXPECT_EQ(admit("a"), auth::Reason::replayed);
    EXPECT_EQ(admit("b"), std::nullopt);
}

TEST_F(ReplaySqliteRace, TwoInstancesShareEveryTokenOnce) {
    const auto one = open(), two = open();
    ASSERT_TRUE(one != nullptr && two != nullptr);
    EXPECT_EQ(count_firsts_at_once({one.get(), two.get()}), k_ids);
}

TEST_F(ReplaySqliteRace, ManyThreadsOfOneInstanceShareEveryTokenOnce) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(count_firsts_at_once(std::vector<ReplayStore*>(8, store.get())), k_ids);
}

TEST_F(ReplaySqliteRace, TwoProcessesShareEveryTokenOnce) {
    const auto work = [&] { return count_firsts(*open()); };
    const OtherProcess one(work), two(work);
    EXPECT_EQ(one.result() + two.result(), k_ids);
}

TEST_F(ReplaySqliteTest, OldIdsGoAfterAnHourMore) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    ASSERT_EQ(store->use("old", k_until, k_now), Use::first);
    ASSERT_EQ(store->use("young", k_until + 1ms, k_now), Use::first);
    const WallTime later = k_until + 1h + 1ms;
    const auto restarted = open();  // the first use cleans up
    ASSERT_NE(restarted, nullptr);
    ASSERT_EQ(restarted->use("b", later + 6min, later), Use::first);
    EXPECT_EQ(store->use("young", later + 6min, later), Use::again);
    EXPECT_EQ(store->use("old", later + 6min, later), Use::first);
}

TEST_F(ReplaySqliteTest, WhileAnotherLocksTheFileItIsUnavailable) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    SQLite::Database other(path_, SQLite::OPEN_READWRITE);
    other.exec("BEGIN IMMEDIATE");
    EXPECT_EQ(store->use("a", k_until, k_now), Use::unavailable);
    other.exec("COMMIT");
    EXPECT_EQ(store->use("a", k_until, k_now), Use::first);
}

TEST_F(ReplaySqliteTest, AWriteThatFailsIsUnavailableAndKeepsNothing) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    SQLite::Database(path_, SQLite::OPEN_READWRITE)
        .exec("CREATE TRIGGER full BEFORE INSERT ON replay BEGIN SELECT RAISE(ABORT, 'full'); END");
    EXPECT_EQ(store->use("a", k_until, k_now), Use::unavailable);
    SQLite::Database(path_, SQLite::OPEN_READWRITE).exec("DROP TRIGGER full");
    EXPECT_EQ(store->use("a", k_until, k_now), Use::first);
}

// A limit of the process's file sizes is met as a full disk is. Ids accepted before it was: -1 if anything was wrong.
int uses_until_full(ReplayStore& store) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit little{200'000, RLIM_INFINITY}, all{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &little);
    int accepted = 0;
    while (accepted < k_ids && store.use(std::to_string(accepted), k_until, k_now) == Use::first) ++accepted;
    const bool refused = store.use("b", k_until, k_now) == Use::unavailable;
    ::setrlimit(RLIMIT_FSIZE, &all);
    const bool recovers = store.use("b", k_until, k_now) == Use::first;
    return refused && recovers ? accepted : -1;
}

TEST_F(ReplaySqliteTest, AFullDiskIsUnavailableUntilThereIsRoomAgain) {
    const OtherProcess process([&] { return uses_until_full(*open()); });
    const int accepted = process.result();
    ASSERT_GT(accepted, 0);
    ASSERT_LT(accepted, k_ids);
    const auto store = open();
    ASSERT_NE(store, nullptr);
    for (int i = 0; i < accepted; ++i) EXPECT_EQ(store->use(std::to_string(i), k_until, k_now), Use::again);
    EXPECT_EQ(store->use(std::to_string(accepted), k_until, k_now), Use::first);
    EXPECT_EQ(store->use("b", k_until, k_now), Use::again);
}

TEST_F(ReplaySqliteTest, IdsAreDataWhateverTheyHold) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    for (const std::string id : {"'); DROP TABLE replay; --", "?1", "\xFF\xFE", ""}) {
        EXPECT_EQ(store->use(id, k_until, k_now), Use::first);
        EXPECT_EQ(store->use(id, k_until, k_now), Use::again);
    }
}

TEST_F(ReplaySqliteTest, RefusesAFileThatOthersMayUse) {
    std::ofstream(path_).close();
    for (const mode_t mode : {0640U, 0604U, 0660U, 0666U}) {
        ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
        EXPECT_EQ(error(), "others than the owner may use the file; chmod 600");
    }
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
    EXPECT_EQ(error(), "");
}

TEST_F(ReplaySqliteTest, NeverRepairsOrReplacesWhatIsThere) {
    std::ofstream(path_) << "this is no database, and somebody may want to see why";
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
    EXPECT_EQ(error(), "no replay store, or a damaged or locked one");
    std::string kept;
    std::getline(std::ifstream(path_), kept);
    EXPECT_EQ(kept, "this is no database, and somebody may want to see why");
}

TEST_F(ReplaySqliteTest, RefusesAnothersTable) {
    SQLite::Database(path_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE replay (film TEXT)");
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
    EXPECT_EQ(error(), "no replay store, or a damaged or locked one");
}

TEST_F(ReplaySqliteTest, NeedsAFileOfItsOwn) {
    EXPECT_FALSE(open_replay_sqlite(folder_.file("missing/replay.db")));
    EXPECT_FALSE(open_replay_sqlite(folder_.path()));
    ASSERT_EQ(::symlink("/dev/null", folder_.file("link").c_str()), 0);
    EXPECT_FALSE(open_replay_sqlite(folder_.file("link")));
}

}  // namespace
}  // namespace proctor::store::replay_sqlite_test
