#include "rules/evaluate.h"

#include <algorithm>
#include <set>

namespace proctor::rules {

using fhir::Range;

namespace {

// Every value of the range is below the threshold (or at it, when `or_equal`).
bool all_below(const Range& value, Micro threshold, bool or_equal) {
    return value.high && (*value.high < threshold || (*value.high == threshold && (or_equal || value.high_open)));
}

bool all_above(const Range& value, Micro threshold, bool or_equal) {
    return value.low && (*value.low > threshold || (*value.low == threshold && (or_equal || value.low_open)));
}

Truth decided(bool yes, bool no) { return yes ? Truth::yes : no ? Truth::no : Truth::unknown; }

Truth compare_range(const Range& value, CompareOp op, Micro threshold) {
    switch (op) {
        case CompareOp::lt: return decided(all_below(value, threshold, false), all_above(value, threshold, true));
        case CompareOp::le: return decided(all_below(value, threshold, true), all_above(value, threshold, false));
        case CompareOp::gt: return decided(all_above(value, threshold, false), all_below(value, threshold, true));
        case CompareOp::ge: return decided(all_above(value, threshold, true), all_below(value, threshold, false));
    }
    return Truth::unknown;
}

std::optional<Micro> inside(std::optional<Micro> end, bool open, Micro step) { return end && open ? *end + step : end; }

// One end of a range, taken as a number; an absent end is infinite, an open one a millionth short of where it stands.
Truth compare_end(std::optional<Micro> end, bool infinite_is_above, CompareOp op, Micro threshold) {
    if (end) return compare_range({*end, *end, false, false}, op, threshold);
    const bool asks_above = op == CompareOp::gt || op == CompareOp::ge;
    return truth(asks_above == infinite_is_above);
}

}  // namespace

Truth compare(const Range& value, CompareOp op, Endpoint endpoint, Micro threshold) {
    switch (endpoint) {
        case Endpoint::both: return compare_range(value, op, threshold);
        case Endpoint::minimum: return compare_end(inside(value.low, value.low_open, 1), false, op, threshold);
        case Endpoint::maximum: return compare_end(inside(value.high, value.high_open, -1), true, op, threshold);
    }
    return Truth::unknown;
}

namespace {

Micro at(const Line& line, Micro x) {
    const auto& points = line.points;
    const auto after = std::find_if(points.begin(), points.end(), [x](const auto& point) { return x <= point.first; });
    if (after == points.begin()) return points.front().second;
    if (after == points.end()) return points.back().second;
    const auto& [x0, y0] = *std::prev(after);
    const auto& [x1, y1] = *after;
    return y0 + fhir::scale(x - x0, y1 - y0, x1 - x0).value_or(0);
}

// The operations of a program over the facts of one patient.
class Machine {
public:
    Machine(const Program& program, std::span<const FactResult> facts) : program_(program), facts_(facts) {}

    [[nodiscard]] std::vector<Truth> run() const {
        std::vector<Truth> slots(program_.ops.size());
        auto slot = slots.begin();
        for (const Op& op : program_.ops) *slot++ = step(op, slots);
        return slots;
    }

private:
    [[nodiscard]] Truth step(const Op& op, const std::vector<Truth>& slots) const {
        switch (op.code) {
            case OpCode::always: return Truth::yes;
            case OpCode::fact: return facts_[op.a].truth;
            case OpCode::compare: return compared(op);
            case OpCode::newer: return newer(facts_[op.a], facts_[op.b]);
            case OpCode::all: return fold<both, Truth::no>(op, slots, Truth::yes);
            case OpCode::any: return fold<either, Truth::yes>(op, slots, Truth::no);
            case OpCode::not_: return negate(slots[program_.operands_of(op).front()]);
            case OpCode::not_known: return truth(slots[program_.operands_of(op).front()] != Truth::yes);
        }
        return Truth::unknown;
    }

    // Up to the first operand that decides.
    template <Truth (*Join)(Truth, Truth), Truth Decides>
    [[nodiscard]] Truth fold(const Op& op, const std::vector<Truth>& slots, Truth so_far) const {
        for (const Slot operand : program_.operands_of(op)) {
            so_far = Join(so_far, slots[operand]);
            if (so_far == Decides) break;
        }
        return so_far;
    }

    // Without a usable value: no when everything was supplied. A value of a fact that is itself unknown may reach
    // further than is known, so it can say yes but not no.
    [[nodiscard]] Truth compared(const Op& op) const {
        const FactResult& fact = facts_[op.a];
        if (!fact.value) return fact.truth == Truth::no ? Truth::no : Truth::unknown;
        const Truth found = against(op, *fact.value);
        return found == Truth::no && fact.truth == Truth::unknown ? Truth::unknown : found;
    }

    [[nodiscard]] Truth against(const Op& op, const Range& value) const {
        if (op.line == 0) return compare(value, op.op, op.endpoint, op.threshold);
        const Line& line = program_.lines[op.line - 1];
        const auto& by = facts_[op.b].value;
        if (!by || !by->low || !by->high) return Truth::unknown;
        const Truth low = compare(value, op.op, op.endpoint, at(line, *by->low));
        const Truth high = compare(value, op.op, op.endpoint, at(line, *by->high));
        return low == high ? low : Truth::unknown;
    }

    [[nodiscard]] static Truth newer(const FactResult& a, const FactResult& b) {
        const Truth happened = both(a.truth, b.truth);
        if (happened != Truth::yes) return happened;
        return a.time && b.time ? truth(*a.time > *b.time) : Truth::unknown;
    }

    const Program& program_;
    const std::span<const FactResult> facts_;
};

// The facts behind a slot's truth: for yes those that made it so and those it did not wait for, for unknown those that
// left it open.
class Reasons {
public:
    Reasons(const Program& program, const std::vector<Truth>& slots, const Facts& facts)
        : program_(program), slots_(slots), facts_(facts) {}

