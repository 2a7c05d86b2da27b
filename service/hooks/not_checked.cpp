#include "hooks/not_checked.h"

#include <algorithm>

#include "hooks/fact_sources.h"

namespace proctor::hooks {
namespace {

using fhir::Source;
using fhir::Supply;
using rules::NotChecked;

constexpr std::size_t k_facts_named = 3;

std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

void add_once(std::vector<std::string>& words, std::string word) {
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
}

std::string_view print(Supply supply) {
    switch (supply) {
        case Supply::absent: return "not supplied";
        case Supply::failed: return "could not be read";
        case Supply::partial: return "only in part";
        case Supply::complete: return "";
    }
    return "";
}

// "haemoglobin, age and 2 more"
std::string missing_facts(const ComposeInput& input, const NotChecked& open) {
    std::vector<std::string> titles;
    for (const auto fact : open.missing) add_once(titles, input.content.program.facts[fact].title);
    if (titles.size() <= k_facts_named) return join(titles);
    const std::size_t more = titles.size() - k_facts_named;
    titles.resize(k_facts_named);
    return join(titles) + " and " + std::to_string(more) + " more";
}

// "laboratory results not supplied, vital signs only in part"
std::string missing_searches(const ComposeInput& input, const NotChecked& open) {
    std::vector<std::string> reasons;
    for (const auto fact : open.missing) {
        for (const Source source : sources_of(input.content, input.content.program.facts[fact])) {
            const Supply supply = input.record[source];
            if (supply == Supply::complete) continue;
            add_once(reasons, std::string(print_source(source)) + ' ' + std::string(print(supply)));
        }
    }
    return reasons.empty() ? "recorded too imprecisely to decide" : join(reasons);
}

OpenCheck check_for(const ComposeInput& input, const NotChecked& open) {
    const rules::LoadedRule& loaded = input.content.rules[open.rule];
    OpenCheck check{loaded.rule.title + " (" + loaded.rule.code + ')', {}};
    if (const std::string facts = missing_facts(input, open); !facts.empty()) check.reason += ": " + facts;
    check.reason += " [" + missing_searches(input, open) + ']';
    if (!loaded.text.notChecked.empty()) check.reason += ". " + loaded.text.notChecked;
    return check;
}

// Several open rows of one rule, which stand together, lack much the same: its first one, the most urgent, is told.
bool told_before(const ComposeInput& input, const NotChecked& open) {
    return &open != input.outcome.not_checked.data() && (&open)[-1].rule == open.rule;
}

bool is_among(const std::vector<Part>& parts, std::uint32_t rule) {
    return std::any_of(parts.begin(), parts.end(), [&](const Part& part) { return part.fired->rule == rule; });
}

std::vector<OpenCheck> checks_where(const ComposeInput& input, const std::vector<Part>& parts, bool among) {
    std::vector<OpenCheck> checks;
    for (const NotChecked& open : input.outcome.not_checked) {
        const bool active = input.content.rules[open.rule].rule.status == rules::RuleStatus::active;
        if (active && is_among(parts, open.rule) == among && !told_before(input, open))
            checks.push_back(check_for(input, open));
    }
    return checks;
}

}  // namespace

std::vector<OpenCheck> could_not_check(const ComposeInput& input, const std::vector<Part>& parts) {
    return checks_where(input, parts, true);
}

std::vector<OpenCheck> could_not_check_elsewhere(const ComposeInput& input, const std::vector<Part>& shown) {
    return checks_where(input, shown, false);
}

std::vector<std::string> print_checks(const std::vector<OpenCheck>& checks, std::size_t in_full) {
    std::vector<std::string> lines;
    std::string others;
    for (std::size_t i = 0; i < checks.size(); ++i) {
        if (i < in_full)
            lines.push_back(checks[i].title + checks[i].reason);
        else
            others += (others.empty() ? "also: " : "; ") + checks[i].title;
    }
    if (!others.empty()) lines.push_back(std::move(others));
    return lines;
}

}  // namespace proctor::hooks
