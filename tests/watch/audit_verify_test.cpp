// Every way to alter a trail, and the line at which each is found.
#include "watch/audit_verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/limits.h"
#include "support/temp_folder.h"
#include "watch/audit_trail.h"

namespace proctor::watch {
namespace {

using testing::StartsWith;

// 1 start, 2 head, 3 to 5 hooks, 6 head, 7 stop, 8 closing head.
class AuditVerify : public testing::Test {
protected:
    AuditVerify() {
        auto audit = open_trail(path_, clock_);
        audit->write(Event::started, {});
        for (int i = 0; i < 3; ++i) audit->write(Event::request, hook_call());
        clock_.pass(std::chrono::seconds{limits::k_audit_minute_seconds});
        audit->tick();
        audit->write(Event::stopped, {});
        audit.reset();
        lines_ = lines_of(path_);
    }

    // The trail altered so, as without knowing any hash.
    std::string check(const std::vector<std::string>& lines, AuditExpected expected = {{audit_key()}, {}, {}}) {
        write_file(path_, join(lines));
        return check_files({path_}, std::move(expected));
    }
    // The lines with their chain made anew, as who does not have the key could.
    static std::vector<std::string> chain_anew(const std::vector<std::string>& lines) {
        std::vector<std::string> made;
        Place place;
        for (const auto& line : lines) {
            const auto begin = line.find(",\"event\":") + 9, end = line.rfind(",\"hash\":");
            if (begin == std::string::npos + 9) continue;  // a head
            auto text = write_event_line(place, line.substr(begin, end - begin));
            text.pop_back();
            made.push_back(std::move(text));
        }
        return made;
    }

    TempFolder folder_;
    ManualClock clock_;
    const std::string path_ = folder_.file("audit.log");
    std::vector<std::string> lines_;
};

TEST_F(AuditVerify, AWholeTrailIsFine) {
    ASSERT_EQ(lines_.size(), 8U);
    EXPECT_EQ(check_files({path_}), "OK");
    EXPECT_EQ(check_files({path_}, {{audit_key(k_other_pem), audit_key(k_audit_public_pem)}, {}, {}}), "OK");
    AuditVerifier verifier({});
    ASSERT_TRUE(verifier.read(path_).ok());
    EXPECT_EQ(verifier.found().events, 5U);
    EXPECT_EQ(verifier.found().heads, 3U);
    EXPECT_EQ(verifier.found().first, "2026-06-15T12:00:00.000Z");
    EXPECT_EQ(verifier.found().last, "2026-06-15T12:01:00.000Z");
    EXPECT_TRUE(verifier.found().place.closed);
}

TEST_F(AuditVerify, EveryByteCounts) {
    const std::string text = join(lines_);
    std::size_t line = 1;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string changed = text;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        write_file(path_, changed);
        const std::string found = check_files({path_}, {});
        EXPECT_THAT(found, StartsWith("trail:" + std::to_string(line) + ":")) << "byte " << i;
        if (text[i] == '\n') ++line;
    }
}

TEST_F(AuditVerify, ALineThatIsGoneIsFoundAtTheNext) {
    for (std::size_t i = 0; i + 1 < lines_.size(); ++i) {
        auto lines = lines_;
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_THAT(check(lines), StartsWith("trail:" + std::to_string(i + 1) + ": line " + std::to_string(i + 2) +
                                             " comes after line " + std::to_string(i)));
    }
}

TEST_F(AuditVerify, LinesThatChangedPlacesAreFoundAtTheFirst) {
    for (std::size_t i = 0; i + 1 < lines_.size(); ++i) {
        auto lines = lines_;
        std::swap(lines[i], lines[i + 1]);
        EXPECT_THAT(check(lines), StartsWith("trail:" + std::to_string(i + 1) + ":"));
    }
}

TEST_F(AuditVerify, ALineThatWasPutInIsFound) {
    for (std::size_t i = 0; i <= lines_.size(); ++i) {
        auto lines = lines_;
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(i), lines_[3]);
        const std::size_t at = i == 3 ? 5 : i + 1;  // before itself it stands where it did
        EXPECT_THAT(check(lines), StartsWith("trail:" + std::to_string(at) + ":")) << i;
    }
    auto lines = lines_;
    lines.insert(lines.begin() + 4, "");
    EXPECT_EQ(check(lines), "trail:5: the line was changed");
}

TEST_F(AuditVerify, ALineWithANewHashIsFoundAtTheNext) {
    Place place;
    (void)follow(place, *read_line(lines_[0]));
    (void)follow(place, *read_line(lines_[1]));
    auto lines = lines_;
    lines[2] = write_event_line(place, "{}");
    lines[2].pop_back();
    EXPECT_EQ(check(lines), "trail:4: it does not follow the line before it, or that was replaced");
}

TEST_F(AuditVerify, AChainMadeAnewHasNoHeads) {
    const auto lines = chain_anew(lines_);
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_EQ(check(lines), "there is no signed head");
    EXPECT_EQ(check(lines, {}), "OK") << "the key is what tells them apart";
}

