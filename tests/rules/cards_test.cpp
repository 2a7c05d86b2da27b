// The content that ships: it agrees with its own cases, and each rule reads and compiles as it was reviewed.
#include <gtest/gtest.h>

#include "rules/check.h"
#include "rules/facts.h"
#include "rules/print.h"
#include "rules/sample_content.h"
#include "support/shipped_content.h"

namespace proctor::rules {
namespace {

const Content& cards() { return *support::shipped_content(); }

TEST(Cards, EveryRuleAgreesWithItsCases) {
    const FactLookup lookup(cards());
    const CheckReport report = check_content(cards(), lookup);
    for (const Error& error : report.errors) ADD_FAILURE() << describe(error);
    for (const Error& gap : report.gaps) ADD_FAILURE() << describe(gap);
    EXPECT_GT(report.cases, 300U);
}

TEST(Cards, EveryRuleReadsInEnglishAsReviewed) {
    for (const LoadedRule& rule : cards().rules) {
        expect_golden("rules/" + rule.rule.id + ".english.txt", print_english(cards(), rule));
    }
}

TEST(Cards, EveryRuleCompilesAsReviewed) {
    for (const LoadedRule& rule : cards().rules) {
        expect_golden("rules/" + rule.rule.id + ".program.txt", print_program(cards(), rule));
    }
}

}  // namespace
}  // namespace proctor::rules