    void made_yes(Slot slot, std::set<FactIndex>& into) const {
        const Op& op = program_.ops[slot];
        switch (op.code) {
            case OpCode::always:
            case OpCode::not_:
            case OpCode::not_known: break;
            case OpCode::newer: into.insert(op.b); [[fallthrough]];
            case OpCode::fact:
            case OpCode::compare: into.insert(op.a); break;
            case OpCode::all:
            case OpCode::any:
                for (const Slot operand : program_.operands_of(op)) {
                    if (slots_[operand] == Truth::yes) made_yes(operand, into);
                }
        }
    }

    // Those of unknown exclusions (`notKnown`) without which the slot, a yes or a no, might be unknown.
    [[nodiscard]] std::set<FactIndex> not_waited_for(Slot slot) const {
        const Op& op = program_.ops[slot];
        const Truth deciding = op.code == OpCode::any ? Truth::yes : Truth::no;  // one such operand is enough
        const bool one_decides = (op.code == OpCode::any || op.code == OpCode::all) && slots_[slot] == deciding;
        std::set<FactIndex> facts;
        for (const Slot operand : program_.operands_of(op)) {
            std::set<FactIndex> of_operand;
            if (slots_[operand] == Truth::unknown) {
                if (op.code == OpCode::not_known) left_open(operand, of_operand);
            } else if (!one_decides || slots_[operand] == deciding) {
                of_operand = not_waited_for(operand);
                if (one_decides && of_operand.empty()) return {};
            }
            facts.merge(of_operand);
        }
        return facts;
    }

    void left_open(Slot slot, std::set<FactIndex>& into) const {
        const Op& op = program_.ops[slot];
        switch (op.code) {
            case OpCode::always:
            case OpCode::not_known: break;
            case OpCode::fact: into.insert(op.a); break;
            case OpCode::compare: into.insert(op.line != 0 && !facts_.results[op.b].value ? op.b : op.a); break;
            case OpCode::newer:
                for (const FactIndex fact : {op.a, op.b}) {
                    const FactResult& result = facts_.results[fact];
                    if (result.truth == Truth::unknown || (result.truth == Truth::yes && !result.time))
                        into.insert(fact);
                }
                break;
            case OpCode::all:
            case OpCode::any:
            case OpCode::not_:
                for (const Slot operand : program_.operands_of(op)) {
                    if (slots_[operand] == Truth::unknown) left_open(operand, into);
                }
        }
    }

private:
    const Program& program_;
    const std::vector<Truth>& slots_;
    const Facts& facts_;
};

bool is_settled(const CompiledRule& rule, const Outcome& outcome) {
    return std::ranges::all_of(rule.rows,
                               [&](const CompiledRow& row) { return outcome.slots[row.condition] == Truth::no; });
}

bool runs_at(const Rule& rule, std::string_view hook) {
    return hook.empty() || std::find(rule.hooks.begin(), rule.hooks.end(), hook) != rule.hooks.end();
}

Fired fire(const CompiledRule& rule, std::uint32_t row, const Program& program, const Outcome& outcome) {
    Fired fired{rule.rule, row, {}, {}, {}};
    std::set<FactIndex> reasons;
    Reasons(program, outcome.slots, outcome.facts).made_yes(rule.rows[row].condition, reasons);
    fired.facts.assign(reasons.begin(), reasons.end());
    for (const FactIndex fact : fired.facts) {
        const auto& resources = outcome.facts.results[fact].evidence;
        fired.evidence.insert(fired.evidence.end(), resources.begin(), resources.end());
    }
    std::sort(fired.evidence.begin(), fired.evidence.end());
    fired.evidence.erase(std::unique(fired.evidence.begin(), fired.evidence.end()), fired.evidence.end());
    for (std::uint32_t i = 0; i < rule.orders.size(); ++i) {
        if (outcome.slots[rule.orders[i].when] == Truth::yes) fired.orders.push_back(i);
    }
    return fired;
}

NotChecked leave_open(const CompiledRule& rule, std::uint32_t row, const Program& program, const Outcome& outcome) {
    std::set<FactIndex> missing;
    Reasons(program, outcome.slots, outcome.facts).left_open(rule.rows[row].condition, missing);
    return {rule.rule, row, {missing.begin(), missing.end()}};
}

void decide(const CompiledRule& rule, const Program& program, Outcome& outcome) {
    for (std::uint32_t row = 0; row < rule.rows.size(); ++row) {
        const Truth holds = outcome.slots[rule.rows[row].condition];
        if (holds == Truth::unknown) outcome.not_checked.push_back(leave_open(rule, row, program, outcome));
        if (holds != Truth::yes) continue;
        outcome.fired.push_back(fire(rule, row, program, outcome));
        const auto open = Reasons(program, outcome.slots, outcome.facts).not_waited_for(rule.rows[row].condition);
        if (!open.empty()) outcome.not_checked.push_back({rule.rule, row, {open.begin(), open.end()}});
        return;
    }
}

}  // namespace

Indicator indicator_of(const Row& row, const std::string& profile) {
    const auto own = row.profiles.find(profile);
    return own == row.profiles.end() ? row.indicator : own->second;
}

Outcome evaluate(const Content& content, Facts facts, std::string_view hook) {
    Outcome outcome;
    outcome.slots = Machine(content.program, facts.results).run();
    outcome.facts = std::move(facts);
    for (const CompiledRule& rule : content.program.rules) {
        if (!is_settled(rule, outcome) && runs_at(content.rules[rule.rule].rule, hook))
            decide(rule, content.program, outcome);
    }
    return outcome;
}

}  // namespace proctor::rules
