#include <algorithm>

#include "rules/print.h"
#include "rules/print_words.h"

namespace proctor::rules {
namespace {

// What a threshold is counted in, as a clinician reads it.
struct UnitWords {
    const Content& content;
    std::string operator()(const QuantityFact& fact) const {
        const QuantityKind* kind = find_quantity(content, fact.quantity);
        return kind == nullptr ? "" : " " + kind->unitText;
    }
    std::string operator()(const ScoreFact&) const { return " points"; }
    std::string operator()(const DurationFact&) const { return " days"; }
    std::string operator()(const AgeFact&) const { return " years"; }
    template <typename Other>
    std::string operator()(const Other&) const {
        return "";
    }
};

// The window of a value, which a threshold is meaningless without: "(newest of 7 days)".
struct WindowWords {
    std::string operator()(const QuantityFact& fact) const {
        return std::string(fact.highest ? " (highest of " : " (newest of ") + window_words(fact.within) + ")";
    }
    std::string operator()(const RatioFact& fact) const {
        return " (newest pair of " + fhir::print_duration(fact.within) + ")";
    }
    std::string operator()(const ScoreFact& fact) const { return " (of " + fhir::print_duration(fact.within) + ")"; }
    template <typename Other>
    std::string operator()(const Other&) const {
        return "";
    }
};

std::string_view op_words(CompareOp op) {
    switch (op) {
        case CompareOp::lt: return "below";
        case CompareOp::le: return "at most";
        case CompareOp::gt: return "above";
        case CompareOp::ge: return "at least";
    }
    return "";
}

std::string_view endpoint_words(Endpoint endpoint) {
    switch (endpoint) {
        case Endpoint::both: return "";
        case Endpoint::minimum: return "certainly ";
        case Endpoint::maximum: return "possibly ";
    }
    return "";
}

std::string line_words(const Content& content, const Program& program, const Op& op, const std::string& unit) {
    const Fact& by = program.facts[op.b];
    std::vector<std::string> points;
    for (const auto& [at, threshold] : program.lines[op.line - 1].points) {
        points.push_back(fhir::print_micro(threshold) + unit + " at " + fhir::print_micro(at) +
                         unit_words(content, by));
    }
    return "a limit that follows " + by.title + " (" + join(points, "and") +
           "; in proportion between, the same beyond)";
}

std::string compare_words(const Content& content, const Program& program, const Op& op, bool negated) {
    const Fact& fact = program.facts[op.a];
    const std::string unit = unit_words(content, fact);
    std::string words = fact.title + std::visit(WindowWords{}, fact.body) + (negated ? " not " : " ");
    words.append(endpoint_words(op.endpoint)).append(op_words(op.op)).append(" ");
    return words + (op.line == 0 ? fhir::print_micro(op.threshold) + unit : line_words(content, program, op, unit));
}

std::string operation_words(const Content& content, const Program& program, const Op& op);

std::string not_words(const Content& content, const Program& program, Slot operand) {
    const Op& op = program.ops[operand];
    if (!program.names[operand].empty() || op.code == OpCode::fact)
        return "no " + test_words(content, program, operand);
    if (op.code == OpCode::compare) return compare_words(content, program, op, true);
    return "not (" + test_words(content, program, operand) + ")";
}

// Operands in a row; an inner all or any gets parentheses, so that no reader has to know which binds first.
std::string many_words(const Content& content, const Program& program, const Op& op) {
    std::vector<std::string> words;
    for (const Slot slot : program.operands_of(op)) {
        const OpCode code = program.ops[slot].code;
        const bool inner = program.names[slot].empty() && (code == OpCode::all || code == OpCode::any);
        const std::string text = test_words(content, program, slot);
        words.push_back(inner ? "(" + text + ")" : text);
    }
    std::string result;
    for (const std::string& word : words) {
        if (!result.empty()) result += op.code == OpCode::all ? " and " : " or ";
        result += word;
    }
    return result;
}

std::string operation_words(const Content& content, const Program& program, const Op& op) {
    switch (op.code) {
        case OpCode::always: return "always";
        case OpCode::fact: return program.facts[op.a].title;
        case OpCode::compare: return compare_words(content, program, op, false);
        case OpCode::newer: return program.facts[op.a].title + " newer than " + program.facts[op.b].title;
        case OpCode::not_: return not_words(content, program, program.operands_of(op).front());
        case OpCode::not_known: return "no certain " + test_words(content, program, program.operands_of(op).front());
        case OpCode::all:
        case OpCode::any: return many_words(content, program, op);
    }
    return "";
}

}  // namespace

std::string unit_words(const Content& content, const Fact& fact) { return std::visit(UnitWords{content}, fact.body); }

const QuantityKind* find_quantity(const Content& content, const std::string& id) {
    const auto same = [&](const QuantityKind& kind) { return kind.id == id; };
    const auto it = std::find_if(content.quantities.begin(), content.quantities.end(), same);
    return it == content.quantities.end() ? nullptr : &*it;
}

std::string join(const std::vector<std::string>& words, const std::string& last) {
    std::string result;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) result += i + 1 == words.size() ? " " + last + " " : ", ";
        result += words[i];
    }
    return result;
}

std::string condition_title(const Content& content, const Program& program, Slot slot) {
    for (const Condition& condition : content.conditions) {
        if (condition.name == program.names[slot]) return condition.title;
    }
    return "";
}

void add_needed(const Program& program, Slot slot, std::set<Slot>& needed) {
    if (!needed.insert(slot).second) return;
    const Op& op = program.ops[slot];
    for (const Slot operand : program.operands_of(op)) add_needed(program, operand, needed);
}

std::string test_words(const Content& content, const Program& program, Slot slot) {
    const std::string title = condition_title(content, program, slot);
    return title.empty() ? test_words_spelled_out(content, program, slot) : title;
}

std::string test_words_spelled_out(const Content& content, const Program& program, Slot slot) {
    return operation_words(content, program, program.ops[slot]);
}

std::string print_test(const Content& content, Slot slot) { return test_words(content, content.program, slot); }

}  // namespace proctor::rules
