// What the cases of a rule prove, and what they leave untouched: rows, the level of each card, both sides of every
// threshold, every path on which data are missing, every order that stands under a condition. A threshold or order
// condition of the rule is met by its own cases; one in a shared condition by the cases of the rules that use it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/case_run.h"
#include "rules/facts.h"

namespace proctor::rules {

struct Covered {
    std::size_t touched = 0, of = 0;
};
struct RuleCoverage {
    Covered rows, indicators, thresholds, unknowns, orders;  // thresholds: sides of the rule's own, two each
};

class Coverage {
public:
    // Both outlive it.
    Coverage(const Content& content, const FactLookup& lookup);

    // Case `example` of the rule came out like this.
    void note(std::uint32_t rule, const Case& example, const Outcome& outcome);

    [[nodiscard]] bool fires(std::uint32_t rule, std::uint32_t row) const { return states_[rule].rows.count(row) != 0; }
    [[nodiscard]] RuleCoverage of(std::uint32_t rule) const;
    // What is untouched, each with the case to add. Rows that no case fires are left to the caller.
    [[nodiscard]] std::vector<Error> gaps() const;

private:
    struct Sides {  // of a comparison, met by a patient who has the value
        bool yes = false, no = false;
    };
    struct State {
        const CompiledRule* compiled = nullptr;  // none: a retired rule
        std::map<Slot, std::string> own;         // thresholds, and where each stands in the rule
        std::map<Slot, std::string> shared;      // thresholds, and where each stands in conditions.json
        std::map<Slot, Sides> met;
        std::set<std::uint32_t> rows, unknowns;
        std::set<std::pair<std::string, std::string>> indicators;  // row and profile
        std::set<std::uint32_t> suggested, not_suggested;          // orders, where a case says which
    };

    void find_thresholds(State& state, Slot slot, std::string where, bool shared) const;
    void note_thresholds(State& state, const Outcome& outcome);
    [[nodiscard]] bool can_be_unknown(Slot slot) const;
    [[nodiscard]] Sides met_by_any(Slot slot) const;
    void row_gaps(std::uint32_t rule, std::vector<Error>& gaps) const;
    static void indicator_gaps(const State& state, const Row& row, const std::string& where, std::vector<Error>& gaps);
    void order_gaps(std::uint32_t rule, std::vector<Error>& gaps) const;
    void shared_order_gaps(std::vector<Error>& gaps) const;
    void order_gap(const std::string& order, Slot when, Sides met, const std::string& where,
                   std::vector<Error>& gaps) const;
    void shared_gaps(std::vector<Error>& gaps) const;
    void threshold_gaps(Slot slot, const Sides& met, const std::string& where, std::vector<Error>& gaps) const;
    // The case that, with a search left out, cannot decide the row: "the case ... again, with ...".
    [[nodiscard]] std::string unknown_example(std::uint32_t rule, std::uint32_t row) const;

    const Content& content_;
    const FactLookup& lookup_;
    std::vector<State> states_;  // by rule
};

}  // namespace proctor::rules
