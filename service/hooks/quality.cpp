#include "hooks/quality.h"

#include <algorithm>

#include "hooks/datum.h"

namespace proctor::hooks {
namespace {

using rules::Issue;
using rules::IssueKind;
using rules::QualityFact;

std::string_view reason(IssueKind kind) {
    switch (kind) {
        case IssueKind::future: return "dated in the future";
        case IssueKind::abatement: return "active, yet with an end";
        case IssueKind::status: return "clinical status not known";
        case IssueKind::stale: return "last asserted too long ago to count as current";
        case IssueKind::undated: return "without a date";
        case IssueKind::unit: return "unit missing or not known";
        case IssueKind::implausible: return "value outside the believable range";
        case IssueKind::comparator: return "the comparator leaves the threshold undecided";
        case IssueKind::text: return "the newest result, not written as a plain number";
    }
    return "";
}

std::vector<const QualityFact*> quality_facts(const ComposeInput& input, const std::vector<Part>& parts) {
    std::vector<const QualityFact*> facts;
    for (const Part& part : parts) {
        for (const auto index : part.fired->facts) {
            if (const auto* fact = std::get_if<QualityFact>(&input.content.program.facts[index].body))
                facts.push_back(fact);
        }
    }
    return facts;
}

std::vector<std::string> value_sets_for(const rules::Content& content, std::string_view subject) {
    for (const auto& quantity : content.quantities) {
        if (quantity.id == subject) return quantity.valueSets;
    }
    for (const auto& finding : content.findings) {
        if (finding.id == subject && !finding.valueSet.empty()) return {finding.valueSet};
    }
    return {};
}

}  // namespace

std::vector<std::string> quality_lines(const ComposeInput& input, const std::vector<Part>& parts) {
    const auto facts = quality_facts(input, parts);
    std::vector<std::string> lines;
    for (const Issue& issue : input.outcome.facts.issues) {
        const bool covered = std::any_of(facts.begin(), facts.end(),
                                         [&](const QualityFact* fact) { return rules::concerns(*fact, issue); });
        if (!covered) continue;
        std::string line = print_datum(input, issue.resource, value_sets_for(input.content, issue.subject)) + ": ";
        line += reason(issue.kind);
        if (std::ranges::find(lines, line) == lines.end()) lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace proctor::hooks
