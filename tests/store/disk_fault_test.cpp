// The feedback store on a disk that fails: nothing crashes, nothing that was acknowledged is lost, and it recovers by
// itself where the fault goes away.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "store/feedback_sqlite.h"
#include "support/temp_folder.h"

namespace proctor::store::disk_fault_test {
namespace {

using namespace std::chrono_literals;

constexpr WallTime k_now{1'781'524'800'000ms};  // 2026-06-15T12:00:00Z
constexpr std::size_t k_page = 4096;

class DiskFaultTest : public ::testing::Test {
protected:
    [[nodiscard]] std::unique_ptr<FeedbackStore> open() const {
        auto store = open_feedback_sqlite(path_, 1min);
        return store ? std::move(store).value() : nullptr;
    }
    [[nodiscard]] static std::optional<Recorded> record(FeedbackStore& store, const std::string& card) {
        CardFeedback one;
        one.client = "north";
        one.service = "anorectal-alarms";
        one.card = card;
        one.outcome_at = one.received_at = k_now;
        return store.record_feedback({one});
    }
    [[nodiscard]] static bool keep(FeedbackStore& store, const std::string& card) {
        return record(store, card).has_value();
    }
    // By a store that is opened for it.
    [[nodiscard]] bool keeps(const std::string& card) const {
        const auto store = open();
        return store != nullptr && keep(*store, card);
    }
    // Cards `first` to `last`, each acknowledged.
    static void keep_all(FeedbackStore& store, int first, int last) {
        for (int i = first; i <= last; ++i) ASSERT_TRUE(keep(store, std::to_string(i))) << i;
    }
    [[nodiscard]] int rows() const {
        return SQLite::Database(path_).execAndGet("SELECT count(*) FROM feedback").getInt();
    }

    TempFolder folder_{"/dev/shm"};
    const std::string path_ = folder_.file("data/feedback.db");
    const bool made_ = std::filesystem::create_directory(folder_.file("data"));
};

TEST_F(DiskFaultTest, WithoutItsFolderItDoesNotOpen) {
    std::filesystem::remove(folder_.file("data"));
    EXPECT_EQ(open(), nullptr);
}

// Rows would go to a file that has no name any more.
TEST_F(DiskFaultTest, WithItsFolderMovedAwayNothingIsAcknowledgedUntilItIsBack) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    keep_all(*store, 1, 3);
    std::filesystem::rename(folder_.file("data"), folder_.file("elsewhere"));
    EXPECT_FALSE(keep(*store, "4"));
    std::filesystem::create_directory(folder_.file("data"));
    EXPECT_FALSE(keep(*store, "4"));
    EXPECT_FALSE(std::filesystem::exists(path_)) << "a new file in place of the old";
    std::filesystem::remove(folder_.file("data"));
    std::filesystem::rename(folder_.file("elsewhere"), folder_.file("data"));
    keep_all(*store, 4, 4);
    EXPECT_EQ(rows(), 4);
}

TEST_F(DiskFaultTest, AFullFileSystemIsUnavailableUntilThereIsRoomAgain) {
    if (::mount("none", folder_.file("data").c_str(), "tmpfs", 0, "size=512k,mode=0700") != 0)
        GTEST_SKIP() << "no file system may be mounted here";
    {
        const auto store = open();
        ASSERT_NE(store, nullptr);
        std::ofstream(folder_.file("data/other")) << std::string(1U << 20U, 'x');
        int kept = 0;
        while (keep(*store, std::to_string(kept + 1))) ++kept;
        std::filesystem::remove(folder_.file("data/other"));
        keep_all(*store, kept + 1, kept + 10);
        EXPECT_EQ(rows(), kept + 10);
        EXPECT_EQ(SQLite::Database(path_).execAndGet("PRAGMA integrity_check").getString(), "ok");
    }
    EXPECT_EQ(::umount(folder_.file("data").c_str()), 0);
}

std::string read_all(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// What a disk gives instead of a page.
std::vector<std::string> damages(const std::string& page) {
    std::mt19937 random(1);
    std::string noise(page.size(), '\0');
    for (char& byte : noise) byte = static_cast<char>(random());
    std::string half = page;
    std::fill(half.begin() + static_cast<std::ptrdiff_t>(page.size() / 2), half.end(), '\0');
    return {std::string(page.size(), '\0'), std::string(page.size(), '\xff'), noise, half};
}

// Whichever page it is: either the store is unavailable, or it keeps what it acknowledges.
TEST_F(DiskFaultTest, ADamagedPageIsNeverAReasonToCrashOrToAcknowledgeWhatIsNotKept) {
    {
        const auto store = open();
        ASSERT_NE(store, nullptr);
        keep_all(*store, 1, 60);
    }
    const std::string good = read_all(path_);
    int refused = 0, kept = 0;
    for (std::size_t at = 0; at < good.size(); at += k_page) {
        for (const std::string& damage : damages(good.substr(at, k_page))) {
            std::string bad = good;
            bad.replace(at, k_page, damage);
            for (const auto* beside : {"-wal", "-shm"}) std::filesystem::remove(path_ + beside);
            std::ofstream(path_, std::ios::binary) << bad;
            const bool acknowledged = keeps("new");
            ++(acknowledged ? kept : refused);
            if (!acknowledged) continue;
            EXPECT_EQ(record(*open(), "new"), (Recorded{0, 0, 0, 1})) << at;
        }
    }
    EXPECT_GT(kept, 0);
    EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace proctor::store::disk_fault_test
