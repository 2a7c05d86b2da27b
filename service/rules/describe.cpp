#include "rules/describe.h"

#include <algorithm>

#include "rules/by_id.h"
#include "rules/compile.h"
#include "rules/print_words.h"

namespace proctor::rules {
namespace {

constexpr std::size_t k_line = 100;  // characters of a test that still reads on one line

class Describer {
public:
    Describer(const Content& content, const LoadedRule& rule)
        : content_(content), rule_(rule), program_(compile_rule(content, index_of(content, rule))) {}

    RuleDescription write() {
        RuleDescription all;
        for (std::size_t i = 0; i < rule_.rule.decide.size(); ++i) all.rows.push_back(row(i));
        add_conditions(all);
        all.facts = program_.facts;
        add_orders(all);
        for (const std::string& code : rule_.rule.overrideReasons) all.overrideReasons.push_back(reason(code));
        return all;
    }

private:
    [[nodiscard]] static std::uint32_t index_of(const Content& content, const LoadedRule& rule) {
        const auto same = [&](const LoadedRule& other) { return other.rule.code == rule.rule.code; };
        return static_cast<std::uint32_t>(std::find_if(content.rules.begin(), content.rules.end(), same) -
                                          content.rules.begin());
    }

    [[nodiscard]] RowDescription row(std::size_t i) const {
        const Row& row = rule_.rule.decide[i];
        const auto own = rule_.text.rowSummaries.find(row.id);
        return {&row, outline(program_.rules.front().rows[i].condition, false),
                own == rule_.text.rowSummaries.end() ? rule_.text.summary : own->second};
    }

    // A test on one line where it fits, else as a list of its parts.
    [[nodiscard]] Outline outline(Slot slot, bool spell_out) const {
        const Op& op = program_.ops[slot];
        const bool list = op.code == OpCode::all || op.code == OpCode::any;
        const bool named = !spell_out && !program_.names[slot].empty();
        std::string words =
            spell_out ? test_words_spelled_out(content_, program_, slot) : test_words(content_, program_, slot);
        if (!list || named || words.size() <= k_line) return {std::move(words), {}};
        Outline parts{op.code == OpCode::all ? "all of:" : "any of:", {}};
        for (const Slot operand : program_.operands_of(op)) parts.parts.push_back(outline(operand, false));
        return parts;
    }

    void add_conditions(RuleDescription& all) const {
        std::set<Slot> slots;
        for (const CompiledRow& row : program_.rules.front().rows) add_needed(program_, row.condition, slots);
        for (const CompiledOrder& order : program_.rules.front().orders) add_needed(program_, order.when, slots);
        for (auto it = slots.rbegin(); it != slots.rend(); ++it) {
            std::string title = condition_title(content_, program_, *it);
            if (!title.empty()) all.conditions.emplace_back(std::move(title), outline(*it, true));
        }
    }

    void add_orders(RuleDescription& all) const {
        for (std::size_t i = 0; i < rule_.rule.orders.size(); ++i) {
            const Slot when = program_.rules.front().orders[i].when;
            const bool always = program_.ops[when].code == OpCode::always;
            const Order* order = find_by_id(content_.orders, rule_.rule.orders[i].order);
            if (order == nullptr) continue;
            all.orders.push_back({order, always ? "" : test_words(content_, program_, when)});
        }
    }

    [[nodiscard]] std::string reason(const std::string& code) const {
        for (const OverrideReason& reason : content_.overrideReasons) {
            if (reason.code == code) return reason.display;
        }
        return code;
    }

    const Content& content_;
    const LoadedRule& rule_;
    Program program_;
};

}  // namespace

RuleDescription describe(const Content& content, const LoadedRule& rule) { return Describer(content, rule).write(); }

std::string_view status_words(RuleStatus status) {
    switch (status) {
        case RuleStatus::draft: return "draft: runs silently and is only counted";
        case RuleStatus::active: return "active";
        case RuleStatus::retired: return "retired: does not run";
    }
    return "";
}

}  // namespace proctor::rules
