#include "rules/compile.h"

#include <algorithm>
#include <map>

namespace proctor::rules {
namespace {

class Compiler {
public:
    explicit Compiler(const Content& content) : content_(content) {}

    void add_rule(std::uint32_t index) {
        const Rule& rule = content_.rules[index].rule;
        rule_ = &rule;
        CompiledRule compiled;
        compiled.rule = index;
        for (const Row& row : rule.decide) compiled.rows.push_back({compile(row.condition)});
        for (const RuleOrder& order : rule.orders) compiled.orders.push_back({compile_order(order)});
        program_.rules.push_back(std::move(compiled));
    }

    Program take() { return std::move(program_); }

private:
    Slot compile(const Expr& expr) {
        switch (expr.kind) {
            case Expr::Kind::always: return emit({}, {});
            case Expr::Kind::name: return compile_name(expr.name);
            case Expr::Kind::compare: return compile_compare(expr.compare);
            case Expr::Kind::newer: return compile_newer(expr.newer);
            case Expr::Kind::not_: return emit(with_code(OpCode::not_), {compile(expr.operands.front())});
            case Expr::Kind::not_known: return emit(with_code(OpCode::not_known), {compile(expr.operands.front())});
            case Expr::Kind::all: return compile_many(OpCode::all, expr.operands);
            case Expr::Kind::any: return compile_many(OpCode::any, expr.operands);
        }
        return 0;
    }

    static Op with_code(OpCode code) {
        Op op;
        op.code = code;
        return op;
    }

    Slot compile_name(const std::string& name) {
        if (const Fact* fact = own_fact(name)) return emit_fact(*fact, rule_->code + "/" + name);
        for (const Fact& fact : content_.facts) {
            if (fact.name == name) return emit_fact(fact, name);
        }
        return compile_condition(name);
    }

    Slot compile_condition(const std::string& name) {
        if (const auto it = conditions_.find(name); it != conditions_.end()) return it->second;
        const auto same = [&](const Condition& condition) { return condition.name == name; };
        const auto found = std::find_if(content_.conditions.begin(), content_.conditions.end(), same);
        // A condition sees only what is shared, whichever rule names it.
        const Rule* rule = std::exchange(rule_, nullptr);
        const Slot slot = compile(found->is);
        rule_ = rule;
        // A bare fact keeps its own title: naming it would rename the fact wherever else it stands.
        if (program_.ops[slot].code != OpCode::fact && program_.names[slot].empty()) program_.names[slot] = name;
        return conditions_[name] = slot;
    }

    Slot compile_compare(const Compare& compare) {
        Op op = with_code(OpCode::compare);
        op.a = fact_index(compare.fact);
        op.op = compare.op;
        op.endpoint = compare.endpoint;
        op.threshold = compare.threshold;
        if (compare.line) {
            op.b = fact_index(compare.line->by);
            op.line = line_index(*compare.line);
        }
        return emit(op, {});
    }

    Slot compile_newer(const Newer& newer) {
        Op op = with_code(OpCode::newer);
        op.a = fact_index(newer.a);
        op.b = fact_index(newer.b);
        return emit(op, {});
    }

    Slot compile_many(OpCode code, const std::vector<Expr>& operands) {
        std::vector<Slot> slots;
        for (const Expr& operand : operands) {
            const Slot slot = compile(operand);
            if (std::find(slots.begin(), slots.end(), slot) == slots.end()) slots.push_back(slot);
        }
        return slots.size() == 1 ? slots.front() : emit(with_code(code), slots);
    }

    // The order's own condition and the rule's, both.
    Slot compile_order(const RuleOrder& order) {
        Expr both;
        both.kind = Expr::Kind::all;
        for (const Order& shared : content_.orders) {
            if (shared.id == order.order && shared.when) both.operands.push_back(*shared.when);
        }
        if (order.when) both.operands.push_back(*order.when);
        return both.operands.empty() ? emit({}, {}) : compile(both);
    }

    [[nodiscard]] const Fact* own_fact(const std::string& name) const {
        if (rule_ == nullptr) return nullptr;
        for (const Fact& fact : rule_->facts) {
            if (fact.name == name) return &fact;
        }
        return nullptr;
    }

    FactIndex fact_index(const std::string& name) {
        if (const Fact* fact = own_fact(name)) return intern_fact(*fact, rule_->code + "/" + name);
        const auto same = [&](const Fact& fact) { return fact.name == name; };
        return intern_fact(*std::find_if(content_.facts.begin(), content_.facts.end(), same), name);
    }

    FactIndex intern_fact(const Fact& fact, const std::string& full_name) {
        const auto [it, added] = facts_.emplace(full_name, static_cast<FactIndex>(program_.facts.size()));
        if (added) program_.facts.push_back({full_name, fact.title, fact.body});
        return it->second;
    }

    Slot emit_fact(const Fact& fact, const std::string& full_name) {
        Op op = with_code(OpCode::fact);
        op.a = intern_fact(fact, full_name);
        return emit(op, {});
    }

    std::uint32_t line_index(const Line& line) {
        for (std::size_t i = 0; i < program_.lines.size(); ++i) {
            if (program_.lines[i].by == line.by && program_.lines[i].points == line.points) {
                return static_cast<std::uint32_t>(i + 1);
            }
        }
        program_.lines.push_back(line);
        return static_cast<std::uint32_t>(program_.lines.size());
    }

    // The slot of this operation, an earlier one when it is there already.
    Slot emit(Op op, const std::vector<Slot>& operands) {
        for (std::size_t i = 0; i < program_.ops.size(); ++i) {
            if (same(program_.ops[i], op, operands)) return static_cast<Slot>(i);
        }
        op.first = static_cast<std::uint32_t>(program_.operands.size());
        op.count = static_cast<std::uint32_t>(operands.size());
        program_.operands.insert(program_.operands.end(), operands.begin(), operands.end());
        program_.ops.push_back(op);
        program_.names.emplace_back();
        return static_cast<Slot>(program_.ops.size() - 1);
    }

    [[nodiscard]] bool same(const Op& there, Op op, const std::vector<Slot>& operands) const {
        op.first = there.first;
        op.count = there.count;
        return op == there && std::ranges::equal(program_.operands_of(there), operands);
    }

    const Content& content_;
    const Rule* rule_ = nullptr;  // whose own facts are in scope
    Program program_;
    std::map<std::string, FactIndex> facts_;
    std::map<std::string, Slot> conditions_;
};

}  // namespace

Program compile(const Content& content) {
    Compiler compiler(content);
    for (std::size_t i = 0; i < content.rules.size(); ++i) {
        if (content.rules[i].rule.status != RuleStatus::retired) compiler.add_rule(static_cast<std::uint32_t>(i));
    }
    return compiler.take();
}

Program compile_rule(const Content& content, std::uint32_t rule) {
    Compiler compiler(content);
    compiler.add_rule(rule);
    return compiler.take();
}

}  // namespace proctor::rules
