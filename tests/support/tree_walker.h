// The second evaluator, which judges the first: a plain recursive walk over a rule and its conditions. No program, no
// slots, every test is evaluated where it stands. What both need of a comparison (rules/evaluate.h, fhir/decimal.h)
// they share.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fhir/decimal.h"
#include "rules/case_run.h"

namespace proctor::rules {

// By name; a rule's own fact is "ADC-12/name", as in Program::facts.
using NamedFacts = std::map<std::string, FactResult>;

// What an exclusion (`notKnown`) that is unknown comes to.
enum class Exclusions { do_not_hold, stay_unknown };

class TreeWalker {
public:
    // Refers to all of them. `rule`: whose own facts count; null: what is shared alone.
    TreeWalker(const Content& content, const NamedFacts& facts, const Rule* rule = nullptr,
               Exclusions exclusions = Exclusions::do_not_hold)
        : content_(content), facts_(facts), rule_(rule), exclusions_(exclusions) {}

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
            case Expr::Kind::not_known: {
                const Truth excluded = (*this)(expr.operands.front());
                const bool waits = excluded == Truth::unknown && exclusions_ == Exclusions::stay_unknown;
                return waits ? Truth::unknown : truth(excluded != Truth::yes);
            }
            case Expr::Kind::compare: return compared(expr.compare);
            case Expr::Kind::newer: return newer(fact(expr.newer.a), fact(expr.newer.b));
        }
        return Truth::unknown;
    }

private:
    // A condition sees only what is shared, whichever rule names it.
    [[nodiscard]] Truth named(const std::string& name) const {
        for (const Condition& condition : content_.conditions) {
            if (condition.name == name) return TreeWalker(content_, facts_, nullptr, exclusions_)(condition.is);
        }
        return fact(name).truth;
    }

    [[nodiscard]] const FactResult& fact(const std::string& name) const {
        const auto own = rule_ == nullptr ? facts_.end() : facts_.find(rule_->code + '/' + name);
        return own == facts_.end() ? facts_.at(name) : own->second;
    }

    [[nodiscard]] Truth compared(const Compare& test) const {
        const FactResult& tested = fact(test.fact);
        if (!tested.value) return tested.truth == Truth::no ? Truth::no : Truth::unknown;
        const Truth holds = test.line ? against(*test.line, test, *tested.value)
                                      : compare(*tested.value, test.op, test.endpoint, test.threshold);
        return holds == Truth::no && tested.truth == Truth::unknown ? Truth::unknown : holds;
    }

    // The threshold is only known as well as the fact it depends on.
    [[nodiscard]] Truth against(const Line& line, const Compare& test, const fhir::Range& value) const {
        const auto& by = fact(line.by).value;
        if (!by || !by->low || !by->high) return Truth::unknown;
        const Truth least = compare(value, test.op, test.endpoint, height(line, *by->low));
        const Truth most = compare(value, test.op, test.endpoint, height(line, *by->high));
        return least == most ? least : Truth::unknown;
    }

    // Of a line from its first point to its last, level before and behind.
    [[nodiscard]] static Micro height(const Line& line, Micro x) {
        Micro y = line.points.front().second;
        for (std::size_t i = 1; i < line.points.size(); ++i) {
            const auto& [x0, y0] = line.points[i - 1];
            const auto& [x1, y1] = line.points[i];
            if (x > x0) y = y0 + fhir::scale(std::min(x, x1) - x0, y1 - y0, x1 - x0).value_or(0);
        }
        return y;
    }

    [[nodiscard]] static Truth newer(const FactResult& a, const FactResult& b) {
        if (both(a.truth, b.truth) != Truth::yes) return both(a.truth, b.truth);
        if (!a.time || !b.time) return Truth::unknown;
        return truth(*a.time > *b.time);
    }

    const Content& content_;
    const NamedFacts& facts_;
    const Rule* rule_;
    const Exclusions exclusions_;
};

// What a rule comes to: its first yes row, or none; the unknown rows on the way, and a yes that would be none if
// exclusions stayed unknown; the orders of a rule that fires. A condition of an order sees the rule's facts, too.
inline CaseAnswer walk(const Content& content, const NamedFacts& facts, const Rule& rule) {
    const TreeWalker holds(content, facts, &rule);
    const TreeWalker is_certain(content, facts, &rule, Exclusions::stay_unknown);
    CaseAnswer answer;
    for (std::uint32_t row = 0; row < rule.decide.size() && !answer.row; ++row) {
        const Truth truth = holds(rule.decide[row].condition);
        if (truth == Truth::yes) answer.row = row;
        if (truth == Truth::no) continue;
        if (is_certain(rule.decide[row].condition) != Truth::yes) answer.unknown.push_back(row);
    }
    for (std::uint32_t i = 0; answer.row && i < rule.orders.size(); ++i) {
        Truth wanted = rule.orders[i].when ? holds(*rule.orders[i].when) : Truth::yes;
        for (const Order& order : content.orders) {
            if (order.id == rule.orders[i].order && order.when) wanted = both(wanted, holds(*order.when));
        }
        if (wanted == Truth::yes) answer.orders.push_back(i);
    }
    return answer;
}

}  // namespace proctor::rules
