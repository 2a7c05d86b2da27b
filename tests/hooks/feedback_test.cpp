#include "hooks/feedback.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"

namespace proctor::hooks::feedback_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* k_card = "3a2e6b1c-9d52-5a7e-8c41-0f6d2b9e7a10";
constexpr const char* k_suggestion = "7b1f0c4d-2e93-5d68-9a05-c4e8d1f3b266";

std::vector<FeedbackItem> read(const std::string& body) {
    auto items = read_feedback(body);
    EXPECT_TRUE(std::holds_alternative<std::vector<FeedbackItem>>(items)) << body;
    if (auto* refusal = std::get_if<Refusal>(&items))
        return ADD_FAILURE() << write_operation_outcome(*refusal), std::vector<FeedbackItem>();
    return std::get<std::vector<FeedbackItem>>(items);
}

Refusal refusal_of(const std::string& body) {
    auto read = read_feedback(body);
    const auto* refusal = std::get_if<Refusal>(&read);
    return refusal != nullptr ? *refusal : Refusal{200, {}};
}

// "code:expression" of every fault, in order.
std::vector<std::string> faults(const std::string& body) {
    std::vector<std::string> all;
    for (const auto& fault : refusal_of(body).faults) all.push_back(fault.code + ':' + fault.expression);
    return all;
}

std::string batch(const std::string& items) { return R"({"feedback":[)" + items + "]}"; }
std::string item(const std::string& outcome) {
    return R"({"card":")" + std::string(k_card) + R"(","outcomeTimestamp":"2026-06-15T12:00:00Z",)" + outcome + '}';
}
std::string accepted(const std::string& ids) {
    return item(R"("outcome":"accepted","acceptedSuggestions":[)" + ids + ']');
}
std::string id(const std::string& uuid) { return R"({"id":")" + uuid + "\"}"; }
std::string overridden(const std::string& reason) {
    return item(R"("outcome":"overridden","overrideReason":)" + reason);
}

TEST(ReadFeedback, AnAcceptedCardNamesItsSuggestionsSortedAndOnce) {
    const std::string other = "00000000-0000-5000-8000-000000000000";
    const auto items =
        read(batch(accepted(id(k_suggestion) + ',' + id("7B1F0C4D-2E93-5D68-9A05-C4E8D1F3B266") + ',' + id(other))));
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items[0].card, k_card);
    EXPECT_TRUE(items[0].accepted);
    EXPECT_THAT(items[0].acceptedSuggestions, ElementsAre(other, k_suggestion));
    EXPECT_EQ(items[0].overrideReason, std::nullopt);
    EXPECT_EQ(fhir::print_instant(items[0].outcomeTimestamp), "2026-06-15T12:00:00Z");
}

TEST(ReadFeedback, AnOverriddenCardHasAReasonACommentOrNeither) {
    const OverrideReason reason{"https://a.example/CodeSystem/override-reason", "already-ordered"};
    const std::string coding = R"({"system":"https://a.example/CodeSystem/override-reason","code":"already-ordered"})";
    const auto items =
        read(batch(item(R"("outcome":"overridden")") + ',' + overridden("null") + ',' +
                   overridden(R"({"userComment":"x"})") + ',' + overridden(R"({"reason":)" + coding + '}') + ',' +
                   overridden(R"({"userComment":"x","reason":)" + coding + '}')));
    ASSERT_EQ(items.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_FALSE(items[i].accepted);
        EXPECT_EQ(items[i].overrideReason.has_value(), i >= 3) << i;
        EXPECT_EQ(items[i].userComment, i == 2 || i == 4 ? "x" : "") << i;
    }
    EXPECT_EQ(items[4].overrideReason, reason);
}

TEST(ReadFeedback, WhatNobodyDeclaredOrTheOtherOutcomeOwnsIsIgnored) {
    const auto items = read(
        R"({"x":1,"feedback":[)" + item(R"("outcome":"overridden","acceptedSuggestions":[],"y":{})") + ',' +
        item(R"("outcome":"accepted","overrideReason":7,"acceptedSuggestions":[)" + id(k_suggestion) + ']') + "]}");
    EXPECT_EQ(items.size(), 2U);
}

