// A rule in plain English, for the clinician who signs it.
#include "rules/print.h"

#include "rules/describe.h"
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

class English {
public:
    English(const Content& content, const LoadedRule& rule)
        : content_(content), rule_(rule.rule), text_(rule.text), described_(describe(content, rule)) {}

    std::string write() {
        heading();
        for (const RowDescription& described : described_.rows) row(described);
        if (rule_.decide.size() > 1) {
            line(
                "\nRows are tried in this order. A row that cannot be decided because data are missing is "
                "named on the card.");
        }
        line("\nWhen data are missing: " + text_.notChecked);
        meanings();
        suggestions();
        line("\nA clinician may decline because:");
        for (const std::string& reason : described_.overrideReasons) line("  - " + reason);
        line("\nEvidence:");
        for (const Citation& citation : rule_.relatedArtifact) {
            line("  - " + citation.label + ": " + citation.citation + (citation.url.empty() ? "" : " " + citation.url));
        }
        return out_;
    }

private:
    void line(const std::string& text) { out_ += text + "\n"; }

    void heading() {
        line(rule_.code + "  " + rule_.title);
        line(
            "Version " + rule_.version + ", " + std::string(status_words(rule_.status)) + ". Runs on " +
            join(rule_.hooks, "and") + ". " +
            (rule_.approvalDate.empty() ? "Not approved by a clinician yet." : "Approved " + rule_.approvalDate + "."));
    }

    void row(const RowDescription& described) {
        const Row& row = *described.row;
        line(std::string(&row == &rule_.decide.front() ? "\nShows" : "\nOtherwise shows") + " a card of level " +
             std::string(print(row.indicator)) + profiles(row) + ", row \"" + row.id + "\", when");
        outline(described.when, "  ");
        line("  The card says: \"" + described.summary + "\"");
        if (!row.absorbs.empty()) line("  and takes in the cards of " + join(row.absorbs, "and") + ".");
    }

    static std::string profiles(const Row& row) {
        std::string words;
        for (const auto& [profile, indicator] : row.profiles) {
            words += " (" + std::string(print(indicator)) + " in the profile \"" + profile + "\")";
        }
        return words;
    }

    void outline(const Outline& test, const std::string& indent) {
        line(indent + test.words);
        for (const Outline& part : test.parts) {
            const std::size_t start = out_.size();
            outline(part, indent + "    ");
            out_[start + indent.size() + 2] = '-';
        }
    }

    // Every named condition and every fact that the rule rests on, spelled out.
    void meanings() {
        line("\nIn which");
        for (const auto& [title, meaning] : described_.conditions) {
            line("  " + title + " means");
            outline(meaning, "      ");
        }
        for (const Fact& fact : described_.facts) line("  " + fact.title + " is\n      " + fact_words(content_, fact));
        line(
            "\nA Condition is active unless it was refuted, entered in error, ended, or is inactive, in "
            "remission or resolved.");
        line(
            "An Observation counts when it is final, amended, corrected or preliminary. A date ahead of the "
            "request never counts.");
    }

    void suggestions() {
        if (described_.orders.empty()) return;
        line("\nSuggests, unless already ordered:");
        for (const OrderDescription& described : described_.orders) {
            const Order& order = *described.order;
            line("  - " + order.label + (order.regions.empty() ? "" : " (" + join(order.regions, "and") + " only)") +
                 (described.when.empty() ? "" : ", when " + described.when));
        }
    }

    const Content& content_;
    const Rule& rule_;
    const RuleText& text_;
    RuleDescription described_;
    std::string out_;
};

}  // namespace

std::string print_english(const Content& content, const LoadedRule& rule) { return English(content, rule).write(); }

}  // namespace proctor::rules
