#include "hooks/compose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>

#include "base/digest.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "hooks/hand_made.h"

namespace proctor::hooks::compose_test {
namespace {

using nlohmann::json;
using rules::Indicator;
using testing::at;
using testing::bleeding;
using testing::HandMade;
using ::testing::HasSubstr;
using testing::moment;
using ::testing::Not;
using testing::yes;

TEST(Compose, NothingFiredMakesNoCard) {
    EXPECT_TRUE(HandMade().cards().empty());
    EXPECT_EQ(write_cards({}), R"({"cards":[]})");
}

TEST(Compose, ACardSaysWhyWhatAndFromWhere) {
    const auto cards = bleeding().cards();
    ASSERT_EQ(cards.size(), 1U);
    EXPECT_EQ(cards[0].rule, "ADC-12");
    EXPECT_FALSE(cards[0].row.empty());
    EXPECT_EQ(cards[0].summary, "Summary of ADC-12");
    EXPECT_EQ(cards[0].indicator, Indicator::warning);
    EXPECT_EQ(cards[0].source.label, "Proctor");
    EXPECT_EQ(cards[0].source.topic->code, "ADC12");
    EXPECT_EQ(cards[0].source.topic->system, "https://proctor.example/fhir/CodeSystem/topic");
    EXPECT_EQ(cards[0].overrideReasons.at(0).system, "https://proctor.example/fhir/CodeSystem/override-reason");
    EXPECT_EQ(cards[0].overrideReasons.at(0).display, "Already ordered");
    EXPECT_EQ(cards[0].selectionBehavior, "any");
    EXPECT_EQ(cards[0].detail,
              "**Found**\n"
              "\n- visible rectal bleeding: \"Rectal bleeding\", recorded 10 Jun 2026 08:00 (Condition/c1)"
              "\n\n**Why it matters** Why ADC-12"
              "\n\n**What to do**\n"
              "\n- Act on ADC-12"
              "\n\nADC-12 1.0.0, content 0123456789ab, evaluated 15 Jun 2026 12:00 UTC");
}

TEST(Compose, UnapprovedContentAndDemoAreSaidOnEveryCard) {
    HandMade made = bleeding();
    made.content.manifest.approved = false;
    made.settings.demo = true;
    EXPECT_THAT(made.cards()[0].detail, HasSubstr("content not yet approved by a clinician, DEMO"));
}

TEST(Compose, RowTextsReplaceAndExtendTheRules) {
    HandMade made = bleeding();
    made.content.rules[0].text.rowSummaries["row"] = "Row summary";
    made.content.rules[0].text.rowActs["row"] = {"Row act"};
    EXPECT_EQ(made.cards()[0].summary, "Row summary");
    EXPECT_THAT(made.cards()[0].detail, HasSubstr("- Row act\n- Act on ADC-12"));
}

TEST(Compose, SummaryStaysUnderTheLimitOfTheSpecification) {
    HandMade made = bleeding();
    made.content.rules[0].text.summary = std::string(300, 'x');
    EXPECT_LT(characters(made.cards()[0].summary), 140U);
}

TEST(Compose, AnAbsorbedRuleBecomesALineAndKeepsItsDataOrdersAndReasons) {
    HandMade made = bleeding();
    const auto drug = made.resource(fhir::ResourceType::medication_request, "m1");
    fhir::MedicationUse use;
    use.resource = drug;
    use.medication.text = "Warfarin 5 mg";
    made.record.medications.push_back(use);
    const auto fact = made.fact("anticoagulant", rules::MedicationFact{}, yes({drug}));
    const auto rule = made.rule("ADC-13", Indicator::warning);
    made.order(rule, "blood-count");
    made.order(rule, "inr");
    made.content.rules[rule].rule.overrideReasons = {"already-ordered", "patient-declined"};
    made.content.rules[0].rule.decide[0].absorbs = {"ADC-13"};
    made.fire(rule, {fact});

    const auto cards = made.cards();
    ASSERT_EQ(cards.size(), 1U);
    EXPECT_THAT(cards[0].detail, HasSubstr("**Also**\n\n- Absorbed ADC-13"));
    EXPECT_THAT(cards[0].detail, HasSubstr("\"Warfarin 5 mg\" (MedicationRequest/m1)"));
    ASSERT_EQ(cards[0].suggestions.size(), 2U);
    EXPECT_EQ(cards[0].suggestions[1].label, "Order inr");
    const auto resource = json::parse(cards[0].suggestions[1].actions.at(0).resource);
    EXPECT_EQ(resource["supportingInfo"], json::parse(R"([{"reference":"MedicationRequest/m1"}])"));
    EXPECT_FALSE(resource.contains("reasonReference"));
    EXPECT_EQ(cards[0].overrideReasons.size(), 2U);
}

TEST(Compose, WhatIsBeyondTheLimitIsToldOnOneInfoCard) {
    HandMade made;
    for (int i = 1; i <= 7; ++i) {
        const auto rule = made.rule("ADC-0" + std::to_string(i), Indicator::warning);
        made.order(rule, "order-" + std::to_string(i));
        made.fire(rule);
    }
    const auto cards = made.cards();
    ASSERT_EQ(cards.size(), limits::k_cards + 1);
    EXPECT_EQ(cards.back().indicator, Indicator::info);
    EXPECT_EQ(cards.back().summary, "2 further findings to review");
    EXPECT_THAT(cards.back().detail, HasSubstr("- Summary of ADC-06 (ADC-06)\n- Summary of ADC-07 (ADC-07)"));
    EXPECT_EQ(cards.back().suggestions.size(), 2U);
}

TEST(Compose, OneFindingBeyondTheLimitKeepsItsOwnCard) {
    HandMade made;
    for (int i = 1; i <= 6; ++i) made.fire(made.rule("ADC-0" + std::to_string(i), Indicator::warning));
    const auto cards = made.cards();
    ASSERT_EQ(cards.size(), limits::k_cards + 1);
    EXPECT_EQ(cards.back().indicator, Indicator::warning);
    EXPECT_EQ(cards.back().rule, "ADC-06");
    EXPECT_EQ(cards.back().summary, "Summary of ADC-06");
}

TEST(Compose, ValuesAreToldAsTheChartWritesThem) {
    struct Row {
        fhir::Quantity quantity;
        const char* expected;
    };
    const std::vector<Row> table = {
        {{"6.80", fhir::Comparator::none, "g/dL", "", "g/dL"}, "\"Hb\" 6.80 g/dL, 15 Jun 2026 09:30 (Observation/o1)"},
        {{"20", fhir::Comparator::lt, "ug/g", "", ""}, "\"Hb\" &lt;20 ug/g, "},
        {{"20", fhir::Comparator::ge, "", "", "10*9/L"}, "\"Hb\" &gt;=20 10\\*9/L, "},
        {{"7", fhir::Comparator::none, "", "", ""}, "\"Hb\" 7 (no unit), "},
    };
    for (const auto& row : table) {
        HandMade made;
        auto& observation = made.observation("o1", "Hb");
        observation.kind = fhir::ValueKind::quantity;
        observation.quantity = row.quantity;
        observation.time = moment("2026-06-15T09:30:00Z");
        const auto fact = made.fact("haemoglobin", rules::QuantityFact{}, yes({observation.resource}));
        made.fire(made.rule("A", Indicator::warning), {fact});
        EXPECT_THAT(made.cards()[0].detail, HasSubstr(row.expected));
    }
}

TEST(Compose, UncertainEntriesAreCalledSo) {
    using fhir::VerificationStatus;
    for (const auto& [status, word] : {std::pair{VerificationStatus::provisional, "provisional"},
                                       std::pair{VerificationStatus::unconfirmed, "unconfirmed"},
                                       std::pair{VerificationStatus::differential, "differential diagnosis"}}) {
        HandMade made = bleeding();
        made.record.conditions[0].verification = status;
        EXPECT_THAT(made.cards()[0].detail, HasSubstr(std::string("\"Rectal bleeding\", ") + word));
    }
}

// Which of the words were meant is not known here.
TEST(Compose, OfAnEncounterWithSeveralReasonsInWordsAllAreTold) {
    HandMade made;
    const auto encounter = made.resource(fhir::ResourceType::encounter, "e1");
    for (const char* reason : {"headache", "rectal bleeding"}) {
        fhir::Condition row;
        row.resource = encounter;
        row.code.text = reason;
        made.record.conditions.push_back(row);
    }
    const auto fact = made.fact("visible rectal bleeding", rules::FindingFact{}, yes({encounter}));
    made.fire(made.rule("A", Indicator::warning), {fact});
    EXPECT_THAT(made.cards()[0].detail, HasSubstr(": \"headache\"; \"rectal bleeding\" (Encounter/e1)"));
}

TEST(Compose, ALongChartIsCutNotTheAdvice) {
    HandMade made;
    std::vector<std::string> ids;
    for (int i = 0; i < 400; ++i) ids.push_back("condition-with-a-long-id-" + std::to_string(i));
    std::vector<rules::FactIndex> facts;
    for (int f = 0; f < 20; ++f) {
        std::vector<fhir::ResourceIndex> evidence;
        for (int i = 0; i < 20; ++i) {
            evidence.push_back(
                made.condition(ids[static_cast<std::size_t>(f * 20 + i)], "A text of some length, as charts have it")
                    .resource);
        }
        facts.push_back(made.fact("fact " + std::to_string(f), rules::FindingFact{}, yes(evidence)));
    }
    made.fire(made.rule("ADC-12", Indicator::warning), facts);
    const auto detail = made.cards()[0].detail;
    EXPECT_LE(characters(detail), limits::k_detail_characters);
    EXPECT_THAT(detail, HasSubstr("- Act on ADC-12"));
    EXPECT_THAT(detail, HasSubstr(" more"));
}

TEST(Compose, WhatCouldNotBeCheckedIsSaidOnTheRulesOwnCard) {
    HandMade made = bleeding();
    rules::QuantityFact haemoglobin;
    haemoglobin.quantity = "haemoglobin";
    const auto fact = made.fact("haemoglobin", haemoglobin);
    made.content.quantities.push_back({});
    made.content.quantities[0].id = "haemoglobin";
    made.content.quantities[0].category = fhir::Source::laboratory;
    made.record.supply[static_cast<std::size_t>(fhir::Source::laboratory)] = fhir::Supply::absent;
    made.outcome.not_checked.push_back({0, 0, {fact}});
    const auto cards = made.cards();
    ASSERT_EQ(cards.size(), 1U);
    EXPECT_THAT(cards[0].detail,
                HasSubstr("**Could not check**\n\n- Title of ADC-12 (ADC-12): haemoglobin [laboratory results not "
                          "supplied]. Look for ADC-12"));
}

TEST(Compose, RulesLeftOpenWithoutACardShareOneCalmCard) {
    HandMade made = bleeding();
    const auto open = made.rule("ADC-02", Indicator::critical);
    const auto draft = made.rule("ADC-99", Indicator::critical);
    made.content.rules[draft].rule.status = rules::RuleStatus::draft;
    const auto fact = made.fact("new symptoms", rules::FindingFact{});
    made.outcome.not_checked = {{open, 0, {fact}}, {open, 0, {fact}}, {draft, 0, {fact}}};
    const auto cards = made.cards();
    ASSERT_EQ(cards.size(), 2U);
    EXPECT_EQ(cards[1].indicator, Indicator::info);
    EXPECT_EQ(cards[1].source.topic->code, "ADCNC");
    EXPECT_EQ(cards[1].summary, "Some checks could not be made: data were missing or unclear");
    EXPECT_THAT(cards[1].detail, HasSubstr("- Title of ADC-02 (ADC-02): new symptoms [recorded too "
                                           "imprecisely to decide]. Look for ADC-02"));
    EXPECT_THAT(cards[1].detail, Not(HasSubstr("ADC-99")));
    EXPECT_TRUE(cards[1].suggestions.empty());
}

TEST(Compose, TheDataQualityCardSaysWhatWasNotUsedAndWhy) {
    HandMade made;
    auto& observation = made.observation("o1", "Hb");
    observation.kind = fhir::ValueKind::quantity;
    observation.quantity = {"6.8", fhir::Comparator::none, "foo", "", ""};
    const auto fact = made.fact("unusable", rules::QualityFact{{"unit"}, {}}, yes({observation.resource}));
    made.outcome.facts.issues = {{rules::IssueKind::unit, observation.resource, "haemoglobin"},
                                 {rules::IssueKind::stale, observation.resource, "melena"}};
    made.fire(made.rule("ADC-DQ", Indicator::info), {fact});
    const auto detail = made.cards()[0].detail;
    EXPECT_THAT(detail, HasSubstr("**Not used**\n\n- \"Hb\" 6.8 foo (Observation/o1): unit missing or not known\n"));
    EXPECT_THAT(detail, Not(HasSubstr("**Found**")));
    EXPECT_THAT(detail, Not(HasSubstr("too long ago")));
}

// ---- identity
// ------------------------------------------------------------------------------------------------------

TEST(Identity, TheSameInputsGiveTheSameUuids) {
    const auto first = bleeding().cards();
    const auto second = bleeding().cards();
    EXPECT_TRUE(is_uuid(first[0].uuid));
    EXPECT_EQ(first[0].uuid, second[0].uuid);
    EXPECT_EQ(first[0].suggestions[0].uuid, second[0].suggestions[0].uuid);
    EXPECT_NE(first[0].uuid, first[0].suggestions[0].uuid);
}

TEST(Identity, ALaterRetryOfTheSameCallGivesTheSameUuids) {
    HandMade later = bleeding();
    later.now = at("2026-06-15T12:00:09Z");
    later.instance = "D1577C69-DFBE-44AD-BA6D-3E05E953B2EA";
    EXPECT_EQ(later.cards()[0].uuid, bleeding().cards()[0].uuid);
}

TEST(Identity, AnyChangedInputGivesOtherUuids) {
    const std::vector<std::pair<const char*, void (*)(HandMade&)>> table = {
        {"client", [](HandMade& m) { m.settings.client = "x"; }},
        {"tenant", [](HandMade& m) { m.settings.tenant = "x"; }},
        {"client and tenant shifted", [](HandMade& m) { m.settings.client = "clientt", m.settings.tenant = "enant"; }},
        {"patient", [](HandMade& m) { m.record.patient.id = "p2"; }},
        {"hookInstance", [](HandMade& m) { m.instance = "00000000-0000-0000-0000-000000000000"; }},
        {"revision", [](HandMade& m) { m.content.revision = "x"; }},
        {"rule", [](HandMade& m) { m.content.rules[0].rule.code = "ADC-98"; }},
        {"row", [](HandMade& m) { m.content.rules[0].rule.decide[0].id = "x"; }},
    };
    const auto before = bleeding().cards();
    for (const auto& [what, change] : table) {
        HandMade made = bleeding();
        change(made);
        const auto after = made.cards();
        EXPECT_NE(after[0].uuid, before[0].uuid) << what;
        EXPECT_NE(after[0].suggestions[0].uuid, before[0].suggestions[0].uuid) << what;
    }
}

// ---- hostile charts
// -------------------------------------------------------------------------------------------------

const std::vector<std::string> k_injections = {"<script>alert(1)</script>",
                                               "<img src=x onerror=alert(1)>",
                                               "</p><iframe src=//e.example>",
                                               "[click](javascript:alert(1))",
                                               "![p](https://e.example/p.png)",
                                               "https://e.example/",
                                               "www.e.example",
                                               "mail@e.example",
                                               "`code`",
                                               "**bold**",
                                               "# heading",
                                               "line\n\n# second",
                                               "a | b\n--|--",
                                               "<!-- c -->",
                                               "&lt;b&gt;",
                                               "\\<b>",
                                               "~~gone~~",
                                               "{{context.patientId}}",
                                               "$x^2$",
                                               "no \xE2\x80\xAEgnideelb",
                                               "\xE2\x80\x8Bhidden",
                                               "<a href=\"data:text/html,x\">",
                                               "1. item",
                                               "- item",
                                               "[ref]: http://e.example",
                                               "\"><svg/onload=alert(1)>",
                                               "javascript:alert(1)"};

TEST(HostileCharts, NoChartTextActsInADetailOrReachesASummary) {
    for (const auto& text : k_injections) {
        HandMade made;
        auto& condition = made.condition("c1", text);
        auto& observation = made.observation("o1", text);
        observation.kind = fhir::ValueKind::string;
        observation.text = text;
        auto& quantity = made.observation("o2", "Hb");
        quantity.kind = fhir::ValueKind::quantity;
        quantity.quantity = {"7", fhir::Comparator::none, text, "", ""};
        const auto fact = made.fact("f", rules::FindingFact{},
                                    yes({condition.resource, made.record.observations[0].resource, quantity.resource}));
        made.order(made.rule("A", Indicator::warning), "o");
        made.fire(0, {fact});
        const Card card = made.cards()[0];
        EXPECT_THAT(card.detail, HasSubstr(escape_markdown(text)));
        EXPECT_EQ(card.detail.find('<'), std::string::npos) << card.detail;
        EXPECT_FALSE(RE2::PartialMatch(card.detail, R"([^\\]\]\()")) << card.detail;
        EXPECT_THAT(card.detail, Not(HasSubstr("://")));
        EXPECT_THAT(card.detail, Not(HasSubstr("www.")));
        EXPECT_THAT(card.detail, Not(HasSubstr("mail@")));
        EXPECT_THAT(card.detail, Not(HasSubstr("{{")));
        EXPECT_THAT(card.detail, Not(HasSubstr("\n# ")));
        EXPECT_EQ(card.summary, "Summary of A");
        EXPECT_THAT(card.suggestions.at(0).actions.at(0).resource, Not(HasSubstr(text.substr(0, 5))));
    }
}

TEST(HostileCharts, LongEntriesAreShortened) {
    HandMade made = bleeding();
    const std::string text(100'000, 'x');
    made.record.conditions[0].code.text = text;
    EXPECT_LT(made.cards()[0].detail.size(), 1'000U);
}

}  // namespace
}  // namespace proctor::hooks::compose_test