TEST(ReadFeedback, EveryFaultOfABatchIsNamedWithItsPlace) {
    const auto all = faults(batch(R"({},7,{"card":"17","outcome":"seen","outcomeTimestamp":"2026-06-15"},)" +
                                  accepted("") + ',' + accepted(R"({},{"id":3},"x")") + ',' +
                                  overridden(R"({"reason":{"code":"not now please"},"userComment":1})") + ',' +
                                  item(R"("outcome":"overridden")")));
    EXPECT_THAT(all, ElementsAre("structure:Feedback.feedback[1]", "required:Feedback.feedback[0].card",
                                 "required:Feedback.feedback[0].outcome",
                                 "required:Feedback.feedback[0].outcomeTimestamp", "value:Feedback.feedback[2].card",
                                 "value:Feedback.feedback[2].outcome", "value:Feedback.feedback[2].outcomeTimestamp",
                                 "value:Feedback.feedback[3].acceptedSuggestions",
                                 "structure:Feedback.feedback[4].acceptedSuggestions[2]",
                                 "required:Feedback.feedback[4].acceptedSuggestions[0].id",
                                 "structure:Feedback.feedback[4].acceptedSuggestions[1].id",
                                 "structure:Feedback.feedback[5].overrideReason.userComment",
                                 "required:Feedback.feedback[5].overrideReason.reason.system",
                                 "value:Feedback.feedback[5].overrideReason.reason.code"));
}

TEST(ReadFeedback, EachFaultByItself) {
    struct Row {
        std::string body, fault;
    };
    const std::string place = "Feedback.feedback[0].";
    const std::string system = R"({"reason":{"code":"a","system":)";
    const std::vector<Row> table = {
        {"", "structure:Feedback"},
        {"{", "structure:Feedback"},
        {"[]", "structure:Feedback"},
        {"null", "structure:Feedback"},
        {"{}", "required:Feedback.feedback"},
        {R"({"feedback":null})", "required:Feedback.feedback"},
        {R"({"feedback":{}})", "structure:Feedback.feedback"},
        {R"({"feedback":[]})", "value:Feedback.feedback"},
        {R"({"feedback":[],"feedback":[]})", "structure:Feedback.feedback"},
        {R"({"feedback":[{"Smith":1,"Smith":1}]})", "structure:Feedback.feedback[0]"},
        {R"({"feedback":[{"card":{"99999999":[]},"card":1}]})", "structure:Feedback.feedback[0].card"},
        {batch(R"({"card":")" + std::string(k_card) + R"(","outcome":"overridden"})"),
         "required:" + place + "outcomeTimestamp"},
        {batch(item(R"("outcome":true)")), "structure:" + place + "outcome"},
        {batch(item(R"("outcome":"Accepted")")), "value:" + place + "outcome"},
        {batch(item(R"("outcome":"accepted")")), "required:" + place + "acceptedSuggestions"},
        {batch(item(R"("outcome":"accepted","acceptedSuggestions":{})")), "structure:" + place + "acceptedSuggestions"},
        {batch(accepted(id("17"))), "value:" + place + "acceptedSuggestions[0].id"},
        {batch(overridden("{}")), "value:" + place + "overrideReason"},
        {batch(overridden(R"({"userComment":"a\u0000b"})")), "value:" + place + "overrideReason.userComment"},
        {batch(overridden(R"({"userComment":["a"]})")), "structure:" + place + "overrideReason.userComment"},
        {batch(overridden("\"no\"")), "structure:" + place + "overrideReason"},
        {batch(overridden(R"({"reason":"no"})")), "structure:" + place + "overrideReason.reason"},
        {batch(overridden(R"({"reason":{"system":"urn:a"}})")), "required:" + place + "overrideReason.reason.code"},
        {batch(overridden(system + "\"\"}}")), "value:" + place + "overrideReason.reason.system"},
        {batch(overridden(system + "\"my list\"}}")), "value:" + place + "overrideReason.reason.system"},
        {batch(overridden(system + "\"mr:smith was here\"}}")), "value:" + place + "overrideReason.reason.system"},
    };
    for (const auto& row : table) EXPECT_THAT(faults(row.body), ElementsAre(row.fault)) << row.body;
}

