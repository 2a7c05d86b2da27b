// The patients of fhir-fixtures/ at the other hooks: what the context adds decides what fires, and nothing drafted is
// suggested.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "app/hook_request.h"
#include "base/json.h"
#include "hooks/answer.h"
#include "hooks/hook_table.h"
#include "hooks/shipped.h"

namespace proctor::app {
namespace {

using hooks::testing::engine;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string k_root = PROCTOR_SOURCE_DIR;

std::string read(const std::string& path) {
    std::ifstream in(k_root + "/fhir-fixtures/" + path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    EXPECT_FALSE(text.str().empty()) << path;
    return text.str();
}

hooks::Answered answer(const json& row) {
    const auto now = fhir::read_instant("2026-06-15T12:00:00Z").value();
    const auto hook = row["hook"].get<std::string>();
    const auto request = make_hook_request(read("patients/" + row["patient"].get<std::string>() + ".json"), hook, now,
                                           read("contexts/" + row["context"].get<std::string>() + ".json"));
    EXPECT_TRUE(request.ok()) << row["title"];
    auto answered = hooks::answer(engine(), {}, fhir::PaddedJson(request->json), hooks::find_hook(hook)->service, now);
    EXPECT_TRUE(std::holds_alternative<hooks::Answered>(answered)) << row["title"];
    return std::get<hooks::Answered>(std::move(answered));
}

TEST(HookFixtures, FireExactlyTheExpectedRules) {
    for (const json& row : json::parse(read("hooks.json"))) {
        json fired = json::array();
        const auto answered = answer(row);
        for (const auto& one : answered.outcome.fired) fired.push_back(engine().content->rules[one.rule].rule.code);
        EXPECT_EQ(fired, row["rules"]) << row["title"];
        EXPECT_EQ(answered.cards.empty(), row["rules"].empty()) << row["title"] << hooks::write_cards(answered.cards);
    }
}

TEST(HookFixtures, NothingThatIsDraftedIsSuggested) {
    std::size_t tried = 0;
    for (const json& row : json::parse(read("hooks.json"))) {
        if (!row.contains("notSuggested")) continue;
        const auto cards = hooks::write_cards(answer(row).cards);
        for (const auto& code : row["notSuggested"]) {
            EXPECT_THAT(cards, Not(HasSubstr(code.get<std::string>()))) << row["title"];
            ++tried;
        }
    }
    EXPECT_GE(tried, 1U);
}

json row_of(const char* context, const char* hook, const char* patient) {
    return {{"title", context}, {"context", context}, {"hook", hook}, {"patient", patient}};
}

TEST(HookFixtures, ACardSaysWhatIsBeingOrderedOrAdded) {
    const auto ordered = answer(row_of("draft-apixaban", "order-sign", "visible-bleeding-alone"));
    ASSERT_EQ(ordered.cards.size(), 1U);
    EXPECT_THAT(ordered.cards[0].detail, HasSubstr("\"Apixaban 5 mg tablets\" (being ordered)"));
    const auto added = answer(row_of("add-haemorrhoids", "problem-list-item-create", "bleeding-on-apixaban"));
    ASSERT_EQ(added.cards.size(), 1U);
    EXPECT_THAT(added.cards[0].detail, HasSubstr("(being added)"));
}

TEST(HookFixtures, AtDischargeOneCardTellsTheFindingAndThatNothingAnswersIt) {
    const auto left = answer(row_of("leave", "encounter-discharge", "leaving-after-bleeding"));
    ASSERT_EQ(left.cards.size(), 1U);
    EXPECT_THAT(left.cards[0].summary, HasSubstr("before the patient leaves"));
    EXPECT_THAT(left.cards[0].detail, HasSubstr("ADC-41"));
    EXPECT_THAT(left.cards[0].detail, HasSubstr("ADC-12"));
}

}  // namespace
}  // namespace proctor::app
