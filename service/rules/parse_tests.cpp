// Tests (expressions), and the conditions that are made of them.
#include <algorithm>

#include "rules/parse.h"

namespace proctor::rules {
namespace {

Expr read_named(const Reader& at, const Scope& scope) {
    Expr expr;
    expr.kind = Expr::Kind::name;
    expr.name = at.text();
    if (scope.facts.count(expr.name) == 0 && scope.conditions.count(expr.name) == 0) {
        std::vector<std::string> names(scope.conditions.begin(), scope.conditions.end());
        for (const auto& [name, fact] : scope.facts) names.push_back(name);
        at.fail(unknown_name("fact or condition", expr.name, names));
    }
    return expr;
}

const Fact* find_fact(const std::string& name, const Reader& at, const Scope& scope) {
    const auto it = scope.facts.find(name);
    if (it != scope.facts.end()) return it->second;
    std::vector<std::string> names;
    for (const auto& [known_name, fact] : scope.facts) names.push_back(known_name);
    at.fail(unknown_name("fact", name, names));
    return nullptr;
}

Line read_line(const Reader& at, const Scope& scope) {
    Line line;
    line.by = at["by"].text();
    const Fact* by = find_fact(line.by, at["by"], scope);
    if (by != nullptr && unit_of(*by, scope.content).empty()) at["by"].fail("\"" + line.by + "\" has no value");
    for (const Reader& point : at["points"].items()) {
        const auto pair = point.items();
        if (pair.size() != 2) continue;
        line.points.emplace_back(pair[0].number(), pair[1].number());
        const auto n = line.points.size();
        if (n > 1 && line.points[n - 2].first >= line.points[n - 1].first) point.fail("points ascend");
    }
    return line;
}

// {"lt": 70}, or {"lt": {"by": ...}}: exactly one of the four.
void read_threshold(const Reader& at, const Scope& scope, Compare& compare) {
    static constexpr std::string_view k_ops[] = {"lt", "le", "gt", "ge"};
    int found = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const Reader value = at[k_ops[i]];
        if (!value) continue;
        ++found;
        compare.op = static_cast<CompareOp>(i);
        if (value.is(Node::Kind::number)) {
            compare.threshold = value.number();
        } else {
            compare.line = read_line(value, scope);
        }
    }
    if (found != 1) at.fail("a comparison has one of \"lt\", \"le\", \"gt\", \"ge\"");
}

void check_unit(const Reader& at, const Fact& fact, const Scope& scope) {
    const std::string unit = unit_of(fact, scope.content);
    if (unit.empty()) return at.fail("\"" + fact.name + "\" has no value to compare");
    if (!at["unit"]) return at.fail("the unit is missing: \"" + unit + "\"");
    if (at["unit"].text() != unit) at["unit"].fail("\"" + fact.name + "\" is compared in \"" + unit + "\"");
}

void check_time(const Reader& at, const Fact& fact) {
    if (!has_time(fact))
        at.fail("\"" + fact.name + "\" has no time: only quantities, test results and performed procedures have one");
}

Expr read_newer(const Reader& at, const Fact& fact, const Scope& scope) {
    Expr expr;
    expr.kind = Expr::Kind::newer;
    expr.newer = {fact.name, at["newerThan"].text()};
    if (at.members().size() != 1) at.fail("\"newerThan\" stands alone");
    check_time(at, fact);
    if (const Fact* other = find_fact(expr.newer.b, at["newerThan"], scope)) check_time(at["newerThan"], *other);
    return expr;
}

Expr read_compare(const std::string& name, const Reader& at, const Scope& scope) {
    Expr expr;
    const Fact* fact = find_fact(name, at, scope);
    if (fact == nullptr) return expr;
    if (at["newerThan"]) return read_newer(at, *fact, scope);
    expr.kind = Expr::Kind::compare;
    expr.compare.fact = name;
    check_unit(at, *fact, scope);
    if (at["minimum"] && at["maximum"]) at.fail("a comparison has \"minimum\" or \"maximum\", not both");
    if (at["minimum"]) expr.compare.endpoint = Endpoint::minimum;
    if (at["maximum"]) expr.compare.endpoint = Endpoint::maximum;
    const Reader bound = at["minimum"] ? at["minimum"] : at["maximum"] ? at["maximum"] : at;
    read_threshold(bound, scope, expr.compare);
    return expr;
}

Expr read_operands(Expr::Kind kind, const Reader& at, const Scope& scope) {
    Expr expr;
    expr.kind = kind;
    if (kind == Expr::Kind::not_ || kind == Expr::Kind::not_known) {
        expr.operands.push_back(read_test(at, scope));
    } else {
        for (const Reader& item : at.items()) expr.operands.push_back(read_test(item, scope));
    }
    return expr;
}

// ---- conditions in an order in which each comes after those it names
// --------------------------------------------------

void collect_names(const Expr& expr, std::vector<std::string>& names) {
    if (expr.kind == Expr::Kind::name) names.push_back(expr.name);
    for (const Expr& operand : expr.operands) collect_names(operand, names);
}

class Sorter {
public:
    Sorter(std::vector<Condition> conditions, const Reader& at) : conditions_(std::move(conditions)), at_(at) {}

