// What leaves the store, and what comes into it, while the audit trail cannot be written.
#include "app/store_tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "app/audit.h"
#include "support/full_disk.h"
#include "support/manual_clock.h"
#include "support/temp_folder.h"

namespace proctor::app {
namespace {

using testing::HasSubstr;

struct Ran {
    Exit exit;
    std::string out, err;
};

class StoreTasks : public testing::Test {
protected:
    StoreTasks() {
        std::ofstream(config_) << R"({"feedback_store": "feedback.sqlite", "audit_log": "audit.log"})";
        const ManualClock clock;
        Config config;
        config.audit_log = trail_;
        const auto audit = open_audit(config, clock).value();
        // So that the trail is the longest file.
        for (int events = 0; events < 2000; ++events) audit->write(Event::reloaded, {});
        EXPECT_EQ(migrate_store(config_), Exit::ok);
    }

    static Ran run(const std::function<Exit()>& command) {
        testing::internal::CaptureStdout();
        testing::internal::CaptureStderr();
        const Exit exit = command();
        return {exit, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
    }
    Ran export_all() {
        return run([&] { return export_store({config_}); });
    }
    Ran back_up(const std::string& name) {
        return run([&] { return back_up_store(config_, folder_.file(name)); });
    }
    [[nodiscard]] rlim_t size() const { return std::filesystem::file_size(trail_); }

    TempFolder folder_;
    const std::string config_ = folder_.file("proctor.json"), trail_ = folder_.file("audit.log");
};

TEST_F(StoreTasks, NothingLeavesWithoutItsEvent) {
    const FullDisk full(size() + 100);
    const auto exported = export_all();
    EXPECT_EQ(exported.exit, Exit::failed);
    EXPECT_EQ(exported.out, "");
    EXPECT_THAT(exported.err, HasSubstr("audit.log: the audit trail cannot be written: nothing leaves the store"));
    const auto backup = back_up("backup.ndjson");
    EXPECT_EQ(backup.exit, Exit::failed);
    EXPECT_THAT(backup.err, HasSubstr("nothing leaves the store"));
    EXPECT_FALSE(std::filesystem::exists(folder_.file("backup.ndjson")));
}

TEST_F(StoreTasks, AnEndThatIsNotInTheTrailIsTold) {
    const auto before = size();
    ASSERT_EQ(back_up("first.ndjson").exit, Exit::ok);
    const auto both = size() - before;
    const auto told = HasSubstr("audit.log: the audit trail cannot be written: it lacks what was done");
    const auto room_for_one = [&] { return size() + both * 3 / 4; };
    {
        const FullDisk full(room_for_one());
        const auto backup = back_up("second.ndjson");
        EXPECT_EQ(backup.exit, Exit::failed);
        EXPECT_THAT(backup.err, told);
        EXPECT_EQ(backup.out, "feedback 0, cards 0\n") << "it is there";
        EXPECT_TRUE(std::filesystem::exists(folder_.file("second.ndjson")));
    }
    {
        const FullDisk full(room_for_one());
        const auto exported = export_all();
        EXPECT_EQ(exported.exit, Exit::failed);
        EXPECT_THAT(exported.err, told);
    }
    const FullDisk full(size() + 100);
    const auto restored = run([&] { return restore_store(config_, folder_.file("first.ndjson")); });
    EXPECT_EQ(restored.exit, Exit::failed);
    EXPECT_THAT(restored.err, told);
}

TEST_F(StoreTasks, OnlyARestoreBeginsATrail) {
    ASSERT_EQ(back_up("first.ndjson").exit, Exit::ok);
    std::filesystem::remove(trail_);
    for (const auto& refused : {export_all(), back_up("second.ndjson")}) {
        EXPECT_EQ(refused.exit, Exit::failed);
        EXPECT_EQ(refused.out, "");
        EXPECT_THAT(refused.err, HasSubstr("audit.log: there is no audit trail yet"));
    }
    EXPECT_FALSE(std::filesystem::exists(trail_)) << "a service may be about to go on in a new file";
    EXPECT_FALSE(std::filesystem::exists(folder_.file("second.ndjson")));
    EXPECT_EQ(run([&] { return restore_store(config_, folder_.file("first.ndjson")); }).exit, Exit::ok);
    EXPECT_EQ(export_all().exit, Exit::ok);
}

}  // namespace
}  // namespace proctor::app
