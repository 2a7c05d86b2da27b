#include "rules/coverage.h"

#include <algorithm>

namespace proctor::rules {
namespace {

bool is_threshold(const Op& op) { return op.code == OpCode::compare || op.code == OpCode::newer; }

// The patient has what is compared.
bool has_values(const Op& op, const Facts& facts) {
    if (op.code == OpCode::newer)
        return facts.results[op.a].truth == Truth::yes && facts.results[op.b].truth == Truth::yes;
    return facts.results[op.a].value.has_value();
}

// Patient data always come, and what could not be used is known when everything else is.
bool always_known(const FactBody& fact) {
    return std::holds_alternative<AgeFact>(fact) || std::holds_alternative<GenderFact>(fact) ||
           std::holds_alternative<QualityFact>(fact);
}

// A row's level is stated once for the row itself ("") and once for each profile that changes it.
std::pair<std::string, std::string> level_of(const Row& row, const std::string& profile) {
    return {row.id, row.profiles.count(profile) == 0 ? "" : profile};
}

}  // namespace

Coverage::Coverage(const Content& content, const FactLookup& lookup)
    : content_(content), lookup_(lookup), states_(content.rules.size()) {
    for (const CompiledRule& compiled : content.program.rules) {
        State& state = states_[compiled.rule];
        state.compiled = &compiled;
        for (std::size_t i = 0; i < compiled.rows.size(); ++i) {
            find_thresholds(state, compiled.rows[i].condition, "#/decide/" + std::to_string(i), false);
        }
        for (std::size_t i = 0; i < compiled.orders.size(); ++i) {
            find_thresholds(state, compiled.orders[i].when, "#/orders/" + std::to_string(i), false);
        }
    }
}

// Below a named condition everything is shared.
void Coverage::find_thresholds(State& state, Slot slot, std::string where, bool shared) const {
    const Program& program = content_.program;
    const Op& op = program.ops[slot];
    if (!program.names[slot].empty()) {
        shared = true;
        where = "conditions.json#/" + program.names[slot];
    }
    if (is_threshold(op)) {
        state.met.emplace(slot, Sides{});
        (shared ? state.shared : state.own).emplace(slot, where);
    }
    for (const Slot operand : program.operands_of(op)) find_thresholds(state, operand, where, shared);
}

void Coverage::note(std::uint32_t rule, const Case& example, const Outcome& outcome) {
    State& state = states_[rule];
    const CaseAnswer answer = answer_of(outcome, rule);
    const auto& rows = content_.rules[rule].rule.decide;
    note_thresholds(state, outcome);
    for (const std::uint32_t row : answer.unknown) {
        if (rows[row].id == example.unknownRow) state.unknowns.insert(row);
    }
    if (!answer.row) return;
    state.rows.insert(*answer.row);
    if (example.indicator) state.indicators.insert(level_of(rows[*answer.row], example.profile));
    if (!example.orders) return;
    for (std::uint32_t order = 0; order < content_.rules[rule].rule.orders.size(); ++order) {
        const auto& yes = answer.orders;
        const bool suggested = std::find(yes.begin(), yes.end(), order) != yes.end();
        (suggested ? state.suggested : state.not_suggested).insert(order);
    }
}

void Coverage::note_thresholds(State& state, const Outcome& outcome) {
    for (auto& [slot, sides] : state.met) {
        if (!has_values(content_.program.ops[slot], outcome.facts)) continue;
        if (outcome.slots[slot] == Truth::yes) sides.yes = true;
        if (outcome.slots[slot] == Truth::no) sides.no = true;
    }
}

bool Coverage::can_be_unknown(Slot slot) const {
    const Program& program = content_.program;
    const Op& op = program.ops[slot];
    switch (op.code) {
        case OpCode::always: return false;
        case OpCode::fact:
        case OpCode::compare: return !always_known(program.facts[op.a].body);
        case OpCode::newer: return true;
        case OpCode::all:
        case OpCode::any:
        case OpCode::not_:
        case OpCode::not_known: break;
    }
    return std::ranges::any_of(program.operands_of(op), [&](Slot operand) { return can_be_unknown(operand); });
}

Coverage::Sides Coverage::met_by_any(Slot slot) const {
    Sides any;
    for (const State& state : states_) {
        const auto met = state.met.find(slot);
        if (met == state.met.end()) continue;
        any.yes |= met->second.yes;
        any.no |= met->second.no;
    }
    return any;
}

RuleCoverage Coverage::of(std::uint32_t rule) const {
    const State& state = states_[rule];
    RuleCoverage covered;
    if (state.compiled == nullptr) return covered;
    const auto& rows = content_.rules[rule].rule.decide;
    covered.rows = {state.rows.size(), rows.size()};
    covered.indicators.touched = state.indicators.size();
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        covered.indicators.of += 1 + rows[i].profiles.size();
        covered.unknowns.of += can_be_unknown(state.compiled->rows[i].condition) ? 1 : 0;
    }
    covered.unknowns.touched = state.unknowns.size();
    covered.thresholds.of = 2 * state.own.size();
    for (const auto& [slot, where] : state.own) {
        const Sides& met = state.met.at(slot);
        covered.thresholds.touched += (met.yes ? 1U : 0U) + (met.no ? 1U : 0U);
    }
    const auto& orders = content_.rules[rule].rule.orders;
    for (std::uint32_t i = 0; i < orders.size(); ++i) {
        if (!orders[i].when) continue;
        covered.orders.of += 2;
        covered.orders.touched += state.suggested.count(i) + state.not_suggested.count(i);
    }
    return covered;
}

}  // namespace proctor::rules
