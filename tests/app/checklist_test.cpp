#include "app/checklist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace proctor::app {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* k_card = R"({"cards": [{"uuid": "c", "summary": "The summary", "indicator": "info",
    "source": {"label": "L"}}]})";
constexpr const char* k_discovery = R"({"services": [{"hook": "patient-view", "id": "a", "description": "D",
    "title": "T", "version": "3.0.0"}]})";

outbound::Answer answered(int status, const std::string& body) {
    return {status, "application/json", {}, body, std::chrono::milliseconds(12)};
}

struct Told {
    std::string text;
    bool fine;
};
Told told_of_answer(const outbound::Answer& answer) {
    std::ostringstream out;
    Checklist list(out, {});
    list.judge_answer(answer);
    return {out.str(), list.fine()};
}
Told told_of_discovery(const outbound::Answer& answer, const char* id = "a", const char* hook = "patient-view") {
    std::ostringstream out;
    Checklist list(out, {});
    list.judge_discovery(answer, id, hook);
    return {out.str(), list.fine()};
}

TEST(Checklist, AGoodAnswerIsSaidToBeAndItsCardsAreShown) {
    const auto told = told_of_answer(answered(200, k_card));
    EXPECT_TRUE(told.fine);
    EXPECT_THAT(told.text,
                testing::StartsWith("ok    answer: 200 in 12 ms\nok    answer: is as CDS Hooks 3.0 asks for\n"));
    EXPECT_THAT(told.text, HasSubstr("The summary"));
}

TEST(Checklist, AFaultOfAnAnswerHasItsPlaceAndTheCardsAreShownNonetheless) {
    std::string body = k_card;
    body.replace(body.find("info"), 4, "hard");
    const auto told = told_of_answer(answered(200, body));
    EXPECT_FALSE(told.fine);
    EXPECT_THAT(told.text, HasSubstr("fault answer: /cards/0/indicator: indicator SHALL be one of"));
    EXPECT_THAT(told.text, Not(HasSubstr("asks for")));
    EXPECT_THAT(told.text, HasSubstr("The summary"));
}

TEST(Checklist, NotesAreNoFaults) {
    auto slow = answered(200, k_card);
    slow.time = std::chrono::milliseconds(501);
    slow.content_type = "text/html";
    const auto told = told_of_answer(slow);
    EXPECT_TRUE(told.fine);
    EXPECT_THAT(told.text, HasSubstr("note  answer: SHOULD come within about 500 ms"));
    EXPECT_THAT(told.text, HasSubstr("note  answer: its content type is not JSON's"));
}

TEST(Checklist, ARefusalSaysWhyAndWhereToLook) {
    const std::string outcome =
        R"({"resourceType": "OperationOutcome", "issue": [{"code": "login", "diagnostics": "Not known here"}]})";
    const std::pair<int, const char*> table[] = {
        {401, "registration"}, {403, "registered for"}, {412, "prefetch"}, {413, "longer"}};
    for (const auto& [status, advice] : table) {
        const auto told = told_of_answer(answered(status, outcome));
        EXPECT_FALSE(told.fine);
        EXPECT_THAT(told.text, HasSubstr("fault answer: " + std::to_string(status) + " in 12 ms"));
        EXPECT_THAT(told.text, HasSubstr("Not known here"));
        EXPECT_THAT(told.text, HasSubstr(advice));
    }
}

TEST(Checklist, ARefusalShowsTheHeadersThatExplainItAndMissesTheOutcome) {
    auto busy = answered(503, "<html>");
    busy.headers = {{"retry-after", "1"}};
    const auto told = told_of_answer(busy);
    EXPECT_THAT(told.text, HasSubstr("note  answer: retry-after: 1\n"));
    EXPECT_THAT(told.text, HasSubstr("SHOULD carry an OperationOutcome"));
}

TEST(Checklist, DiscoveryListsTheServiceWithTheHook) {
    const auto told = told_of_discovery(answered(200, k_discovery));
    EXPECT_TRUE(told.fine);
    EXPECT_THAT(told.text, HasSubstr("ok    discovery: lists \"a\" for the hook patient-view\n"));
    for (const auto& other : {told_of_discovery(answered(200, k_discovery), "b"),
                              told_of_discovery(answered(200, k_discovery), "a", "order-sign"),
                              told_of_discovery(answered(200, R"({"services": []})"))}) {
        EXPECT_FALSE(other.fine);
        EXPECT_THAT(other.text, HasSubstr("fault discovery: does not list"));
    }
    EXPECT_FALSE(told_of_discovery(answered(401, "")).fine);
    EXPECT_FALSE(told_of_discovery(answered(200, "x")).fine);
}

// A service may send what a terminal would obey.
TEST(Checklist, PassesNoControlCharactersOn) {
    std::string body = k_card;
    body.replace(body.find("The summary"), 3, "\\u001b[2J\\u009b");
    const std::string outcome =
        R"({"resourceType": "OperationOutcome", "issue": [{"code": "\u001bc", "diagnostics": "\u0007\u0085"}]})";
    auto headers = answered(500, outcome);
    headers.headers = {{"retry-after", "\x1b[2J"}};
    for (const auto& told : {told_of_answer(answered(200, body)), told_of_answer(headers),
                             told_of_discovery(answered(200, R"({"services": [], "a\u001b\nok": null})"))}) {
        for (const char c : {'\x1b', '\x07'}) EXPECT_EQ(told.text.find(c), std::string::npos) << told.text;
        EXPECT_THAT(told.text, Not(HasSubstr("\xC2\x9B")));
        EXPECT_THAT(told.text, Not(HasSubstr("\nok:")));
    }
}

}  // namespace
}  // namespace proctor::app
