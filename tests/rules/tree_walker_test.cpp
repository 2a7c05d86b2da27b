// Two evaluators, one answer: a plain recursive walk over rules and conditions agrees with the compiled program, on
// random rules and facts.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "rules/compile.h"
#include "rules/evaluate.h"

namespace proctor::rules {
namespace {

constexpr int k_facts = 6;
constexpr int k_conditions = 5;

std::string fact_name(int i) { return "fact-" + std::to_string(i); }
std::string condition_name(int i) { return "condition-" + std::to_string(i); }

// The reference: no program, no slots, every test evaluated where it stands.
class TreeWalker {
public:
    TreeWalker(const Content& content, const std::map<std::string, FactResult>& facts)
        : content_(content), facts_(facts) {}

    [[nodiscard]] Truth operator()(const Expr& expr) const {
        switch (expr.kind) {
            case Expr::Kind::always: return Truth::yes;
            case Expr::Kind::name: return named(expr.name);
            case Expr::Kind::all: {
                Truth result = Truth::yes;
                for (const Expr& operand : expr.operands) result = both(result, (*this)(operand));
                return result;
            }
            case Expr::Kind::any: {
                Truth result = Truth::no;
                for (const Expr& operand : expr.operands) result = either(result, (*this)(operand));
                return result;
            }
            case Expr::Kind::not_: return negate((*this)(expr.operands.front()));
            case Expr::Kind::not_known: return truth((*this)(expr.operands.front()) != Truth::yes);
            case Expr::Kind::compare: return compared(expr.compare);
            case Expr::Kind::newer: return newer(facts_.at(expr.newer.a), facts_.at(expr.newer.b));
        }
        return Truth::unknown;
    }

private:
    [[nodiscard]] Truth named(const std::string& name) const {
        for (const Condition& condition : content_.conditions) {
            if (condition.name == name) return (*this)(condition.is);
        }
        return facts_.at(name).truth;
    }

    [[nodiscard]] Truth compared(const Compare& test) const {
        const FactResult& fact = facts_.at(test.fact);
        if (!fact.value) return fact.truth == Truth::no ? Truth::no : Truth::unknown;
        const Truth holds = test.line ? against(*test.line, test, *fact.value)
                                      : compare(*fact.value, test.op, test.endpoint, test.threshold);
        return holds == Truth::no && fact.truth == Truth::unknown ? Truth::unknown : holds;
    }

    // The threshold is only known as well as the fact it depends on.
    [[nodiscard]] Truth against(const Line& line, const Compare& test, const fhir::Range& value) const {
        const auto& by = facts_.at(line.by).value;
        if (!by || !by->low || !by->high) return Truth::unknown;
        const auto& [x0, y0] = line.points[0];
        const auto& [x1, y1] = line.points[1];
        const auto at = [&, x0 = x0, y0 = y0, x1 = x1, y1 = y1](Micro x) {
            return y0 + (std::clamp(x, x0, x1) - x0) * (y1 - y0) / (x1 - x0);
        };
        const Truth least = compare(value, test.op, test.endpoint, at(*by->low));
        const Truth most = compare(value, test.op, test.endpoint, at(*by->high));
        return least == most ? least : Truth::unknown;
    }

    [[nodiscard]] static Truth newer(const FactResult& a, const FactResult& b) {
        if (both(a.truth, b.truth) != Truth::yes) return both(a.truth, b.truth);
        if (!a.time || !b.time) return Truth::unknown;
        return truth(*a.time > *b.time);
    }

    const Content& content_;
    const std::map<std::string, FactResult>& facts_;
};

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

// What the rule should come to: its first yes row, or none; and the unknown rows on the way.
struct Verdict {
    std::optional<std::uint32_t> fired;
    std::vector<std::uint32_t> open;
    friend bool operator==(const Verdict&, const Verdict&) = default;
};

Verdict walk(const Rule& rule, const TreeWalker& holds) {
    Verdict verdict;
    for (std::uint32_t row = 0; row < rule.decide.size() && !verdict.fired; ++row) {
        const Truth truth = holds(rule.decide[row].condition);
        if (truth == Truth::yes) verdict.fired = row;
        if (truth == Truth::unknown) verdict.open.push_back(row);
    }
    return verdict;
}

Verdict verdict_of(const Outcome& outcome, std::uint32_t rule) {
    Verdict verdict;
    for (const Fired& fired : outcome.fired) {
        if (fired.rule == rule) verdict.fired = fired.row;
    }
    for (const NotChecked& open : outcome.not_checked) {
        if (open.rule == rule) verdict.open.push_back(open.row);
    }
    return verdict;
}

TEST(TreeWalker, AgreesWithTheProgramOnRandomRulesAndFacts) {
    int fired = 0, open = 0;
    for (std::uint32_t seed = 1; seed <= 5000; ++seed) {
        Random random(seed);
        const Content content = random_content(random);
        std::map<std::string, FactResult> named;
        for (int i = 0; i < k_facts; ++i) named[fact_name(i)] = random.fact();
        Facts facts;
        for (const Fact& fact : content.program.facts) facts.results.push_back(named.at(fact.name));
        const Outcome outcome = evaluate(content, facts, "");
        for (std::uint32_t rule = 0; rule < content.rules.size(); ++rule) {
            const Verdict verdict = walk(content.rules[rule].rule, TreeWalker(content, named));
            ASSERT_EQ(verdict_of(outcome, rule), verdict) << "seed " << seed << ", rule " << rule;
            fired += verdict.fired ? 1 : 0;
            open += verdict.open.empty() ? 0 : 1;
        }
    }
    EXPECT_GT(fired, 1000);  // the agreement is about something
    EXPECT_GT(open, 1000);
}

}  // namespace
}  // namespace proctor::rules
