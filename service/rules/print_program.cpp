// The compiled form of one rule. Slots are numbered from the rule's first, so that the print changes only
// when the rule does.
#include "rules/compile.h"
#include "rules/print.h"

namespace proctor::rules {
namespace {

std::string_view op_sign(CompareOp op) {
    switch (op) {
        case CompareOp::lt: return "<";
        case CompareOp::le: return "<=";
        case CompareOp::gt: return ">";
        case CompareOp::ge: return ">=";
    }
    return "";
}

std::string_view endpoint_word(Endpoint endpoint) {
    switch (endpoint) {
        case Endpoint::both: return "";
        case Endpoint::minimum: return "minimum ";
        case Endpoint::maximum: return "maximum ";
    }
    return "";
}

std::string slot_name(Slot slot) { return "%" + std::to_string(slot); }

std::string line_text(const Program& program, const Op& op) {
    std::string text = "line over " + program.facts[op.b].name;
    for (const auto& [at, threshold] : program.lines[op.line - 1].points) {
        text += " (" + fhir::print_micro(at) + ", " + fhir::print_micro(threshold) + ")";
    }
    return text;
}

std::string operands(const Program& program, const Op& op) {
    std::string text;
    for (const Slot operand : program.operands_of(op)) text += " " + slot_name(operand);
    return text;
}

std::string compare_text(const Program& program, const Op& op) {
    std::string text = "compare ";
    text.append(endpoint_word(op.endpoint))
        .append(program.facts[op.a].name)
        .append(" ")
        .append(op_sign(op.op))
        .append(" ");
    return text + (op.line == 0 ? fhir::print_micro(op.threshold) : line_text(program, op));
}

std::string op_text(const Program& program, const Op& op) {
    switch (op.code) {
        case OpCode::always: return "always";
        case OpCode::fact: return "fact " + program.facts[op.a].name;
        case OpCode::compare: return compare_text(program, op);
        case OpCode::newer: return "newer " + program.facts[op.a].name + " " + program.facts[op.b].name;
        case OpCode::all: return "all" + operands(program, op);
        case OpCode::any: return "any" + operands(program, op);
        case OpCode::not_: return "not" + operands(program, op);
        case OpCode::not_known: return "not-known" + operands(program, op);
    }
    return "";
}

}  // namespace

std::string print_program(const Content& content, const LoadedRule& rule) {
    std::uint32_t index = 0;
    while (content.rules[index].rule.code != rule.rule.code) ++index;
    const Program program = compile_rule(content, index);
    std::string out = rule.rule.code + " " + rule.rule.id + "\n\nfacts\n";
    for (const Fact& fact : program.facts) out += "  " + fact.name + "\n";
    out += "\noperations\n";
    for (std::size_t i = 0; i < program.ops.size(); ++i) {
        out += "  " + slot_name(static_cast<Slot>(i)) + " = " + op_text(program, program.ops[i]);
        out += program.names[i].empty() ? "\n" : "    # " + program.names[i] + "\n";
    }
    out += "\nrows\n";
    const CompiledRule& compiled = program.rules.front();
    for (std::size_t i = 0; i < compiled.rows.size(); ++i) {
        const Row& row = rule.rule.decide[i];
        out += "  " + row.id + ": " + std::string(print(row.indicator)) + " when " +
               slot_name(compiled.rows[i].condition) + "\n";
    }
    if (!compiled.orders.empty()) out += "\norders\n";
    for (std::size_t i = 0; i < compiled.orders.size(); ++i) {
        out += "  " + rule.rule.orders[i].order + ": when " + slot_name(compiled.orders[i].when) + "\n";
    }
    return out;
}

}  // namespace proctor::rules
