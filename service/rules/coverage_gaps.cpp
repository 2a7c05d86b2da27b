// What is untouched, in words: which case to add.
#include <algorithm>

#include "rules/coverage.h"
#include "rules/parse.h"
#include "rules/print.h"
#include "rules/print_words.h"
#include "rules/threshold_step.h"

namespace proctor::rules {
namespace {

std::string file_of(const LoadedRule& rule) { return "rules/" + rule.rule.id + "/rule.json"; }

// A value for which the comparison is yes, or no, and just so.
Micro value_for(const Op& op, bool yes) {
    const bool below = op.op == CompareOp::lt || op.op == CompareOp::le;
    const bool at_limit = (op.op == CompareOp::le || op.op == CompareOp::ge) == yes;
    if (at_limit) return op.threshold;
    const Micro step = step_of(op.threshold);
    return below == yes ? op.threshold - step : op.threshold + step;
}

}  // namespace

std::vector<Error> Coverage::gaps() const {
    std::vector<Error> gaps;
    for (std::uint32_t rule = 0; rule < states_.size(); ++rule) {
        const State& state = states_[rule];
        if (state.compiled == nullptr) continue;
        row_gaps(rule, gaps);
        for (const auto& [slot, where] : state.own) {
            threshold_gaps(slot, state.met.at(slot), file_of(content_.rules[rule]) + where, gaps);
        }
        order_gaps(rule, gaps);
    }
    shared_gaps(gaps);
    shared_order_gaps(gaps);
    return gaps;
}

void Coverage::row_gaps(std::uint32_t rule, std::vector<Error>& gaps) const {
    const State& state = states_[rule];
    const auto& rows = content_.rules[rule].rule.decide;
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        const std::string where = file_of(content_.rules[rule]) + "#/decide/" + std::to_string(i);
        const std::string row = "row \"" + rows[i].id + "\"";
        if (state.rows.count(i) == 0) continue;
        indicator_gaps(state, rows[i], where, gaps);
        if (!can_be_unknown(state.compiled->rows[i].condition) || state.unknowns.count(i) != 0) continue;
        gaps.push_back({"no case has " + row + " undecided: add " + unknown_example(rule, i) +
                            " \"expectUnknown\": \"" + rows[i].id + "\"",
                        where});
    }
}

void Coverage::indicator_gaps(const State& state, const Row& row, const std::string& where, std::vector<Error>& gaps) {
    std::vector<std::string> profiles = {""};
    for (const auto& [profile, indicator] : row.profiles) profiles.push_back(profile);
    for (const std::string& profile : profiles) {
        if (state.indicators.count({row.id, profile}) != 0) continue;
        const std::string under = profile.empty() ? "" : "\"profile\": \"" + profile + "\" and ";
        gaps.push_back({"no case says how urgent row \"" + row.id + "\" is: add " + under + "\"expectIndicator\": \"" +
                            std::string(print(indicator_of(row, profile))) + "\" to one that fires it",
                        where});
    }
}

void Coverage::order_gaps(std::uint32_t rule, std::vector<Error>& gaps) const {
    const State& state = states_[rule];
    const auto& orders = content_.rules[rule].rule.orders;
    for (std::uint32_t i = 0; i < orders.size(); ++i) {
        if (!orders[i].when) continue;
        const Sides suggested{state.suggested.count(i) != 0, state.not_suggested.count(i) != 0};
        const std::string where = file_of(content_.rules[rule]) + "#/orders/" + std::to_string(i);
        order_gap(orders[i].order, state.compiled->orders[i].when, suggested, where, gaps);
    }
}

// An order's own condition, by the cases of all rules that suggest it.
void Coverage::shared_order_gaps(std::vector<Error>& gaps) const {
    for (const Order& order : content_.orders) {
        if (!order.when) continue;
        Sides any;
        std::optional<Slot> when;
        for (std::size_t rule = 0; rule < states_.size(); ++rule) {
            const State& state = states_[rule];
            const auto& orders = content_.rules[rule].rule.orders;
            for (std::uint32_t i = 0; state.compiled != nullptr && i < orders.size(); ++i) {
                if (orders[i].order != order.id) continue;
                if (!orders[i].when) when = state.compiled->orders[i].when;
                any.yes |= state.suggested.count(i) != 0;
                any.no |= state.not_suggested.count(i) != 0;
            }
        }
        if (when) order_gap(order.id, *when, any, "orders.json#/" + order.id, gaps);
    }
}

void Coverage::order_gap(const std::string& order, Slot when, Sides met, const std::string& where,
                         std::vector<Error>& gaps) const {
    const auto gap = [&](const std::string& what, const char* holds) {
        gaps.push_back({"no case expects " + what + " \"" + order +
                            "\": add \"expectOrders\" to one that fires and in which this " + holds + ": " +
                            print_test(content_, when),
                        where});
    };
    if (!met.yes) gap("the order", "holds");
    if (!met.no) gap("a card without the order", "does not hold");
}

void Coverage::shared_gaps(std::vector<Error>& gaps) const {
    std::map<Slot, std::string> shared;
    for (const State& state : states_) shared.insert(state.shared.begin(), state.shared.end());
    for (const auto& [slot, where] : shared) threshold_gaps(slot, met_by_any(slot), where, gaps);
}

void Coverage::threshold_gaps(Slot slot, const Sides& met, const std::string& where, std::vector<Error>& gaps) const {
    const Op& op = content_.program.ops[slot];
    const auto gap = [&](bool yes) {
        std::string message = "no case has \"" + print_test(content_, slot) + "\" " + (yes ? "true" : "false") +
                              " of a value: add one with ";
        if (op.code == OpCode::newer) {
            message += yes ? "the first just after the second" : "the first just before the second";
        } else if (op.line != 0) {
            message += yes ? "a value just inside the limit" : "a value just outside the limit";
        } else {
            message += fhir::print_micro(value_for(op, yes)) + unit_words(content_, content_.program.facts[op.a]);
        }
        gaps.push_back({message, where});
    };
    if (!met.yes) gap(true);
    if (!met.no) gap(false);
}

std::string Coverage::unknown_example(std::uint32_t rule, std::uint32_t row) const {
    for (const Case& example : content_.rules[rule].cases) {
        auto record = read_patient(content_, example);
        if (!record) continue;
        for (std::size_t i = 0; i < fhir::k_sources; ++i) {
            const fhir::Supply supply = std::exchange(record->supply[i], fhir::Supply::absent);
            const auto answer = answer_of(run_case(content_, lookup_, *record, example), rule);
            record->supply[i] = supply;
            if (std::find(answer.unknown.begin(), answer.unknown.end(), row) == answer.unknown.end()) continue;
            return "the case \"" + example.title + "\" again, with \"notSupplied\": [\"" +
                   std::string(source_name(static_cast<fhir::Source>(i))) + "\"] and";
        }
    }
    return "one with a search that it needs in \"notSupplied\" and";
}

}  // namespace proctor::rules