TEST(ReadFeedback, TimesHaveASecondAndAnOffset) {
    const auto with_time = [](const std::string& time) {
        return batch(R"({"card":")" + std::string(k_card) + R"(","outcome":"overridden","outcomeTimestamp":")" + time +
                     "\"}");
    };
    for (const char* good : {"2026-06-15T12:00:00Z", "2026-06-15T12:00:00.123Z", "2026-06-15T14:00:00+02:00"})
        EXPECT_TRUE(faults(with_time(good)).empty()) << good;
    for (const char* bad : {"", "now", "2026-06-15T12:00:00", "2026-06-15T12:00Z", "2026-02-30T12:00:00Z"})
        EXPECT_EQ(faults(with_time(bad)).size(), 1U) << bad;
}

std::string repeat(const std::string& text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += (i == 0 ? "" : ",") + text;
    return all;
}

TEST(ReadFeedback, LimitsAreKept) {
    const std::string one = item(R"("outcome":"overridden")");
    EXPECT_EQ(read(batch(repeat(one, limits::k_feedback_items))).size(), limits::k_feedback_items);
    EXPECT_THAT(faults(batch(repeat(one, limits::k_feedback_items + 1))), ElementsAre("value:Feedback.feedback"));
    const std::size_t most = limits::k_feedback_suggestions;
    EXPECT_TRUE(faults(batch(accepted(repeat(id(k_suggestion), most)))).empty());
    EXPECT_THAT(faults(batch(accepted(repeat(id(k_suggestion), most + 1)))),
                ElementsAre("value:Feedback.feedback[0].acceptedSuggestions"));
    for (const auto& [size, good] :
         {std::pair(limits::k_reason_code_characters, true), {limits::k_reason_code_characters + 1, false}})
        EXPECT_EQ(faults(batch(overridden(R"({"reason":{"system":"urn:a","code":")" + std::string(size, 'a') + "\"}}")))
                      .empty(),
                  good);
    for (const auto& [size, good] : {std::pair(limits::k_comment_bytes, true), {limits::k_comment_bytes + 1, false}})
        EXPECT_EQ(faults(batch(overridden(R"({"userComment":")" + std::string(size, 'a') + "\"}"))).empty(), good);
    EXPECT_THAT(faults(batch(repeat("0", limits::k_feedback_values))), ElementsAre("structure:Feedback"));
    EXPECT_EQ(faults(std::string(70, '[')).size(), 1U);
    std::string large = batch(one);
    large.resize(limits::k_feedback_bytes, ' ');
    EXPECT_EQ(read(large).size(), 1U);
    EXPECT_EQ(refusal_of(large + ' ').status, 413);
    EXPECT_EQ(refusal_of("{}").status, 400);
}

TEST(ReadFeedback, ARefusalRepeatsNothingOfTheCaller) {
    for (const std::string& body :
         {R"({"Smith":1,"Smith":2})" + std::string(),
          batch(R"({"card":"Smith","outcome":"Smith","outcomeTimestamp":"Smith"})"),
          batch(overridden(R"({"reason":{"system":"Smith","code":"Smith J"},"userComment":{"Smith":1}})")),
          batch(overridden(R"({"userComment":"Smith\u0000"})")),
          batch(overridden(R"({"userComment":"Smith)" + std::string(limits::k_comment_bytes, ' ') + "\"}")),
          R"({"feedback":[{"card":{"Smith":1,"Smith":2}}]})" + std::string(),
          R"({"feedback":Smith})" + std::string()}) {
        const auto refusal = refusal_of(body);
        EXPECT_EQ(refusal.status, 400) << body;
        EXPECT_THAT(write_operation_outcome(refusal), Not(HasSubstr("Smith"))) << body;
    }
}

}  // namespace
}  // namespace proctor::hooks::feedback_test
