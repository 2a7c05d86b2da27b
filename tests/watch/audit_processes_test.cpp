// Several processes on one trail: a service and commands beside it, through stops, kills, rotations and deletions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>

#include "base/limits.h"
#include "support/full_disk.h"
#include "support/temp_folder.h"
#include "support/threads.h"
#include "watch/audit_trail.h"

namespace proctor::watch {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

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
    const std::string path_ = folder_.file("audit.log"), old_ = folder_.file("audit.log.1");
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

// A command that is refused where there is no trail yet.
std::optional<Error> refusal(const std::string& path, const Clock& clock) {
    const auto command = Audit::open({path, {"", "host-1"}, audit_key(), false}, clock);
    return command ? std::nullopt : std::optional(command.error());
}

TEST_F(AuditProcesses, ACommandThatRunsAcrossARotationGoesOnInTheNewFile) {
    for (const bool with_key : {true, false}) {
        std::filesystem::remove(path_);
        const auto service = open_service(with_key), command = open_trail(path_, clock_, with_key);
        EXPECT_TRUE(command->record(Event::exporting, {}));
        std::filesystem::rename(path_, old_);
        EXPECT_TRUE(command->record(Event::exported, {}));
        ASSERT_TRUE(service->reopen().ok());
        service->write(Event::reloaded, {});
        const std::string left = read_file(old_);
        EXPECT_TRUE(command->record(Event::exporting, {}));
        service->write(Event::request, hook_call());
        EXPECT_TRUE(command->record(Event::exported, {}));
        EXPECT_EQ(read_file(old_), left);
        EXPECT_EQ(check_files({old_, path_}, {}), "OK") << with_key;
    }
}

TEST_F(AuditProcesses, WithoutAKeyAllStayInTheOldFileUntilThereIsALineForTheNewOne) {
    const auto service = open_service(false), command = open_trail(path_, clock_, false);
    std::filesystem::rename(path_, old_);
    ASSERT_TRUE(service->reopen().ok());
    EXPECT_TRUE(command->record(Event::exporting, {}));
    EXPECT_EQ(lines_of(old_).size(), 2U);
    service->write(Event::reloaded, {});
    EXPECT_TRUE(command->record(Event::exported, {}));
    EXPECT_EQ(lines_of(path_).size(), 2U);
    EXPECT_EQ(check_files({old_, path_}, {}), "OK");
}

TEST_F(AuditProcesses, ACommandDoesNotBeginATrailWhileItIsRotated) {
    const auto service = open_service();
    std::filesystem::rename(path_, old_);
    ASSERT_TRUE(refusal(path_, clock_).has_value());
    EXPECT_THAT(refusal(path_, clock_)->message, StartsWith("there is no audit trail yet"));
    EXPECT_FALSE(std::filesystem::exists(path_));
    for (const char* made_by_logrotate : {"", "{\"n\":"}) {
        write_file(path_, made_by_logrotate);
        EXPECT_TRUE(refusal(path_, clock_).has_value());
        EXPECT_EQ(read_file(path_), made_by_logrotate);
    }
    ASSERT_TRUE(service->reopen().ok());
    EXPECT_FALSE(refusal(path_, clock_).has_value());
    EXPECT_EQ(check_files({old_, path_}), "OK");
}

TEST_F(AuditProcesses, TwoServicesGoOverOneAfterTheOther) {
    const auto first = open_service(), second = open_service();
    std::filesystem::rename(path_, old_);
    first->write(Event::request, hook_call());
    ASSERT_TRUE(second->reopen().ok());
    first->write(Event::request, hook_call());
    second->write(Event::request, hook_call());
    ASSERT_TRUE(first->reopen().ok());
    first->write(Event::request, hook_call());
    EXPECT_FALSE(first->failing() || second->failing());
    EXPECT_EQ(check_files({old_, path_}), "OK");
}

TEST_F(AuditProcesses, SeveralRotationsMayPassAProcessBy) {
    const auto service = open_service(), command = open_trail(path_, clock_);
    for (const auto& name : {folder_.file("audit.log.2"), old_}) {
        std::filesystem::rename(path_, name);
        ASSERT_TRUE(service->reopen().ok());
        service->write(Event::request, hook_call());
    }
    EXPECT_TRUE(command->record(Event::exported, {}));
    EXPECT_EQ(check_files({folder_.file("audit.log.2"), old_, path_}), "OK");
}

TEST_F(AuditProcesses, WhoMissedARotationDoesNotWriteIntoAFileThatWasLeftWhileTheNextOneIsRenamed) {
    const auto service = open_service(), command = open_trail(path_, clock_);
    const auto oldest = folder_.file("audit.log.2");
    std::filesystem::rename(path_, oldest);
    ASSERT_TRUE(service->reopen().ok());
    std::filesystem::rename(path_, old_);
    EXPECT_FALSE(command->record(Event::exporting, {}));
    (void)command->reopen();
    EXPECT_FALSE(std::filesystem::exists(path_)) << "nor does it begin one";
    ASSERT_TRUE(service->reopen().ok());
    EXPECT_TRUE(command->record(Event::exporting, {}));
    EXPECT_EQ(check_files({oldest, old_, path_}), "OK");
}

TEST_F(AuditProcesses, AServiceThatFindsTheFileStillEmptyGoesOnFromItsFirstLine) {
    const auto service = open_service();
    std::filesystem::rename(path_, old_);
    const auto other = open_trail(path_, clock_);
    ASSERT_TRUE(service->reopen().ok());
    other->write(Event::started, {});
    EXPECT_EQ(check_files({old_, path_}), "OK");
}

TEST_F(AuditProcesses, ManyWriteThroughManyRotations) {
    constexpr int k_processes = 6, k_rotations = 10;
    std::vector<std::unique_ptr<Audit>> processes;
    for (int i = 0; i < k_processes; ++i) processes.push_back(open_service());
    std::vector<std::string> files;
    at_once(k_processes, [&](int thread) {
        for (int i = 0; i < k_rotations; ++i) {
            for (int calls = 0; calls < 5; ++calls)
                processes[static_cast<std::size_t>(thread)]->write(Event::request, hook_call());
            if (thread != 0) continue;
            files.push_back(folder_.file("old-" + std::to_string(i)));
            std::filesystem::rename(path_, files.back());
            for (const auto& process : processes) (void)process->reopen();
            // Whoever did not get a turn in time gets it now.
            while (!std::filesystem::exists(path_)) processes.front()->tick();
        }
    });
    processes.clear();
    files.push_back(path_);
    EXPECT_EQ(check_files(files), "OK");
}

TEST_F(AuditProcesses, AFileThatIsDeletedIsFollowedByAnotherThatSaysSo) {
    for (const bool with_key : {true, false}) {
        std::filesystem::remove(path_);
        const auto service = open_service(with_key), command = open_trail(path_, clock_, with_key);
        const Place last = end_of({path_});
        std::filesystem::remove(path_);
        service->write(Event::request, hook_call());
        EXPECT_TRUE(command->record(Event::exported, {}));
        EXPECT_FALSE(service->failing());
        EXPECT_THAT(lines_of(path_)[with_key ? 1 : 0], HasSubstr("its file was deleted"));
        EXPECT_THAT(read_file(path_), HasSubstr("110106"));
        EXPECT_EQ(check_files({path_}, {{}, last, {}}), "OK");
        EXPECT_THAT(check_files({path_}, {}), StartsWith("trail:1:")) << "what is gone is not hidden";
    }
}

TEST_F(AuditProcesses, ADeletionIsFoundWithinAMinuteWithoutACall) {
    const auto service = open_service();
    std::filesystem::remove(path_);
    clock_.pass(std::chrono::seconds{limits::k_audit_minute_seconds});
    service->tick();
    EXPECT_THAT(read_file(path_), HasSubstr("its file was deleted"));
}

TEST_F(AuditProcesses, AFileOfAnotherTrailIsNotGoneOnIn) {
    const auto service = open_service();
    std::filesystem::rename(path_, old_);
    { (void)open_service(); }
    const std::string stranger = read_file(path_);
    service->write(Event::request, hook_call());
    EXPECT_TRUE(service->failing());
    EXPECT_FALSE(service->reopen().ok());
    EXPECT_EQ(read_file(path_), stranger);
    EXPECT_THAT(lines_of(old_).back(), HasSubstr("RESTful Operation"));
    std::filesystem::remove(path_);
    service->tick();
    EXPECT_FALSE(service->failing());
    EXPECT_EQ(check_files({old_, path_}), "OK");
    // With no file of its own what comes is lost, and told.
    std::filesystem::remove(path_);
    write_file(path_, stranger);
    service->write(Event::request, hook_call());
    EXPECT_TRUE(service->failing());
    std::filesystem::remove(path_);
    service->tick();
    EXPECT_FALSE(service->failing());
    EXPECT_THAT(lines_of(path_)[1], HasSubstr(R"({"type":"count","valueString":"1"})"));
}

TEST_F(AuditProcesses, ADiskThatIsFullWhenTheFileIsLeftIsTriedAgain) {
    const auto service = open_service();
    std::filesystem::rename(path_, old_);
    {
        const FullDisk full(0);
        EXPECT_FALSE(service->reopen().ok());
        EXPECT_TRUE(service->failing());
    }
    service->tick();
    EXPECT_FALSE(service->failing());
    EXPECT_THAT(lines_of(path_).front(), HasSubstr("\"head\":{"));
    EXPECT_EQ(check_files({old_, path_}), "OK");
}

}  // namespace
}  // namespace proctor::watch
