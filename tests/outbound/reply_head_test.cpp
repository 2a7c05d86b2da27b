#include "outbound/reply_head.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/limits.h"

namespace proctor::outbound::reply_head_test {
namespace {

using std::chrono::seconds;

ReplyHead head_of(const std::vector<std::string>& lines) {
    ReplyHead head;
    for (const auto& line : lines) EXPECT_EQ(head.add(line + "\r\n"), std::nullopt) << line;
    return head;
}

TEST(ReplyHead, JudgesTheStatusFirst) {
    const struct {
        long status;
        std::optional<Failure> failure;
    } rows[] = {
        {200, std::nullopt},          {201, Failure::status},       {204, Failure::status},   {206, Failure::status},
        {300, Failure::status},       {301, Failure::redirect},     {302, Failure::redirect}, {303, Failure::redirect},
        {304, Failure::status},       {307, Failure::redirect},     {308, Failure::redirect}, {400, Failure::refused},
        {401, Failure::unauthorized}, {403, Failure::unauthorized}, {404, Failure::missing},  {410, Failure::missing},
        {406, Failure::refused},      {408, Failure::status},       {422, Failure::refused},  {499, Failure::refused},
        {429, Failure::status},       {500, Failure::status},       {503, Failure::status},   {0, Failure::status},
    };
    const auto head = head_of({"content-type: application/json", "content-length: 2"});
    for (const auto& row : rows) EXPECT_EQ(head.judge(row.status), row.failure) << row.status;
}

TEST(ReplyHead, WantsPlainJson) {
    const struct {
        std::vector<std::string> lines;
        std::optional<Failure> failure;
    } rows[] = {
        {{"Content-Type: application/fhir+json; charset=utf-8"}, std::nullopt},
        {{"CONTENT-TYPE:Application/JSON"}, std::nullopt},
        {{"Content-Type: application/json+fhir;charset=UTF-8", "Content-Encoding: identity"}, std::nullopt},
        {{"Content-Type: text/json", "Transfer-Encoding: chunked"}, std::nullopt},
        {{"Content-Type: application/jwk-set+json"}, std::nullopt},
        {{}, Failure::content_type},
        {{"Content-Type:"}, Failure::content_type},
        {{"Content-Type: text/html"}, Failure::content_type},
        {{"Content-Type: application/fhir+xml"}, Failure::content_type},
        {{"Content-Type: application/jsonx"}, Failure::content_type},
        {{"Content-Type: text/html; a=application/json"}, Failure::content_type},
        {{"Content-Type: application/json", "Content-Type: text/html"}, Failure::content_type},
        {{"X-Content-Type: application/json"}, Failure::content_type},
        {{"Content-Type: application/json", "Content-Encoding: gzip"}, Failure::protocol},
        {{"Content-Type: application/json", "content-encoding: identity, br"}, Failure::protocol},
        {{"Content-Type: application/json", "Content-Encoding:", " gzip"}, Failure::protocol},
        {{"Content-Type: application/json", "Transfer-Encoding: gzip, chunked"}, Failure::protocol},
    };
    for (const auto& row : rows) {
        auto lines = row.lines;
        lines.emplace_back("Content-Length: 2");
        EXPECT_EQ(head_of(lines).judge(200), row.failure) << testing::PrintToString(row.lines);
    }
}

TEST(ReplyHead, WantsAReplyThatSaysWhereItEnds) {
    EXPECT_EQ(head_of({"Content-Type: text/json"}).judge(200), Failure::protocol);
    EXPECT_EQ(head_of({"Content-Type: text/json", "Content-Length: 2"}).judge(200), std::nullopt);
    EXPECT_EQ(head_of({"Content-Type: text/json", "transfer-encoding: Chunked"}).judge(200), std::nullopt);
}

TEST(ReplyHead, ReadsHowLongAReplyMayBeKept) {
    const struct {
        const char* line;
        std::optional<seconds> age;
    } rows[] = {
        {"Cache-Control: max-age=600", seconds(600)},
        {"cache-control: public,  MAX-AGE=60 , must-revalidate", seconds(60)},
        {"Cache-Control: max-age=600, max-age=60", seconds(60)},
        {"Cache-Control: max-age=600, no-store", seconds(0)},
        {"Cache-Control: no-cache=\"set-cookie\"", seconds(0)},
        {"Cache-Control: max-age=99999999999999999999999", seconds(365 * 24 * 3600)},
        {"Cache-Control: max-age=0", seconds(0)},
        {"Cache-Control: max-age=-1", std::nullopt},
        {"Cache-Control: max-age=1x", std::nullopt},
        {"Cache-Control: max-age", std::nullopt},
        {"Cache-Control: max-age=", std::nullopt},
        {"Cache-Control: s-maxage=60", std::nullopt},
        {"Cache-Control: ,,,", std::nullopt},
        {"Expires: 0", std::nullopt},
    };
    for (const auto& row : rows) EXPECT_EQ(head_of({row.line}).max_age(), row.age) << row.line;
}

TEST(ReplyHead, IsTakenAtItsLimitAndRefusedAboveIt) {
    ReplyHead head;
    EXPECT_EQ(head.add(std::string(limits::k_reply_head_bytes, 'a')), std::nullopt);
    EXPECT_EQ(head.add("a"), Failure::too_large);
}

TEST(ReplyHead, ForgetsAnInterimReplyButNotItsBytes) {
    ReplyHead head = head_of({"Content-Type: application/json", "Cache-Control: max-age=5"});
    head.start_again();
    EXPECT_EQ(head.judge(200), Failure::protocol);
    EXPECT_EQ(head.max_age(), std::nullopt);
    EXPECT_EQ(head.add(std::string(limits::k_reply_head_bytes - 10, 'a')), Failure::too_large);
}

}  // namespace
}  // namespace proctor::outbound::reply_head_test
