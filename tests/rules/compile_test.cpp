#include "rules/compile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "rules/print.h"
#include "rules/sample_content.h"

namespace proctor::rules {
namespace {

TEST(Compile, OperandsComeBeforeWhatUsesThem) {
    const Program& program = sample_content().program;
    for (std::size_t i = 0; i < program.ops.size(); ++i) {
        const Op& op = program.ops[i];
        for (const Slot operand : program.operands_of(op)) EXPECT_LT(operand, i);
    }
    EXPECT_EQ(program.names.size(), program.ops.size());
}

TEST(Compile, NothingIsComputedTwice) {
    const Program& program = sample_content().program;
    std::set<std::string> conditions, facts;
    std::size_t always = 0;
    for (const std::string& name : program.names) {
        if (name.empty()) continue;
        EXPECT_TRUE(conditions.insert(name).second) << name;
    }
    for (const Fact& fact : program.facts) EXPECT_TRUE(facts.insert(fact.name).second) << fact.name;
    for (const Op& op : program.ops) always += op.code == OpCode::always ? 1 : 0;
    EXPECT_EQ(always, 1U);
    EXPECT_EQ(conditions, (std::set<std::string>{"bleeding", "low-pressure", "unstable"}));
}

TEST(Compile, LeavesRetiredRulesAndUnusedFactsOut) {
    const Content& content = sample_content();
    ASSERT_EQ(content.rules.size(), 3U);
    ASSERT_EQ(content.program.rules.size(), 2U);
    for (const CompiledRule& rule : content.program.rules) {
        EXPECT_NE(content.rules[rule.rule].rule.status, RuleStatus::retired);
    }
}

TEST(Compile, NamesARulesOwnFactAfterTheRule) {
    const auto& facts = sample_content().program.facts;
    const auto own = [](const Fact& fact) { return fact.name == "ADC-12/long-ago"; };
    EXPECT_EQ(std::count_if(facts.begin(), facts.end(), own), 1);
}

TEST(Compile, ProgramsAreAsReviewed) {
    for (const char* id : {"rectal-bleeding", "severe-anaemia", "old-rule"}) {
        expect_golden(std::string("rules/sample/") + id + ".program.txt",
                      print_program(sample_content(), sample_rule(id)));
    }
}

}  // namespace
}  // namespace proctor::rules
