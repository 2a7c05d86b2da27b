#include "watch/audit.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/digest.h"
#include "base/json.h"
#include "base/limits.h"
#include "support/full_disk.h"
#include "support/no_memory.h"
#include "support/temp_folder.h"
#include "support/threads.h"
#include "watch/audit_trail.h"

namespace proctor::watch {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::chrono::seconds k_minute{limits::k_audit_minute_seconds};

LogFields refused(const char* reason) {
    LogFields fields;
    fields.status = 401;
    fields.reason = reason;
    return fields;
}

std::string detail(const json& event, const std::string& type) {
    for (const auto& one : event["entity"][0].value("detail", json::array()))
        if (one["type"] == type) return one["valueString"];
    return "";
}

class AuditTest : public testing::Test {
protected:
    [[nodiscard]] std::vector<json> events(const std::string& path) const {
        std::vector<json> events;
        for (const auto& line : lines_of(path)) {
            auto parsed = json::parse(line);
            if (parsed.contains("event")) events.push_back(parsed["event"]);
        }
        return events;
    }
    // Type and subtype of each event.
    [[nodiscard]] std::vector<std::string> acts(const std::string& path) const {
        std::vector<std::string> acts;
        for (const auto& event : events(path)) {
            acts.push_back(event["type"]["code"]);
            if (event.contains("subtype")) acts.back() += '/' + event["subtype"][0]["code"].get<std::string>();
        }
        return acts;
    }
    std::string open_error(const std::string& path) {
        const auto audit = Audit::open({path, {"", "host-1"}, {}}, clock_);
        return audit ? "no error" : audit.error().message;
    }