    std::vector<Condition> sorted() {
        for (std::size_t i = 0; i < conditions_.size(); ++i) visit(i);
        std::vector<Condition> result;
        for (const std::size_t i : order_) result.push_back(std::move(conditions_[i]));
        return result;
    }

private:
    void visit(std::size_t i) {
        if (std::find(order_.begin(), order_.end(), i) != order_.end()) return;
        if (std::find(path_.begin(), path_.end(), i) != path_.end()) return report_cycle(i);
        path_.push_back(i);
        std::vector<std::string> names;
        collect_names(conditions_[i].is, names);
        for (const std::string& name : names) {
            for (std::size_t j = 0; j < conditions_.size(); ++j) {
                if (conditions_[j].name == name) visit(j);
            }
        }
        path_.pop_back();
        order_.push_back(i);
    }

    void report_cycle(std::size_t i) {
        std::string message = "conditions name each other:";
        for (auto it = std::find(path_.begin(), path_.end(), i); it != path_.end(); ++it) {
            message += " " + conditions_[*it].name + ",";
        }
        at_[conditions_[i].name]["is"].fail(message + " " + conditions_[i].name);
    }

    std::vector<Condition> conditions_;
    Reader at_;
    std::vector<std::size_t> path_, order_;
};

}  // namespace

Expr read_test(const Reader& at, const Scope& scope) {
    if (at.is(Node::Kind::boolean)) {
        if (!at.flag(false)) at.fail("a test is never just false");
        return {};
    }
    if (at.is(Node::Kind::string)) return read_named(at, scope);
    const auto members = at.members();
    if (members.size() != 1) {
        at.fail("a test has one member: all, any, not, notKnown, or the name of a fact");
        return {};
    }
    const auto& [word, value] = members.front();
    if (word == "all") return read_operands(Expr::Kind::all, value, scope);
    if (word == "any") return read_operands(Expr::Kind::any, value, scope);
    if (word == "not") return read_operands(Expr::Kind::not_, value, scope);
    if (word == "notKnown") return read_operands(Expr::Kind::not_known, value, scope);
    return read_compare(word, value, scope);
}

void read_conditions(const Reader& at, Content& content) {
    Scope scope = scope_of(content, {});
    for (const auto& [name, value] : at.members()) {
        if (!is_name(name)) value.fail("names are lower-case-with-hyphens");
        if (scope.facts.count(name) != 0) value.fail("a shared fact has this name already");
        scope.conditions.insert(name);
    }
    std::vector<Condition> conditions;
    for (const auto& [name, value] : at.members()) {
        conditions.push_back({name, value["title"].text(), read_test(value["is"], scope)});
    }
    content.conditions = Sorter(std::move(conditions), at).sorted();
}

}  // namespace proctor::rules
