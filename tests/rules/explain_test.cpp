#include "rules/explain.h"

#include <gtest/gtest.h>

#include "rules/compile.h"
#include "support/facts_fixture.h"

namespace proctor::rules {
namespace {

// One rule: visible bleeding with a haemoglobin below 70 g/L.
class Explained : public FactsTest {
protected:
    Explained() {
        content_.facts = {{"bleeding", "visible rectal bleeding", finding("bleeding")},
                          {"haemoglobin", "haemoglobin", haemoglobin()}};
        Expr bleeding;
        bleeding.kind = Expr::Kind::name;
        bleeding.name = "bleeding";
        Expr low;
        low.kind = Expr::Kind::compare;
        low.compare.fact = "haemoglobin";
        low.compare.threshold = 70'000'000;
        Expr all;
        all.kind = Expr::Kind::all;
        all.operands = {bleeding, low};
        LoadedRule loaded;
        loaded.rule.id = "severe-anaemia";
        loaded.rule.code = "ADC-02";
        loaded.rule.title = "Severe anaemia";
        loaded.rule.status = RuleStatus::active;
        Row row;
        row.id = "severe";
        row.condition = all;
        row.indicator = Indicator::critical;
        loaded.rule.decide = {row};
        content_.rules = {loaded};
        content_.program = compile(content_);
    }

    std::string text() {
        const Outcome outcome = evaluate(content_, FactLookup(content_).look_up(chart_.record, support::now()), "");
        return explain(content_, content_.rules[0], outcome, chart_.record);
    }
};

TEST_F(Explained, AFiredRuleNamesItsRowItsTestsAndItsResources) {
    chart_.condition({k_bleeding}, "2026-06-10");
    chart_.measured(k_haemoglobin, "2026-06-14T08:00:00Z", "65", "g/L");
    const std::string explained = text();
    EXPECT_NE(explained.find("ADC-02 Severe anaemia: fires with row \"severe\" (critical)"), std::string::npos)
        << explained;
    EXPECT_NE(explained.find("all of: yes"), std::string::npos) << explained;
    EXPECT_NE(explained.find("- Condition/c"), std::string::npos) << explained;
    EXPECT_NE(explained.find("- value 65 at 2026-06-14T08:00:00Z"), std::string::npos) << explained;
    EXPECT_NE(explained.find("- Observation/o"), std::string::npos) << explained;
}

TEST_F(Explained, ARuleThatDoesNotFireSaysSo) {
    EXPECT_NE(text().find("ADC-02 Severe anaemia: does not fire\n"), std::string::npos) << text();
}

TEST_F(Explained, WhatCouldNotBeCheckedIsNamed) {
    chart_.condition({k_bleeding}, "2026-06-10");
    supply(Source::laboratory, Supply::absent);
    const std::string explained = text();
    EXPECT_NE(explained.find("does not fire; could not be checked: \"severe\""), std::string::npos) << explained;
    EXPECT_NE(explained.find("not everything it needs was supplied"), std::string::npos) << explained;
}

TEST_F(Explained, ARetiredRuleIsNotEvaluated) {
    content_.rules[0].rule.status = RuleStatus::retired;
    content_.program = compile(content_);
    EXPECT_NE(text().find("retired, not evaluated"), std::string::npos) << text();
}

TEST_F(Explained, NothingIsEvaluatedOfADeceasedPatient) {
    EXPECT_EQ(explain(content_, content_.rules[0], {}, chart_.record),
              "ADC-02 Severe anaemia: not evaluated, the patient is deceased\n");
}

}  // namespace
}  // namespace proctor::rules