    TempFolder folder_;
    ManualClock clock_;
    const std::string path_ = folder_.file("audit.log");
};

TEST_F(AuditTest, WritesOneEventForEachCallBeforeItIsAnswered) {
    const auto audit = open_trail(path_, clock_, false);
    for (std::size_t calls = 1; calls <= 3; ++calls) {
        audit->write(Event::request, hook_call());
        EXPECT_EQ(lines_of(path_).size(), calls);
    }
    audit->write(Event::request, refused(""));
    EXPECT_EQ(lines_of(path_).size(), 3U) << "no call of a service";
    EXPECT_THAT(acts(path_), ElementsAre("rest/operation", "rest/operation", "rest/operation"));
    EXPECT_EQ(check_files({path_}, {}), "OK");
    EXPECT_EQ(std::filesystem::status(path_).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(AuditTest, AnEventForWhichThereIsNoMemoryIsCountedAsLost) {
    const auto audit = open_trail(path_, clock_, false);
    auto stranger = refused("badSignature");
    stranger.client = text_without_memory();
    audit->write(Event::request, stranger);
    EXPECT_TRUE(audit->failing());
    audit->write(Event::request, hook_call());
    EXPECT_FALSE(audit->failing());
    ASSERT_EQ(events(path_).size(), 2U);
    EXPECT_EQ(detail(events(path_)[0], "count"), "1");
    EXPECT_EQ(check_files({path_}, {}), "OK");
}

TEST_F(AuditTest, SignsTheStartTheMinuteAndTheStop) {
    auto audit = open_trail(path_, clock_);
    audit->write(Event::started, {});
    EXPECT_EQ(lines_of(path_).size(), 2U);
    audit->write(Event::request, hook_call());
    clock_.pass(k_minute - std::chrono::milliseconds{1});
    audit->tick();
    EXPECT_EQ(lines_of(path_).size(), 3U);
    clock_.pass(std::chrono::milliseconds{1});
    audit->tick();
    EXPECT_EQ(lines_of(path_).size(), 4U);
    clock_.pass(k_minute);
    audit->tick();
    EXPECT_EQ(lines_of(path_).size(), 4U) << "there is nothing to sign";
    audit->write(Event::stopped, {});
    audit.reset();
    EXPECT_EQ(lines_of(path_).size(), 6U);
    EXPECT_TRUE(end_of({path_}).closed);
    EXPECT_EQ(check_files({path_}), "OK");
}

TEST_F(AuditTest, SignsAfterManyLines) {
    const auto audit = open_trail(path_, clock_);
    for (std::size_t i = 0; i < limits::k_audit_head_lines; ++i) audit->write(Event::request, hook_call());
    EXPECT_EQ(end_of({path_}).head, limits::k_audit_head_lines + 1);
    EXPECT_EQ(check_files({path_}), "OK");
}

TEST_F(AuditTest, AfterARestartTheChainGoesOn) {
    for (int run = 0; run < 3; ++run) {
        const auto audit = open_trail(path_, clock_);
        audit->write(Event::started, {});
        audit->write(Event::request, hook_call());
        if (run != 1) audit->write(Event::stopped, {});
    }
    EXPECT_EQ(check_files({path_}), "OK");
    const auto all = events(path_);
    ASSERT_EQ(all.size(), 8U);
    EXPECT_EQ(detail(all[3], "trail"), "");
    EXPECT_EQ(detail(all[5], "trail"), "did not end with a stop");
}

TEST_F(AuditTest, HalfALineOfAPowerCutIsSetAsideAndReported) {
    open_trail(path_, clock_)->write(Event::request, hook_call());
    const std::string whole = read_file(path_);
    for (const std::string& torn : {whole.substr(0, 100), std::string(300, '\0'), std::string("{")}) {
        write_file(path_, whole + torn);
        ::unlink((path_ + ".torn").c_str());
        open_trail(path_, clock_)->write(Event::request, hook_call());
        EXPECT_EQ(check_files({path_}), "OK");
        EXPECT_THAT(acts(path_), ElementsAre("rest/operation", "110113/110133", "rest/operation"));
        const auto event = events(path_)[1];
        EXPECT_EQ(detail(event, "tornBytes"), std::to_string(torn.size()));
        EXPECT_EQ(detail(event, "tornSha256"), sha256_hex(torn));
        EXPECT_EQ(read_file(path_ + ".torn"), torn + '\n');
    }
}

TEST_F(AuditTest, ATrailThatBeginsWithHalfALineBegins) {
    write_file(path_, "{\"n\":1,");
    open_trail(path_, clock_)->write(Event::started, {});
    EXPECT_EQ(check_files({path_}), "OK");
    EXPECT_THAT(acts(path_), ElementsAre("110113/110133", "110100/110120"));
}

TEST_F(AuditTest, RefusesAFileThatIsNoTrailOrThatOthersMayUse) {
    EXPECT_EQ(open_error("/dev/full"), "no regular file");
    EXPECT_EQ(open_error(folder_.path()), "the audit trail cannot be opened or made there");
    EXPECT_EQ(open_error(folder_.file("none/audit.log")), "the audit trail cannot be opened or made there");
    for (const mode_t mode : {0640, 0604, 0620, 0602}) {
        write_file(path_, "");
        ::chmod(path_.c_str(), mode);
        EXPECT_EQ(open_error(path_), "others than the owner may use the file; chmod 600") << mode;
    }
    const auto link = folder_.file("link");
    std::filesystem::create_symlink(path_, link);
    EXPECT_EQ(open_error(link), "the audit trail cannot be opened or made there");
    const auto broken = HasSubstr("the last lines are no whole chain");
    write_file(path_, "something else\n");
    EXPECT_THAT(open_error(path_), broken);
    write_file(path_, std::string(3 * limits::k_audit_line_bytes, 'a'));
    EXPECT_THAT(open_error(path_), broken);
}

TEST_F(AuditTest, RefusesATrailWhoseEndIsBroken) {
    {
        const auto audit = open_trail(path_, clock_);
        for (int i = 0; i < 300; ++i) audit->write(Event::request, hook_call());
    }
    const auto lines = lines_of(path_);
    ASSERT_GT(read_file(path_).size(), 3 * limits::k_audit_line_bytes) << "more than is looked at";
    EXPECT_EQ(open_error(path_), "no error");
    for (const auto& alter : std::vector<std::function<void(std::vector<std::string>&)>>{
             [](auto& all) { all.back()[20] ^= 1; },
             [](auto& all) { all.erase(all.end() - 2); },
             [](auto& all) { std::swap(all[290], all[291]); },
             [](auto& all) { all.emplace_back(""); },
         }) {
        auto altered = lines;
        alter(altered);
        write_file(path_, join(altered));
        EXPECT_THAT(open_error(path_), HasSubstr("the last lines are no whole chain"));
    }
}

TEST_F(AuditTest, ThreadsWriteOneChain) {
    constexpr int k_threads = 16, k_calls = 50;
    auto audit = open_trail(path_, clock_);
    at_once(k_threads, [&](int thread) {
        for (int i = 0; i < k_calls; ++i) {
            audit->write(Event::request, hook_call());
            if (thread == 0) audit->tick();
        }
    });
    audit.reset();
    EXPECT_EQ(events(path_).size(), static_cast<std::size_t>(k_threads * k_calls));
    EXPECT_EQ(check_files({path_}), "OK");
}

TEST_F(AuditTest, TheBackgroundThreadEndsWithIt) {
    const auto audit = open_trail(path_, clock_);
    audit->start();
    audit->write(Event::request, refused("expired"));
    EXPECT_FALSE(audit->failing());
}

TEST_F(AuditTest, SeveralProcessesWriteOneChain) {
    const auto service = open_trail(path_, clock_), command = open_trail(path_, clock_);
    for (int i = 0; i < 3; ++i) {
        service->write(Event::request, hook_call());
        command->write(Event::exported, {});
    }
    EXPECT_THAT(acts(path_),
                ElementsAre("rest/operation", "110106", "rest/operation", "110106", "rest/operation", "110106"));
    EXPECT_EQ(check_files({path_}, {}), "OK");
}

TEST_F(AuditTest, FailuresAreCountedByClientAndReasonForAMinute) {
    const auto audit = open_trail(path_, clock_, false);
    for (int i = 0; i < 1000; ++i) audit->write(Event::request, refused("expired"));
    clock_.pass(std::chrono::seconds{2});
    audit->write(Event::request, refused("expired"));
    audit->write(Event::request, refused("signature"));
    LogFields busy = refused("clientBusy");
    busy.status = 503;
    for (const char* client : {"north", "south"}) {
        busy.client = client;
        audit->write(Event::request, busy);
    }
    audit->tick();
    EXPECT_TRUE(lines_of(path_).empty());
    clock_.pass(k_minute);
    audit->tick();
    const auto all = events(path_);
    ASSERT_EQ(all.size(), 4U);
    const auto first =
        std::find_if(all.begin(), all.end(), [](const json& e) { return e["outcomeDesc"] == "expired"; });
    EXPECT_EQ(detail(*first, "count"), "1001");
    EXPECT_EQ((*first)["period"]["start"], "2026-06-15T12:00:00.000Z");
    EXPECT_EQ((*first)["period"]["end"], "2026-06-15T12:00:02.000Z");
    clock_.pass(k_minute);
    audit->tick();
    EXPECT_EQ(events(path_).size(), 4U) << "they were written once";
}

TEST_F(AuditTest, WhatIsCountedIsWrittenAtTheStopAndAtTheEnd) {
    auto audit = open_trail(path_, clock_);
    audit->write(Event::request, refused("expired"));
    audit->write(Event::stopped, {});
    EXPECT_THAT(acts(path_), ElementsAre("110114/110126", "110100/110121"));
    EXPECT_TRUE(end_of({path_}).closed);
    audit->write(Event::request, refused("expired"));
    audit.reset();
    EXPECT_EQ(acts(path_).size(), 3U);
    EXPECT_EQ(check_files({path_}), "OK");
}

TEST_F(AuditTest, AFullDiskStopsNobodyAndTheGapIsInTheChain) {
    const auto audit = open_trail(path_, clock_);
    audit->write(Event::request, hook_call());
    const std::string before = read_file(path_);
    {
        const FullDisk full(before.size() + 100);
        for (int i = 0; i < 3; ++i) {
            audit->write(Event::request, hook_call());
            clock_.pass(std::chrono::seconds{1});
            audit->tick();
        }
        audit->write(Event::request, refused("expired"));
        EXPECT_TRUE(audit->failing());
        EXPECT_EQ(read_file(path_), before) << "no half line";
    }
    audit->tick();
    EXPECT_FALSE(audit->failing());
    audit->write(Event::request, hook_call());
    EXPECT_THAT(acts(path_), ElementsAre("rest/operation", "110113/110133", "rest/operation"));
    const auto gap = events(path_)[1];
    EXPECT_EQ(detail(gap, "count"), "3");
    EXPECT_EQ(gap["period"]["start"], "2026-06-15T12:00:00.000Z");
    EXPECT_EQ(gap["period"]["end"], "2026-06-15T12:00:02.000Z");
    clock_.pass(k_minute);
    audit->tick();
    EXPECT_EQ(events(path_).size(), 4U) << "what was counted meanwhile is not lost";
    EXPECT_EQ(check_files({path_}), "OK");
}

TEST_F(AuditTest, WhatMustHaveItsEventIsToldWhetherItHas) {
    const auto audit = open_trail(path_, clock_);
    EXPECT_TRUE(audit->record(Event::exporting, {}));
    const std::string before = read_file(path_);
    {
        const FullDisk full(before.size() + 100);
        EXPECT_FALSE(audit->record(Event::exporting, {}));
    }
    EXPECT_TRUE(audit->record(Event::exporting, {}));
    EXPECT_THAT(acts(path_), ElementsAre("110106", "110113/110133", "110106"));
    const int other = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    ASSERT_EQ(::flock(other, LOCK_EX), 0);
    EXPECT_FALSE(audit->record(Event::exporting, {})) << "another process does not let go";
    ::close(other);
    EXPECT_TRUE(audit->record(Event::exporting, {}));
}

TEST_F(AuditTest, ACutEndIsNotHealedByWhatFollows) {
    const auto audit = open_trail(path_, clock_);
    for (int i = 0; i < 4; ++i) audit->write(Event::request, hook_call());
    auto lines = lines_of(path_);
    lines.resize(2);
    write_file(path_, join(lines));
    audit->write(Event::request, hook_call());
    EXPECT_EQ(check_files({path_}, {}), "trail:3: line 5 comes after line 2");
}

TEST_F(AuditTest, AReplacedEndIsNotHealedByWhatFollows) {
    const auto audit = open_trail(path_, clock_);
    for (int i = 0; i < 2; ++i) audit->write(Event::request, hook_call());
    auto lines = lines_of(path_);
    Place place;
    (void)follow(place, *read_line(lines[0]));
    std::string forged =
        write_event_line(place, R"({"resourceType":"AuditEvent","a":")" + std::string(900, 'a') + "\"}");
    write_file(path_, lines[0] + '\n' + forged);
    audit->write(Event::request, hook_call());
    EXPECT_EQ(check_files({path_}, {}).substr(0, 8), "trail:3:");
}

TEST_F(AuditTest, HangingUpGoesOnInANewFile) {
    const auto old = folder_.file("audit.log.1");
    auto audit = open_trail(path_, clock_);
    audit->write(Event::started, {});
    audit->write(Event::request, hook_call());
    ASSERT_TRUE(audit->reopen().ok());
    EXPECT_EQ(lines_of(path_).size(), 3U) << "it is the same file";
    std::filesystem::rename(path_, old);
    audit->write(Event::request, hook_call());
    ASSERT_TRUE(audit->reopen().ok());
    audit->write(Event::reloaded, {});
    audit->write(Event::stopped, {});
    audit.reset();
    EXPECT_EQ(lines_of(old).size(), 5U) << "what came between, and a head";
    EXPECT_THAT(acts(path_), ElementsAre("110100/110131", "110100/110121"));
    EXPECT_EQ(check_files({old, path_}), "OK");
    EXPECT_EQ(check_files({path_}, {{audit_key()}, end_of({old}), {}}), "OK");
    EXPECT_THAT(lines_of(path_)[0], HasSubstr("\"head\":{")) << "so that it can be checked by itself";
    open_trail(path_, clock_)->write(Event::started, {});
    EXPECT_EQ(check_files({old, path_}), "OK");
}

TEST_F(AuditTest, ANewFileThatCannotBeUsedLeavesTheOldOne) {
    const auto old = folder_.file("audit.log.1");
    const auto audit = open_trail(path_, clock_);
    std::filesystem::rename(path_, old);
    write_file(path_, "");
    ::chmod(path_.c_str(), 0644);
    EXPECT_FALSE(audit->reopen().ok());
    EXPECT_TRUE(audit->failing());
    audit->write(Event::request, hook_call());
    EXPECT_EQ(events(old).size(), 1U);
    ::chmod(path_.c_str(), 0600);
    EXPECT_TRUE(audit->reopen().ok());
    EXPECT_FALSE(audit->failing());
}

}  // namespace
}  // namespace proctor::watch
