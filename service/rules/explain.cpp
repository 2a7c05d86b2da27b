#include "rules/explain.h"

#include <algorithm>

#include "rules/print.h"

namespace proctor::rules {
namespace {

std::string print_range(const fhir::Range& value) {
    if (value.low && value.high && *value.low == *value.high) return fhir::print_micro(*value.low);
    const std::string low =
        value.low ? (value.low_open ? "more than " : "at least ") + fhir::print_micro(*value.low) : "";
    const std::string high =
        value.high ? (value.high_open ? "less than " : "at most ") + fhir::print_micro(*value.high) : "";
    if (low.empty() && high.empty()) return "any value";
    return low + (low.empty() || high.empty() ? "" : ", ") + high;
}

class Explainer {
public:
    Explainer(const Content& content, const Outcome& outcome, const fhir::Record& record)
        : content_(content), program_(content.program), outcome_(outcome), record_(record) {}

    void explain_slot(Slot slot, std::size_t depth) {
        const Op& op = program_.ops[slot];
        const bool leaf = op.count == 0;
        line(depth, slot, leaf ? print_test(content_, slot) : heading(op, program_.names[slot]));
        if (op.code == OpCode::fact || op.code == OpCode::compare || op.code == OpCode::newer) used(op.a, depth + 1);
        if (op.code == OpCode::newer || (op.code == OpCode::compare && op.line != 0)) used(op.b, depth + 1);
        for (const Slot operand : program_.operands_of(op)) explain_slot(operand, depth + 1);
    }

    void text(const std::string& words) { text_ += words + "\n"; }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    [[nodiscard]] static std::string heading(const Op& op, const std::string& name) {
        const std::string joined = op.code == OpCode::all    ? "all of"
                                   : op.code == OpCode::any  ? "any of"
                                   : op.code == OpCode::not_ ? "not"
                                                             : "not known";
        return name.empty() ? joined : name + " (" + joined + ")";
    }

    void line(std::size_t depth, Slot slot, const std::string& words) {
        text(std::string(2 * depth, ' ') + words + ": " + std::string(print(outcome_.slots[slot])));
    }

    // The value that was compared, and the resources it came from.
    void used(FactIndex index, std::size_t depth) {
        const FactResult& fact = outcome_.facts.results[index];
        if (fact.value)
            note(depth,
                 "value " + print_range(*fact.value) + (fact.time ? " at " + fhir::print_instant(*fact.time) : ""));
        for (const fhir::ResourceIndex resource : fact.evidence) {
            const fhir::Resource& r = record_.resources[resource];
            note(depth, std::string(fhir::type_name(r)) + "/" + (r.id.empty() ? "(no id)" : std::string(r.id)));
        }
        if (fact.truth == Truth::unknown) note(depth, "not everything it needs was supplied, or could be read");
    }

    void note(std::size_t depth, const std::string& words) { text(std::string(2 * depth, ' ') + "- " + words); }

    const Content& content_;
    const Program& program_;
    const Outcome& outcome_;
    const fhir::Record& record_;
    std::string text_;
};

std::string verdict(const Rule& rule, std::uint32_t index, const Outcome& outcome) {
    const auto fired =
        std::find_if(outcome.fired.begin(), outcome.fired.end(), [&](const Fired& f) { return f.rule == index; });
    std::string words = "does not fire";
    if (fired != outcome.fired.end()) {
        const Row& row = rule.decide[fired->row];
        words = "fires with row \"" + row.id + "\" (" + std::string(print(row.indicator)) + ")";
    }
    std::string open;
    for (const NotChecked& not_checked : outcome.not_checked) {
        if (not_checked.rule == index) open += (open.empty() ? "\"" : ", \"") + rule.decide[not_checked.row].id + "\"";
    }
    return words + (open.empty() ? "" : "; could not be checked: " + open);
}

}  // namespace

std::string explain(const Content& content, const LoadedRule& rule, const Outcome& outcome,
                    const fhir::Record& record) {
    const auto index = static_cast<std::uint32_t>(&rule - content.rules.data());
    const auto compiled = std::find_if(content.program.rules.begin(), content.program.rules.end(),
                                       [index](const CompiledRule& candidate) { return candidate.rule == index; });
    Explainer explainer(content, outcome, record);
    if (compiled == content.program.rules.end()) {
        explainer.text(rule.rule.code + " " + rule.rule.title + ": retired, not evaluated");
        return explainer.take();
    }
    if (outcome.slots.empty()) {
        explainer.text(rule.rule.code + " " + rule.rule.title + ": not evaluated, the patient is deceased");
        return explainer.take();
    }
    explainer.text(rule.rule.code + " " + rule.rule.title + ": " + verdict(rule.rule, index, outcome));
    for (std::size_t row = 0; row < compiled->rows.size(); ++row) {
        explainer.text("row \"" + rule.rule.decide[row].id + "\" (" +
                       std::string(print(rule.rule.decide[row].indicator)) + ")");
        explainer.explain_slot(compiled->rows[row].condition, 1);
    }
    return explainer.take();
}

}  // namespace proctor::rules