TEST_F(AuditVerify, AHeadOfAnotherKeyOrOfOtherLinesIsFound) {
    auto lines = chain_anew(lines_);
    Place place;
    for (const auto& line : lines) (void)follow(place, *read_line(line));
    auto head = write_head_line(place, audit_key(k_other_pem), clock_.now(), true);
    head.pop_back();
    lines.push_back(head);
    EXPECT_THAT(check(lines), StartsWith("trail:6: the head is signed with another key"));
    // With the right key's name.
    const auto at = head.find(audit_key(k_other_pem).id());
    head.replace(at, 16, audit_key().id());
    const auto hashed = head.substr(0, head.rfind(",\"hash\":"));
    lines.back() = hashed + ",\"hash\":\"" + sha256_hex(hashed) + "\"}";
    EXPECT_EQ(check(lines), "trail:6: the head's signature is wrong");
}

TEST_F(AuditVerify, AnEndThatWasCutOffShowsByWhatWasNoted) {
    const Place noted = end_of({path_});
    for (std::size_t size = 1; size < lines_.size(); ++size) {
        const std::vector<std::string> lines(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(check(lines, {{audit_key()}, {}, noted}), "the trail ends at line " + std::to_string(size) +
                                                                ", and line 8 was noted earlier: its end was cut off");
        EXPECT_FALSE(end_of({path_}).closed) << "nor does it end with a stop";
    }
    EXPECT_EQ(check(lines_, {{audit_key()}, {}, noted}), "OK");
    EXPECT_EQ(check({}), "there is no line in it");
}

TEST_F(AuditVerify, AnotherLineThanTheOneNotedIsFound) {
    Place noted = end_of({path_});
    noted.n = 5;
    EXPECT_EQ(check(lines_, {{}, {}, noted}), "trail:5: it is not the line that was noted earlier");
}

TEST_F(AuditVerify, WhatWasNotedBeforeTheseFilesBeginIsNotPassedOver) {
    const auto first = folder_.file("first"), second = folder_.file("second");
    write_file(first, join({lines_.begin(), lines_.begin() + 4}));
    write_file(second, join({lines_.begin() + 4, lines_.end()}));
    const Place after = end_of({first});
    const auto check_known = [&](const Place& known) { return check_files({second}, {{}, after, known}); };
    EXPECT_EQ(check_known(after), "OK");
    Place other = after;
    other.hash = std::string(k_hash_digits, 'a');
    EXPECT_EQ(check_known(other), "they do not go on from the line that was noted earlier");
    other.n = 3;
    EXPECT_EQ(check_known(other), "line 3 was noted earlier, and these files begin after line 4");
    other.n = 5;
    EXPECT_EQ(check_known(other), "trail:1: it is not the line that was noted earlier");
}

TEST_F(AuditVerify, HalfALineIsFound) {
    const std::string text = join(lines_);
    for (const std::size_t cut : {1U, 2U, 40U}) {
        write_file(path_, text.substr(0, text.size() - cut));
        EXPECT_EQ(check_files({path_}), "trail:8: the line has no end");
    }
    write_file(path_, text + std::string(2 * limits::k_audit_line_bytes, 'a'));
    EXPECT_EQ(check_files({path_}), "trail:9: the line is longer than any of an audit trail");
}

TEST_F(AuditVerify, FilesAreOneTrailInTheirOrder) {
    const auto first = folder_.file("first"), second = folder_.file("second");
    write_file(first, join({lines_.begin(), lines_.begin() + 4}));
    write_file(second, join({lines_.begin() + 4, lines_.end()}));
    EXPECT_EQ(check_files({first, second}), "OK");
    EXPECT_THAT(check_files({second}), StartsWith("trail:1: line 5 comes after line 0"));
    EXPECT_EQ(check_files({second}, {{audit_key()}, end_of({first}), {}}), "OK");
    EXPECT_THAT(check_files({second}, {{}, end_of({path_}), {}}), StartsWith("trail:1:"));
    EXPECT_THAT(check_files({first, first}), StartsWith("trail:1:"));
    EXPECT_EQ(check_files({folder_.file("none")}), "trail: cannot be read");
}

TEST_F(AuditVerify, ALongStretchWithoutAHeadIsFound) {
    Place place;
    std::vector<std::string> lines;
    const auto add = [&](std::string line) {
        line.pop_back();
        lines.push_back(std::move(line));
    };
    add(write_head_line(place, audit_key(), clock_.now(), false));
    for (std::size_t i = 0; i < 2 * limits::k_audit_head_lines; ++i) add(write_event_line(place, "{}"));
    EXPECT_EQ(check(lines), "OK");
    add(write_event_line(place, "{}"));
    EXPECT_EQ(check(lines), "trail:2002: signed heads are missing before it");
}

}  // namespace
}  // namespace proctor::watch
