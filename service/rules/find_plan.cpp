// What is prepared once per content: names become indices, words are compiled.
#include <algorithm>
#include <set>

#include "rules/find.h"

namespace proctor::rules {
namespace {

template <typename Table>
std::uint16_t index_of(const Table& table, const std::string& id) {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (table[i].id == id) return static_cast<std::uint16_t>(i);
    }
    return 0;  // load_content has resolved every name
}

FindingPlan plan_finding(const Content& content, const Finding& finding) {
    FindingPlan plan;
    plan.set = set_named(content, finding.valueSet);
    plan.words = Words(finding.words);
    plan.not_about = Words(finding.notAbout);
    for (const Settling& settling : finding.settledBy) plan.settled_by.push_back({&settling, Words(settling.words)});
    for (const fhir::Source source : finding.categories) plan.sources |= only(source);
    if (plan.sources == 0) plan.sources = only(fhir::Source::survey) | only(fhir::Source::exam);
    return plan;
}

Words words_of_all(const Content& content, const std::vector<FindingIndex>& findings) {
    std::vector<std::string> patterns;
    for (const FindingIndex finding : findings) {
        const auto& words = content.findings[finding].words;
        patterns.insert(patterns.end(), words.begin(), words.end());
    }
    return Words(patterns);
}

QuantityPlan plan_quantity(const Content& content, const QuantityKind& quantity, const SiteChoices& site) {
    QuantityPlan plan{with_factor(quantity, site), {}};
    for (const std::string& id : quantity.valueSets) {
        if (const SetIndex set = set_named(content, id); set != k_no_set) plan.sets.push_back(set);
    }
    return plan;
}

RatingPlan plan_rating(const Content& content, const Rating& rating) {
    return {set_named(content, rating.valueSet),
            set_named(content, rating.severeAnswers),
            set_named(content, rating.siteValueSet),
            Words(rating.siteWords),
            Words(rating.notSiteWords),
            Words(rating.severeWords)};
}

// The names of a value set's ingredients, to be found as whole words in what a medication is called.
Words ingredient_words(const Content& content, SetIndex set) {
    std::set<std::string> names;
    for (const fhir::CodeEntry& row : content.codes.all()) {
        const bool ingredient = row.value_set == set && row.use == fhir::CodeUse::medication &&
                                row.strength == fhir::CodeStrength::strong && row.system == k_rxnorm &&
                                !row.display.empty();
        if (ingredient) names.insert(quote(row.display));
    }
    std::string any;
    for (const std::string& name : names) any += (any.empty() ? "" : "|") + name;
    return any.empty() ? Words() : Words(std::span<const std::string>(&any, 1), Place::whole_words);
}

// Fills a FactPlan from the names in one fact.
struct Planner {
    const Content& content;
    FactPlan& plan;

    void finding(const std::string& id) const { plan.findings.push_back(index_of(content.findings, id)); }
    void set(const std::string& id) const { plan.sets.push_back(set_named(content, id)); }
    void quantity(const std::string& id) const { plan.quantities.push_back(index_of(content.quantities, id)); }

    void operator()(const FindingFact& fact) const {
        for (const auto& id : fact.findings) finding(id);
    }
    void operator()(const QuantityFact& fact) const { quantity(fact.quantity); }
    void operator()(const RatioFact& fact) const {
        quantity(fact.numerator);
        quantity(fact.denominator);
    }
    void operator()(const ScoreFact& fact) const {
        plan.table = index_of(content.scores, fact.score);
        for (const ScoreItem& item : content.scores[plan.table].items) quantity(item.quantity);
    }
    void operator()(const PositiveFact& fact) const { set(fact.valueSet); }
    void operator()(const FlaggedFact& fact) const {
        for (const auto& id : fact.valueSets) set(id);
    }
    void operator()(const TestedFact& fact) const { set(fact.valueSet); }
    void operator()(const MedicationFact& fact) const {
        for (const auto& id : fact.valueSets) set(id);
    }
    void operator()(const MedicationTextFact& fact) const { plan.words = Words(fact.words); }
    void operator()(const OrderedFact& fact) const { set(fact.valueSet); }
    void operator()(const PerformedFact& fact) const { set(fact.valueSet); }
    void operator()(const ArrangedFact& fact) const {
        for (const auto& id : fact.valueSets) set(id);
    }
    void operator()(const DurationFact& fact) const { finding(fact.finding); }
    void operator()(const RecurrenceFact& fact) const {
        for (const auto& id : fact.findings) finding(id);
    }
    void operator()(const SeverityFact& fact) const {
        finding(fact.finding);
        set(fact.valueSet);
    }
    void operator()(const RatingFact& fact) const { plan.table = index_of(content.ratings, fact.rating); }
    void operator()(const AgeFact&) const {}
    void operator()(const GenderFact&) const {}
    void operator()(const QualityFact&) const {}
};

// The fact looks for nothing but findings that the site does not use, by name or by their value set.
bool about_unused(const Content& content, const SiteChoices& site, const FactPlan& plan) {
    const auto unused = [&](FindingIndex finding) { return !uses(site, content.findings[finding]); };
    if (!plan.findings.empty()) return std::ranges::all_of(plan.findings, unused);
    return !plan.sets.empty() && std::ranges::all_of(plan.sets, [&](SetIndex set) {
        return std::ranges::any_of(content.findings, [&](const Finding& finding) {
            return !uses(site, finding) && set_named(content, finding.valueSet) == set;
        });
    });
}

}  // namespace

Plan::Plan(const Content& of, const SiteChoices& site)
    : content(of),
      clauses(of.answers.clauses),
      answers(of),
      not_systemic(of.answers.notSystemic),
      findings_of_set(of.valueSets.size()),
      settlings_of_set(of.valueSets.size()),
      ingredients(of.valueSets.size()) {
    for (const Finding& finding : of.findings) {
        const auto index = static_cast<FindingIndex>(findings.size());
        if (!uses(site, finding)) {
            findings.emplace_back();
            continue;
        }
        findings.push_back(plan_finding(of, finding));
        if (findings.back().set != k_no_set) findings_of_set[findings.back().set].push_back(index);
        if (!finding.words.empty()) findings_with_words.push_back(index);
        for (std::size_t i = 0; i < finding.settledBy.size(); ++i) {
            const SettlingRef ref{index, static_cast<std::uint16_t>(i)};
            const Settling& settling = finding.settledBy[i];
            const SetIndex set = set_named(of, settling.valueSet);
            if (!settling.code.empty()) settlings_of_code[settling.code].push_back(ref);
            if (set != k_no_set) settlings_of_set[set].push_back(ref);
        }
    }
    words = words_of_all(of, findings_with_words);
    for (const QuantityKind& quantity : of.quantities) quantities.push_back(plan_quantity(of, quantity, site));
    for (const Rating& rating : of.ratings) ratings.push_back(plan_rating(of, rating));
    for (const Fact& fact : of.program.facts) {
        const auto index = static_cast<FactIndex>(facts.size());
        FactPlan& plan = facts.emplace_back();
        std::visit(Planner{of, plan}, fact.body);
        for (const FindingIndex finding : plan.findings) plan.observed |= findings[finding].sources;
        const bool quality = std::holds_alternative<QualityFact>(fact.body);
        if (!about_unused(of, site, plan)) (quality ? in_the_issues : in_the_record).push_back(index);
        if (!std::holds_alternative<MedicationFact>(fact.body)) continue;
        for (const SetIndex set : plan.sets) {
            if (set != k_no_set && ingredients[set].empty()) ingredients[set] = ingredient_words(of, set);
        }
    }
}

}  // namespace proctor::rules
