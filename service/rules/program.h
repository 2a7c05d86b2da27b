// The compiled form of the rules: a flat list of facts and a flat list of operations over them. Each operation writes
// one truth slot; operands are earlier slots, so one pass evaluates everything and nothing is evaluated twice. It
// prints, and the print is a golden file.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rules/model.h"

namespace proctor::rules {

using FactIndex = std::uint32_t;
using Slot = std::uint32_t;

enum class OpCode : std::uint8_t { always, fact, compare, newer, all, any, not_, not_known };

struct Op {
    OpCode code = OpCode::always;
    FactIndex a = 0;          // fact, compare, newer
    FactIndex b = 0;          // newer; compare with a line: the fact it depends on
    std::uint32_t first = 0;  // all, any, not_, not_known: operands: Program::operands_of
    std::uint32_t count = 0;
    CompareOp op = CompareOp::lt;
    Endpoint endpoint = Endpoint::both;
    Micro threshold = 0;
    std::uint32_t line = 0;  // 1-based index into Program::lines; 0: none
    friend bool operator==(const Op&, const Op&) = default;
};

struct CompiledRow {
    Slot condition = 0;
};
struct CompiledOrder {
    Slot when = 0;  // slot of an `always` op when unconditional
};
struct CompiledRule {
    std::uint32_t rule = 0;             // index into Content::rules
    std::vector<CompiledRow> rows;      // as Rule::decide
    std::vector<CompiledOrder> orders;  // as Rule::orders: the order's own condition and the rule's, both
};

struct Program {
    std::vector<Fact> facts;  // shared and rule-local; a local fact's name is "ADC-12/name"
    std::vector<Op> ops;      // op i writes slot i
    std::vector<Slot> operands;
    std::vector<Line> lines;
    std::vector<std::string> names;   // by slot: the condition it computes; empty for inner operations
    std::vector<CompiledRule> rules;  // retired ones are not compiled

    [[nodiscard]] std::span<const Slot> operands_of(const Op& op) const {
        return std::span(operands).subspan(op.first, op.count);
    }
};

}  // namespace proctor::rules
