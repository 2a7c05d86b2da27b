// Two evaluators, one answer: a plain recursive walk over rules and conditions agrees with the compiled program, on
// random rules and facts, and on the rules that ship.
#include <gtest/gtest.h>

#include <random>

#include "rules/compile.h"
#include "support/drawn_facts.h"
#include "support/shipped_content.h"

namespace proctor::rules {
namespace {

constexpr int k_facts = 6;
constexpr int k_conditions = 5;

std::string fact_name(int i) { return "fact-" + std::to_string(i); }
std::string condition_name(int i) { return "condition-" + std::to_string(i); }

class Random {
public:
    explicit Random(std::uint32_t seed) : engine_(seed) {}

    int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint32_t>(n)); }

    // Conditions may name those before them, as in content.
    Expr expr(int depth, int conditions) {
        Expr expr;
        const int kind = below(depth == 0 ? 4 : 8);
        expr.kind = kind == 0   ? Expr::Kind::always
                    : kind == 1 ? Expr::Kind::name
                    : kind == 2 ? Expr::Kind::compare
                    : kind == 3 ? Expr::Kind::newer
                    : kind == 4 ? Expr::Kind::all
                    : kind == 5 ? Expr::Kind::any
                    : kind == 6 ? Expr::Kind::not_
                                : Expr::Kind::not_known;
        if (kind == 1)
            expr.name = conditions > 0 && below(2) == 0 ? condition_name(below(conditions)) : fact_name(below(k_facts));
        if (kind == 2) expr.compare = comparison();
        if (kind == 3) expr.newer = {fact_name(below(k_facts)), fact_name(below(k_facts))};
        const int operands = kind >= 6 ? 1 : kind >= 4 ? 1 + below(3) : 0;
        for (int i = 0; i < operands; ++i) expr.operands.push_back(this->expr(depth - 1, conditions));
        return expr;
    }

    FactResult fact() {
        FactResult result;
        result.truth = static_cast<Truth>(below(3));
        if (below(2) == 0) result.time = fhir::Instant(std::chrono::milliseconds(below(3)));
        if (below(3) == 0) return result;
        const Micro low = below(5), high = low + below(3);
        result.value = fhir::Range{low, high, low < high && below(2) == 0, low < high && below(2) == 0};
        if (below(4) == 0) result.value->low.reset();
        if (below(4) == 0) result.value->high.reset();
        return result;
    }

private:
    Compare comparison() {
        Compare compare;
        compare.fact = fact_name(below(k_facts));
        compare.op = static_cast<CompareOp>(below(4));
        compare.endpoint = static_cast<Endpoint>(below(3));
        compare.threshold = below(6);
        if (below(4) == 0) compare.line = Line{fact_name(below(k_facts)), {{0, 0}, {3, 6}}};
        return compare;
    }

    std::mt19937 engine_;
};

Content random_content(Random& random) {
    Content content;
    for (int i = 0; i < k_facts; ++i) content.facts.push_back({fact_name(i), fact_name(i), AgeFact{}});
    for (int i = 0; i < k_conditions; ++i)
        content.conditions.push_back({condition_name(i), condition_name(i), random.expr(3, i)});
    content.rules.resize(2);
    for (LoadedRule& loaded : content.rules) {
        loaded.rule.code = "ADC-" + std::to_string(&loaded - content.rules.data());
        loaded.rule.status = RuleStatus::active;
        loaded.rule.decide.resize(3);
        for (Row& row : loaded.rule.decide) row.condition = random.expr(4, k_conditions);
    }
    content.program = compile(content);
    return content;
}

// How often a rule fired and how often one was left open: the agreement is about something.
struct Seen {
    int fired = 0, open = 0;
};

void expect_agreement(const Content& content, const NamedFacts& named, std::uint32_t seed, Seen& seen) {
    const Outcome outcome = evaluate(content, in_order(content.program, named), "");
    for (const CompiledRule& compiled : content.program.rules) {
        const Rule& rule = content.rules[compiled.rule].rule;
        const CaseAnswer answer = walk(content, named, rule);
        ASSERT_EQ(answer_of(outcome, compiled.rule), answer) << "seed " << seed << ", " << rule.code;
        seen.fired += answer.row ? 1 : 0;
        seen.open += answer.unknown.empty() ? 0 : 1;
    }
}

TEST(TreeWalker, AgreesWithTheProgramOnRandomRulesAndFacts) {
    Seen seen;
    for (std::uint32_t seed = 1; seed <= 5000; ++seed) {
        Random random(seed);
        const Content content = random_content(random);
        NamedFacts named;
        for (int i = 0; i < k_facts; ++i) named[fact_name(i)] = random.fact();
        ASSERT_NO_FATAL_FAILURE(expect_agreement(content, named, seed, seen));
    }
    EXPECT_GT(seen.fired, 1000);
    EXPECT_GT(seen.open, 1000);
}

TEST(TreeWalker, AgreesWithTheProgramOfTheContentThatShips) {
    const auto& content = support::shipped_content();
    const FactDrawer drawer(content->program);
    Seen seen;
    for (std::uint32_t seed = 1; seed <= 500; ++seed) {
        Random random(seed);
        const auto named = drawer.draw([&](int n) { return random.below(n); });
        ASSERT_NO_FATAL_FAILURE(expect_agreement(*content, named, seed, seen));
    }
    EXPECT_GT(seen.fired, 1000);
    EXPECT_GT(seen.open, 1000);
}

}  // namespace
}  // namespace proctor::rules
