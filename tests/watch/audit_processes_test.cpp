// Several processes on one trail: a service and commands beside it, through stops, kills, rotations and deletions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_folder.h"
#include "watch/audit_trail.h"

namespace proctor::watch {
namespace {

using testing::HasSubstr;
using testing::Not;

class AuditProcesses : public testing::Test {
protected:
    [[nodiscard]] std::unique_ptr<Audit> open_service(bool with_key = true) const {
        auto service = open_trail(path_, clock_, with_key);
        service->write(Event::started, {});
        return service;
    }
    // As a command that exports: two events.
    void run_command() const {
        const auto command = open_trail(path_, clock_);
        EXPECT_TRUE(command->record(Event::exporting, {}));
        EXPECT_TRUE(command->record(Event::exported, {}));
    }
    // What the next start says of the end that it finds.
    [[nodiscard]] std::string said_by_the_next_start() const {
        (void)open_service();
        const auto lines = lines_of(path_);
        return lines[lines.size() - 2];
    }

    TempFolder folder_;
    ManualClock clock_;
    const std::string path_ = folder_.file("audit.log");
};

constexpr const char* k_no_stop = "did not end with a stop";

TEST_F(AuditProcesses, ACommandAfterAStopLeavesTheTrailStopped) {
    open_service()->write(Event::stopped, {});
    run_command();
    EXPECT_TRUE(end_of({path_}).closed);
    // One that a signal ended.
    const auto ended = open_trail(path_, clock_);
    EXPECT_TRUE(ended->record(Event::exporting, {}));
    EXPECT_TRUE(end_of({path_}).closed);
    EXPECT_THAT(said_by_the_next_start(), Not(HasSubstr(k_no_stop)));
    EXPECT_EQ(check_files({path_}), "OK");
}

TEST_F(AuditProcesses, ACommandBeforeTheFirstStartLeavesATrailThatNobodyBrokeOff) {
    run_command();
    EXPECT_THAT(said_by_the_next_start(), Not(HasSubstr(k_no_stop)));
}

TEST_F(AuditProcesses, ACommandAfterAKillDoesNotHideIt) {
    const auto killed = open_service();
    run_command();
    EXPECT_FALSE(end_of({path_}).closed);
    EXPECT_THAT(said_by_the_next_start(), HasSubstr(k_no_stop));
}

TEST_F(AuditProcesses, ACommandBesideAServiceThatStopsOrStartsSaysWhatThatDid) {
    auto service = open_service();
    const auto command = open_trail(path_, clock_);
    EXPECT_TRUE(command->record(Event::exporting, {}));
    EXPECT_FALSE(end_of({path_}).closed);
    service->write(Event::stopped, {});
    service.reset();
    EXPECT_TRUE(command->record(Event::exported, {}));
    EXPECT_TRUE(end_of({path_}).closed);
    service = open_service();
    EXPECT_TRUE(command->record(Event::exported, {}));
    EXPECT_FALSE(end_of({path_}).closed);
}

TEST_F(AuditProcesses, AnEndThatIsCutBehindAStartIsNoStop) {
    open_service()->write(Event::stopped, {});
    run_command();
    (void)open_service();
    auto lines = lines_of(path_);
    lines.pop_back();
    ASSERT_THAT(lines.back(), HasSubstr("Application Start"));
    write_file(path_, join(lines));
    EXPECT_FALSE(end_of({path_}).closed);
    EXPECT_THAT(said_by_the_next_start(), HasSubstr(k_no_stop));
}

}  // namespace
}  // namespace proctor::watch
