// A rule in plain English, for the clinician who signs it.
#include "rules/print.h"

#include <algorithm>

#include "rules/compile.h"
#include "rules/print_words.h"

namespace proctor::rules {

std::string_view print(Indicator indicator) {
    switch (indicator) {
        case Indicator::info: return "info";
        case Indicator::warning: return "warning";
        case Indicator::critical: return "critical";
    }
    return "";
}

namespace {

constexpr std::size_t k_line = 100;  // characters of a test that still reads on one line

std::string_view status_words(RuleStatus status) {
    switch (status) {
        case RuleStatus::draft: return "draft: runs silently and is only counted";
        case RuleStatus::active: return "active";
        case RuleStatus::retired: return "retired: does not run";
    }
    return "";
}

class English {
public:
    English(const Content& content, const LoadedRule& rule)
        : content_(content),
          rule_(rule.rule),
          text_(rule.text),
          program_(compile_rule(content, index_of(content, rule))) {}

    std::string write() {
        heading();
        for (std::size_t i = 0; i < rule_.decide.size(); ++i) row(i);
        if (rule_.decide.size() > 1) {
            line(
                "\nRows are tried in this order. A row that cannot be decided because data are missing is "
                "named on the card.");
        }
        line("\nWhen data are missing: " + text_.notChecked);
        meanings();
        suggestions();
        line("\nA clinician may decline because:");
        for (const std::string& code : rule_.overrideReasons) line("  - " + reason(code));
        line("\nEvidence:");
        for (const Citation& citation : rule_.relatedArtifact) {
            line("  - " + citation.label + ": " + citation.citation + (citation.url.empty() ? "" : " " + citation.url));
        }
        return out_;
    }

private:
    static std::uint32_t index_of(const Content& content, const LoadedRule& rule) {
        const auto same = [&](const LoadedRule& other) { return other.rule.code == rule.rule.code; };
        return static_cast<std::uint32_t>(std::find_if(content.rules.begin(), content.rules.end(), same) -
                                          content.rules.begin());
    }

    void line(const std::string& text) { out_ += text + "\n"; }

    void heading() {
        line(rule_.code + "  " + rule_.title);
        line(
            "Version " + rule_.version + ", " + std::string(status_words(rule_.status)) + ". Runs on " +
            join(rule_.hooks, "and") + ". " +
            (rule_.approvalDate.empty() ? "Not approved by a clinician yet." : "Approved " + rule_.approvalDate + "."));
    }

    void row(std::size_t i) {
        const Row& row = rule_.decide[i];
        line(std::string(i == 0 ? "\nShows" : "\nOtherwise shows") + " a card of level " +
             std::string(print(row.indicator)) + profiles(row) + ", row \"" + row.id + "\", when");
        outline(program_.rules.front().rows[i].condition, "  ", false);
        const auto own = text_.rowSummaries.find(row.id);
        line("  The card says: \"" + (own == text_.rowSummaries.end() ? text_.summary : own->second) + "\"");
        if (!row.absorbs.empty()) line("  and takes in the cards of " + join(row.absorbs, "and") + ".");
    }

    static std::string profiles(const Row& row) {
        std::string words;
        for (const auto& [profile, indicator] : row.profiles) {
            words += " (" + std::string(print(indicator)) + " in the profile \"" + profile + "\")";
        }
        return words;
    }

    // A test on one line where it fits, else as a list of its parts.
    void outline(Slot slot, const std::string& indent, bool spell_out) {
        const Op& op = program_.ops[slot];
        const bool list = op.code == OpCode::all || op.code == OpCode::any;
        const bool named = !spell_out && !program_.names[slot].empty();
        const std::string words =
            spell_out ? test_words_spelled_out(content_, program_, slot) : test_words(content_, program_, slot);
        if (!list || named || words.size() <= k_line) return line(indent + words);
        line(indent + (op.code == OpCode::all ? "all of:" : "any of:"));
        for (std::uint32_t i = 0; i < op.count; ++i) outline_item(program_.operands[op.first + i], indent);
    }

    void outline_item(Slot slot, const std::string& indent) {
        const std::size_t start = out_.size();
        outline(slot, indent + "    ", false);
        out_[start + indent.size() + 2] = '-';
    }

    // Every named condition and every fact that the rule rests on, spelled out.
    void meanings() {
        std::set<Slot> slots;
        for (const CompiledRow& row : program_.rules.front().rows) add_needed(program_, row.condition, slots);
        for (const CompiledOrder& order : program_.rules.front().orders) add_needed(program_, order.when, slots);
        line("\nIn which");
        for (auto it = slots.rbegin(); it != slots.rend(); ++it) {
            const std::string title = condition_title(content_, program_, *it);
            if (title.empty()) continue;
            line("  " + title + " means");
            outline(*it, "      ", true);
        }
        for (const Fact& fact : program_.facts) line("  " + fact.title + " is\n      " + fact_words(content_, fact));
        line(
            "\nA Condition is active unless it was refuted, entered in error, ended, or is inactive, in "
            "remission or resolved.");
        line(
            "An Observation counts when it is final, amended, corrected or preliminary. A date ahead of the "
            "request never counts.");
    }

    void suggestions() {
        if (rule_.orders.empty()) return;
        line("\nSuggests, unless already ordered:");
        for (std::size_t i = 0; i < rule_.orders.size(); ++i) {
            const Slot when = program_.rules.front().orders[i].when;
            const bool always = program_.ops[when].code == OpCode::always;
            line("  - " + order_words(rule_.orders[i].order) +
                 (always ? "" : ", when " + test_words(content_, program_, when)));
        }
    }

    [[nodiscard]] std::string order_words(const std::string& id) const {
        for (const Order& order : content_.orders) {
            if (order.id == id)
                return order.label + (order.regions.empty() ? "" : " (" + join(order.regions, "and") + " only)");
        }
        return id;
    }

    [[nodiscard]] std::string reason(const std::string& code) const {
        for (const OverrideReason& reason : content_.overrideReasons) {
            if (reason.code == code) return reason.display;
        }
        return code;
    }

    const Content& content_;
    const Rule& rule_;
    const RuleText& text_;
    Program program_;
    std::string out_;
};

}  // namespace

std::string print_english(const Content& content, const LoadedRule& rule) { return English(content, rule).write(); }

}  // namespace proctor::rules
