#include "rules/evaluate.h"

#include <gtest/gtest.h>

#include "rules/content.h"

namespace proctor::rules {
namespace {

using fhir::Range;

struct Comparison {
    Range value;
    CompareOp op;
    Endpoint endpoint;
    Micro threshold;
    Truth expected;
};

constexpr auto lt = CompareOp::lt;
constexpr auto le = CompareOp::le;
constexpr auto gt = CompareOp::gt;
constexpr auto ge = CompareOp::ge;
constexpr auto yes = Truth::yes;
constexpr auto no = Truth::no;
constexpr auto unknown = Truth::unknown;
constexpr auto both_ends = Endpoint::both;

const Range k_ten{10, 10};
const Range k_below_20{std::nullopt, 20, false, true};
const Range k_up_to_20{std::nullopt, 20, false, false};
const Range k_above_5{5, std::nullopt, true, false};
const Range k_from_5{5, std::nullopt, false, false};
const Range k_5_to_20{5, 20};

class Compared : public testing::TestWithParam<Comparison> {};

TEST_P(Compared, IsKleeneOverTheRange) {
    const Comparison& c = GetParam();
    EXPECT_EQ(compare(c.value, c.op, c.endpoint, c.threshold), c.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Exact, Compared,
    testing::Values(Comparison{k_ten, lt, both_ends, 10, no}, Comparison{k_ten, le, both_ends, 10, yes},
                    Comparison{k_ten, gt, both_ends, 10, no}, Comparison{k_ten, ge, both_ends, 10, yes},
                    Comparison{k_ten, lt, both_ends, 11, yes}, Comparison{k_ten, gt, both_ends, 9, yes}));
INSTANTIATE_TEST_SUITE_P(
    OpenEnds, Compared,
    testing::Values(Comparison{k_below_20, lt, both_ends, 20, yes}, Comparison{k_up_to_20, lt, both_ends, 20, unknown},
                    Comparison{k_up_to_20, le, both_ends, 20, yes}, Comparison{k_below_20, ge, both_ends, 20, no},
                    Comparison{k_up_to_20, ge, both_ends, 20, unknown},
                    Comparison{k_below_20, lt, both_ends, 10, unknown}, Comparison{k_below_20, gt, both_ends, 30, no},
                    Comparison{k_above_5, gt, both_ends, 5, yes}, Comparison{k_from_5, gt, both_ends, 5, unknown},
                    Comparison{k_from_5, ge, both_ends, 5, yes}, Comparison{k_above_5, le, both_ends, 5, no},
                    Comparison{k_from_5, le, both_ends, 5, unknown},
                    Comparison{k_above_5, lt, both_ends, 10, unknown}));
INSTANTIATE_TEST_SUITE_P(Ends, Compared,
                         testing::Values(Comparison{k_5_to_20, gt, both_ends, 10, unknown},
                                         Comparison{k_5_to_20, gt, Endpoint::minimum, 10, no},
                                         Comparison{k_5_to_20, gt, Endpoint::maximum, 10, yes},
                                         Comparison{k_5_to_20, ge, Endpoint::maximum, 20, yes},
                                         Comparison{k_below_20, lt, Endpoint::maximum, 20, yes},
                                         Comparison{k_below_20, ge, Endpoint::maximum, 20, no},
                                         Comparison{k_up_to_20, lt, Endpoint::maximum, 20, no},
                                         Comparison{k_above_5, gt, Endpoint::minimum, 5, yes},
                                         Comparison{k_from_5, gt, Endpoint::minimum, 5, no},
                                         Comparison{k_from_5, ge, Endpoint::maximum, 1'000'000, yes},
                                         Comparison{k_from_5, lt, Endpoint::maximum, 1'000'000, no},
                                         Comparison{k_below_20, lt, Endpoint::minimum, -1'000'000, yes},
                                         Comparison{k_below_20, gt, Endpoint::minimum, -1'000'000, no}));

// Facts 0..n, one operation for each, and one rule whose rows are those operations in order.
class Walk : public testing::Test {
protected:
    Walk() {
        content_.rules.resize(1);
        content_.rules[0].rule.hooks = {"patient-view"};
        content_.program.rules.resize(1);
    }

    void row(Truth truth, std::vector<fhir::ResourceIndex> evidence = {}) {
        FactResult result;
        result.truth = truth;
        result.evidence = std::move(evidence);
        facts_.results.push_back(result);
        Op op;
        op.code = OpCode::fact;
        op.a = static_cast<FactIndex>(facts_.results.size() - 1);
        content_.program.rules[0].rows.push_back({emit(op)});
    }

    Slot emit(Op op, const std::vector<Slot>& operands = {}) {
        op.first = static_cast<std::uint32_t>(content_.program.operands.size());
        op.count = static_cast<std::uint32_t>(operands.size());
        content_.program.operands.insert(content_.program.operands.end(), operands.begin(), operands.end());
        content_.program.ops.push_back(op);
        return static_cast<Slot>(content_.program.ops.size() - 1);
    }

    Slot emit(OpCode code, const std::vector<Slot>& operands) {
        Op op;
        op.code = code;
        return emit(op, operands);
    }

    Outcome run(std::string_view hook = "patient-view") { return evaluate(content_, facts_, hook); }

    Content content_;
    Facts facts_;
};

TEST_F(Walk, TheFirstYesDecides) {
    row(no);
    row(yes, {3, 4});
    row(yes, {5});
    const Outcome outcome = run();
    ASSERT_EQ(outcome.fired.size(), 1u);
    EXPECT_EQ(outcome.fired[0].row, 1u);
    EXPECT_EQ(outcome.fired[0].evidence, (std::vector<fhir::ResourceIndex>{3, 4}));
    EXPECT_EQ(outcome.fired[0].facts, (std::vector<FactIndex>{1}));
    EXPECT_TRUE(outcome.not_checked.empty());
}

TEST_F(Walk, AnUnknownRowIsNamedAndWhatIsCertainStillFires) {
    row(unknown);
    row(no);
    row(yes);
    row(unknown);
    const Outcome outcome = run();
    ASSERT_EQ(outcome.fired.size(), 1u);
    EXPECT_EQ(outcome.fired[0].row, 2u);
    ASSERT_EQ(outcome.not_checked.size(), 1u);
    EXPECT_EQ(outcome.not_checked[0].row, 0u);
    EXPECT_EQ(outcome.not_checked[0].missing, (std::vector<FactIndex>{0}));
}

TEST_F(Walk, UnknownIsNeverNo) {
    row(unknown);
    row(no);
    row(unknown);
    const Outcome outcome = run();
    EXPECT_TRUE(outcome.fired.empty());
    EXPECT_EQ(outcome.not_checked.size(), 2u);
}

TEST_F(Walk, ARuleRunsOnlyAtItsHooks) {
    row(yes);
    EXPECT_EQ(run("patient-view").fired.size(), 1u);
    EXPECT_EQ(run("").fired.size(), 1u);
    EXPECT_TRUE(run("order-sign").fired.empty());
}

TEST_F(Walk, EvidenceComesFromWhatMadeTheRowYes) {
    row(yes, {1});
    row(no, {2});
    row(yes, {3});
    const Slot one_of = emit(OpCode::any, {0, 1});
    const Slot denied = emit(OpCode::not_, {1});
    content_.program.rules[0].rows = {{emit(OpCode::all, {one_of, denied, 2})}};
    EXPECT_EQ(run().fired.at(0).evidence, (std::vector<fhir::ResourceIndex>{1, 3}));
}

TEST_F(Walk, OnlyTheOpenOperandsAreMissing) {
    row(yes);
    row(unknown);
    row(unknown);
    const Slot denied = emit(OpCode::not_, {2});
    content_.program.rules[0].rows = {{emit(OpCode::all, {0, 1, denied})}};
    EXPECT_EQ(run().not_checked.at(0).missing, (std::vector<FactIndex>{1, 2}));
}

// Fact 0 unless fact 1 is known.
TEST_F(Walk, AnUnknownExclusionSilencesNothingAndIsNamed) {
    row(yes);
    row(unknown);
    const Slot unless = emit(OpCode::not_known, {1});
    content_.program.rules[0].rows = {{emit(OpCode::all, {0, unless})}};
    const Outcome outcome = run();
    EXPECT_EQ(outcome.fired.at(0).facts, (std::vector<FactIndex>{0}));
    EXPECT_EQ(outcome.not_checked.at(0).row, 0u);
    EXPECT_EQ(outcome.not_checked.at(0).missing, (std::vector<FactIndex>{1}));
}

// Fact 0 unless fact 1 is known, or fact 2.
TEST_F(Walk, AnUnknownExclusionIsNotNamedWhereTheRowIsCertainWithoutIt) {
    row(yes);
    row(unknown);
    row(yes);
    const Slot unless = emit(OpCode::not_known, {1});
    const Slot both = emit(OpCode::all, {0, unless});
    content_.program.rules[0].rows = {{emit(OpCode::any, {both, 2})}};
    const Outcome outcome = run();
    EXPECT_EQ(outcome.fired.size(), 1u);
    EXPECT_TRUE(outcome.not_checked.empty());
}

TEST_F(Walk, OrdersAreOfferedWhereTheirConditionIsYes) {
    row(yes);
    row(unknown);
    row(no);
    content_.program.rules[0].orders = {{0}, {1}, {2}};
    content_.program.rules[0].rows.resize(1);
    EXPECT_EQ(run().fired.at(0).orders, (std::vector<std::uint32_t>{0}));
}

// One comparison over fact 0.
Truth compared(FactResult fact, Op op, std::vector<FactResult> others = {}, std::vector<Line> lines = {}) {
    Content content;
    content.program.ops = {op};
    content.program.lines = std::move(lines);
    Facts facts;
    facts.results = {std::move(fact)};
    facts.results.insert(facts.results.end(), others.begin(), others.end());
    return evaluate(content, facts, "").slots.at(0);
}

Op below(Micro threshold) {
    Op op;
    op.code = OpCode::compare;
    op.op = CompareOp::lt;
    op.threshold = threshold;
    return op;
}

FactResult valued(Range range, Truth truth = Truth::yes) {
    FactResult fact;
    fact.truth = truth;
    fact.value = range;
    return fact;
}

FactResult missing(Truth truth) {
    FactResult fact;
    fact.truth = truth;
    return fact;
}

TEST(CompareFact, NoValueIsNoOnlyWhenAllWasSupplied) {
    EXPECT_EQ(compared(missing(no), below(70)), no);
    EXPECT_EQ(compared(missing(unknown), below(70)), unknown);
}

TEST(CompareFact, AValueFromIncompleteSourcesSaysYesButNotNo) {
    EXPECT_EQ(compared(valued({60, 60}, unknown), below(70)), yes);
    EXPECT_EQ(compared(valued({80, 80}, unknown), below(70)), unknown);
    EXPECT_EQ(compared(valued({80, 80}), below(70)), no);
}

TEST(CompareFact, AThresholdMayDependOnAnotherFact) {
    const Line line{"age", {{0, 70'000'000}, {10'000'000, 90'000'000}}};
    Op op = below(0);
    op.line = 1;
    op.b = 1;
    const auto at_age = [&](Micro age, Micro pressure) {
        return compared(valued({pressure, pressure}), op, {valued({age, age})}, {line});
    };
    EXPECT_EQ(at_age(5'000'000, 79'900'000), yes);
    EXPECT_EQ(at_age(5'000'000, 80'000'000), no);
    EXPECT_EQ(at_age(60'000'000, 89'000'000), yes);
    EXPECT_EQ(at_age(60'000'000, 90'000'000), no);
    EXPECT_EQ(at_age(0, 69'000'000), yes);
    EXPECT_EQ(compared(valued({60, 60}), op, {missing(no)}, {line}), unknown);
}

TEST(NewerFact, ComparesTheTimesOfTwoThingsThatHappened) {
    Op op;
    op.code = OpCode::newer;
    op.b = 1;
    FactResult early = missing(yes), late = missing(yes);
    early.time = fhir::Instant(std::chrono::milliseconds(1));
    late.time = fhir::Instant(std::chrono::milliseconds(2));
    EXPECT_EQ(compared(late, op, {early}), yes);
    EXPECT_EQ(compared(early, op, {late}), no);
    EXPECT_EQ(compared(early, op, {early}), no);
    EXPECT_EQ(compared(late, op, {missing(no)}), no);
    EXPECT_EQ(compared(late, op, {missing(unknown)}), unknown);
    EXPECT_EQ(compared(late, op, {missing(yes)}), unknown);
}

}  // namespace
}  // namespace proctor::rules
