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

}  // namespace
}  // namespace proctor::rules
