#include "rules/facts.h"

#include <tuple>

#include "rules/find.h"

namespace proctor::rules {

using fhir::Record;
using fhir::Source;
using fhir::Supply;

struct FactLookup::State {
    Plan plan;
};

FactLookup::FactLookup(const Content& content) : FactLookup(content, showing_everything(content)) {}
FactLookup::FactLookup(const Content& content, const SiteChoices& site)
    : state_(std::make_unique<State>(State{Plan(content, site)})) {}
FactLookup::~FactLookup() = default;

std::string_view print(IssueKind kind) {
    switch (kind) {
        case IssueKind::future: return "future";
        case IssueKind::abatement: return "abatement";
        case IssueKind::status: return "status";
        case IssueKind::stale: return "stale";
        case IssueKind::undated: return "undated";
        case IssueKind::unit: return "unit";
        case IssueKind::implausible: return "implausible";
        case IssueKind::comparator: return "comparator";
        case IssueKind::text: return "text";
    }
    return {};
}

bool complete(const Record& record, Source source) { return record[source] == Supply::complete; }

// Requests are the record of what is prescribed; statements and administrations add to it where a system keeps them.
bool medications_complete(const Record& record) {
    const auto settled = [&](Source source) {
        return record[source] == Supply::complete || record[source] == Supply::absent;
    };
    return complete(record, Source::medication_request) && settled(Source::medication_statement) &&
           settled(Source::medication_administration);
}

bool drafts_complete(const Record& record) { return record.unreadable_drafts == 0; }

namespace {

// Reasons of encounters are read as Conditions where encounters were asked for.
bool conditions_complete(const Record& record) {
    const Supply encounter = record[Source::encounter];
    return complete(record, Source::condition) && (encounter == Supply::complete || encounter == Supply::absent);
}

Sources incomplete(const Record& record) {
    Sources sources = 0;
    for (std::size_t i = 0; i < fhir::k_sources; ++i) {
        const auto source = static_cast<Source>(i);
        if (!complete(record, source)) sources |= only(source);
    }
    return sources;
}

template <typename T, typename Less>
void sort_unique(std::vector<T>& values, Less less) {
    std::sort(values.begin(), values.end(), less);
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

bool before(const Issue& a, const Issue& b) {
    return std::tie(a.resource, a.kind, a.subject) < std::tie(b.resource, b.kind, b.subject);
}

// How long ago the encounter of the context began, as exactly as the chart says it.
Duration since_encounter(const Answers& answers, const Record& record, const Occasion& occasion) {
    for (const fhir::Encounter& encounter : record.encounters) {
        const bool is =
            !occasion.encounterId.empty() && record.resources[encounter.resource].id == occasion.encounterId;
        if (!is || !encounter.started || encounter.started->earliest > occasion.now) continue;
        return occasion.now - encounter.started->earliest + answers.encounterLeadTime;
    }
    return answers.encounterCountsFor;
}

}  // namespace

bool concerns(const QualityFact& fact, const Issue& issue) {
    const auto has = [](const std::vector<std::string>& names, std::string_view name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    return has(fact.kinds, print(issue.kind)) && (fact.about.empty() || has(fact.about, issue.subject));
}

void find(Look& look, const QualityFact& fact, const FactPlan&, FactResult& result) {
    for (const Issue& issue : look.issues) {
        if (!concerns(fact, issue)) continue;
        result.truth = Truth::yes;
        result.evidence.push_back(issue.resource);
    }
}

Facts FactLookup::look_up(const Record& record, const Occasion& occasion) const {
    Look look{state_->plan,
              record,
              occasion.now,
              is_writing(occasion.hook),
              since_encounter(state_->plan.content.answers, record, occasion),
              incomplete(record),
              conditions_complete(record),
              {},
              {}};
    index_record(look);
    const std::span facts(look.plan.content.program.facts);
    const std::span plans(look.plan.facts);
    Facts found;
    found.results.resize(facts.size());
    const auto look_up_one = [&](FactIndex i) {
        FactResult& result = found.results[i];
        std::visit([&](const auto& body) { find(look, body, plans[i], result); }, facts[i].body);
        if (result.evidence.size() > 1) sort_unique(result.evidence, std::less<>());
    };
    std::ranges::for_each(look.plan.in_the_record, look_up_one);
    sort_unique(look.issues, before);
    std::ranges::for_each(look.plan.in_the_issues, look_up_one);
    found.issues = std::move(look.issues);
    return found;
}

}  // namespace proctor::rules
