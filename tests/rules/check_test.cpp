#include "rules/check.h"

#include <gtest/gtest.h>

#include "rules/sample_content.h"

namespace proctor::rules {
namespace {

std::string errors_of(const Content& content) {
    const FactLookup lookup(content);
    std::string all;
    for (const Error& error : check_content(content, lookup).errors) all += describe(error) + "\n";
    return all;
}

std::string gaps_of(const Content& content) {
    const FactLookup lookup(content);
    std::string all;
    for (const Error& gap : check_content(content, lookup).gaps) all += describe(gap) + "\n";
    return all;
}

std::string errors_of(const ScratchContent& scratch) {
    const auto content = scratch.load();
    return content ? errors_of(**content) : describe(content.error());
}

TEST(Check, TheSampleAgreesWithItsCases) {
    const FactLookup lookup(sample_content());
    const CheckReport report = check_content(sample_content(), lookup);
    for (const Error& error : report.errors) ADD_FAILURE() << describe(error);
    EXPECT_EQ(report.cases, 8U);  // the retired rule's is not run
    EXPECT_TRUE(report.warnings.empty());
}

TEST(Check, ACaseThatComesOutOtherwiseIsAnError) {
    ScratchContent scratch;
    scratch.replace("rules/rectal-bleeding/cases.json", R"(89, "unit")", R"(90, "unit")");
    EXPECT_EQ(errors_of(scratch),
              "rules/rectal-bleeding/cases.json#/2/expect: Bleeding with a pressure just below the limit: "
              "expected row \"unstable\", got row \"bleeding\"\n"
              "rules/rectal-bleeding/rule.json#/decide/0: no case fires row \"unstable\"\n");
}

TEST(Check, ARowThatNoCaseFiresIsAnError) {
    ScratchContent scratch;
    scratch.replace("rules/severe-anaemia/cases.json", R"(4.9, "unit")", R"(6.9, "unit")");
    scratch.replace("rules/severe-anaemia/cases.json", R"("expect": "below-80")", R"("expect": null)");
    EXPECT_EQ(errors_of(scratch), "rules/severe-anaemia/rule.json#/decide/0: no case fires row \"below-80\"\n");
}

TEST(Check, WhatCouldNotBeDecidedMustBeExpected) {
    ScratchContent scratch;
    scratch.replace("rules/rectal-bleeding/cases.json", R"(],
    "expectUnknown": "unstable")",
                    "]");
    EXPECT_EQ(errors_of(scratch),
              "rules/rectal-bleeding/cases.json#/4/expectUnknown: Vital signs did not come: row \"unstable\" "
              "could not be decided\n");
    ScratchContent other;
    other.replace("rules/rectal-bleeding/cases.json", R"(["vital-signs"])", R"(["procedure"])");
    EXPECT_EQ(errors_of(other),
              "rules/rectal-bleeding/cases.json#/4/expectUnknown: Vital signs did not come: row \"unstable\" "
              "could be decided\n");
}

TEST(Check, AWeakCodeThatNothingSettlesIsAWarning) {
    ScratchContent scratch;
    scratch.replace("findings.json", R"("code": "K92.1")", R"("code": "K92.2")");
    const auto content = scratch.load();
    ASSERT_TRUE(content.ok()) << describe(content.error());
    const FactLookup lookup(**content);
    EXPECT_EQ(check_content(**content, lookup).warnings,
              std::vector<std::string>{
                  "valuesets/melaena.json: the weak code K92.1 is settled by no finding and never counts"});
}

TEST(Check, NamesTheCasesThatAreMissing) { expect_golden("rules/sample.gaps.txt", gaps_of(sample_content())); }

// Each change adds what a gap asks for; that gap closes, and it was there before.
TEST(Check, AGapClosesWithTheCaseItNames) {
    struct Closing {
        const char *file, *from, *to, *gap;
    };
    constexpr const char* k_bleeding = "rules/rectal-bleeding/cases.json";
    for (const Closing& closing : {
             Closing{k_bleeding, R"("expect": "unstable")", R"("expect": "unstable", "expectIndicator": "critical")",
                     "no case says how urgent row \"unstable\" is"},
             Closing{k_bleeding, R"("expect": "bleeding")",
                     R"("expect": "bleeding", "profile": "seed", "expectIndicator": "critical")",
                     "\"profile\": \"seed\" and \"expectIndicator\""},
             Closing{k_bleeding, "1960-03-01", "1976-07-01", "add one with 49 years"},
             Closing{k_bleeding, R"("expect": "bleeding")",
                     R"("expect": "bleeding", "expectOrders": ["full-blood-count", "colonoscopy"])",
                     "no case expects the order \"colonoscopy\""},
             Closing{k_bleeding, R"("expect": null)",
                     R"("expect": null, "notSupplied": ["condition"], "expectUnknown": "lasting")",
                     "no case has row \"lasting\" undecided"},
         }) {
        ScratchContent scratch;
        scratch.replace(closing.file, closing.from, closing.to);
        const auto content = scratch.load();
        ASSERT_TRUE(content.ok()) << describe(content.error());
        EXPECT_EQ(errors_of(**content), "") << closing.to;
        EXPECT_EQ(gaps_of(**content).find(closing.gap), std::string::npos) << closing.gap;
        EXPECT_NE(gaps_of(sample_content()).find(closing.gap), std::string::npos) << closing.gap;
    }
}

TEST(Check, TheLevelAndTheOrdersOfACardAreAsExpected) {
    ScratchContent scratch;
    scratch.replace("rules/rectal-bleeding/cases.json", R"("expect": "bleeding")",
                    R"("expect": "bleeding", "expectIndicator": "critical", "expectOrders": ["colonoscopy"])");
    EXPECT_EQ(errors_of(scratch),
              "rules/rectal-bleeding/cases.json#/0/expectIndicator: Bleeding three days ago: expected critical, got "
              "warning\n"
              "rules/rectal-bleeding/cases.json#/0/expectOrders: Bleeding three days ago: expected colonoscopy, got "
              "colonoscopy, full-blood-count\n");
    ScratchContent other;
    other.replace("rules/rectal-bleeding/cases.json", R"("expect": "bleeding")",
                  R"("expect": "bleeding", "expectOrders": ["colonoscpy"])");
    EXPECT_EQ(other.complaint(),
              "rules/rectal-bleeding/cases.json#/0/expectOrders/0: no order of this rule is called \"colonoscpy\", did "
              "you mean \"colonoscopy\"?");
    ScratchContent without_card;
    without_card.replace("rules/severe-anaemia/cases.json", R"("expect": null)",
                         R"("expect": null, "expectIndicator": "info")");
    EXPECT_EQ(without_card.complaint(),
              "rules/severe-anaemia/cases.json#/1: without a card there are no \"expectIndicator\" and "
              "\"expectOrders\"");
}

TEST(Check, WhatIsAlreadyOrderedIsAsExpected) {
    ScratchContent scratch;
    scratch.replace("rules/severe-anaemia/cases.json", R"("expect": "below-80")",
                    R"("expect": "below-80", "expectAlreadyOrdered": [])");
    EXPECT_EQ(errors_of(scratch), "");
    scratch.replace("rules/rectal-bleeding/cases.json", R"("expect": "bleeding")",
                    R"("expect": "bleeding", "expectAlreadyOrdered": ["full-blood-count"])");
    EXPECT_EQ(errors_of(scratch),
              "rules/rectal-bleeding/cases.json#/0/expectAlreadyOrdered: Bleeding three days ago: expected "
              "full-blood-count, got no orders\n");
}

TEST(Check, ACaseThatDoesNotHoldWithAnotherCodeIsAnErrorOfTheCase) {
    ScratchContent scratch;
    scratch.replace("rules/rectal-bleeding/cases.json", R"("expect": "unstable")",
                    R"("expect": "unstable", "alsoWith": [{"for": "12063002", "codes": {"urn:x": ["1"]}}])");
    EXPECT_EQ(
        errors_of(scratch),
        "rules/rectal-bleeding/cases.json#/2/expect: Bleeding with a pressure just below the limit, with urn:x|1: "
        "expected row \"unstable\", got no card\n");
}

}  // namespace
}  // namespace proctor::rules
