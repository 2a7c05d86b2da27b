#include "hooks/fact_sources.h"

#include <algorithm>

#include "rules/by_id.h"

namespace proctor::hooks {
namespace {

using namespace rules;
using fhir::Source;

// One visit gathers both answers; each kind of fact is spelled out once.
struct Gather {
    const Content& content;
    std::vector<Source> sources;
    std::vector<std::string> value_sets;

    void from(std::initializer_list<Source> list) { sources.insert(sources.end(), list); }
    void codes(const std::string& id) {
        if (!id.empty()) value_sets.push_back(id);
    }
    void conditions() { from({Source::condition, Source::encounter}); }
    void observations(const Finding& finding) {
        if (finding.categories.empty()) from({Source::survey, Source::exam});
        sources.insert(sources.end(), finding.categories.begin(), finding.categories.end());
    }
    void finding(const std::string& id, bool in_conditions, bool in_observations) {
        if (in_conditions) conditions();
        const Finding* known = find_by_id(content.findings, id);
        if (known == nullptr) return;
        if (in_observations) observations(*known);
        codes(known->valueSet);
        for (const Settling& settling : known->settledBy) codes(settling.valueSet);
    }
    void quantity(const std::string& id) {
        const QuantityKind* known = find_by_id(content.quantities, id);
        if (known == nullptr) return;
        sources.push_back(known->category);
        value_sets.insert(value_sets.end(), known->valueSets.begin(), known->valueSets.end());
    }

    void operator()(const FindingFact& fact) {
        for (const auto& id : fact.findings) finding(id, fact.conditions, fact.observations);
    }
    void operator()(const QuantityFact& fact) { quantity(fact.quantity); }
    void operator()(const RatioFact& fact) {
        quantity(fact.numerator);
        quantity(fact.denominator);
    }
    void operator()(const ScoreFact& fact) {
        const Score* score = find_by_id(content.scores, fact.score);
        if (score == nullptr) return;
        for (const ScoreItem& item : score->items) quantity(item.quantity);
    }
    void operator()(const PositiveFact& fact) {
        from({Source::laboratory});
        codes(fact.valueSet);
    }
    void operator()(const FlaggedFact& fact) {
        from({Source::laboratory});
        for (const auto& id : fact.valueSets) codes(id);
    }
    void operator()(const TestedFact& fact) {
        from({Source::laboratory, Source::service_request});
        codes(fact.valueSet);
    }
    void operator()(const MedicationFact& fact) {
        from({Source::medication_request, Source::medication_statement, Source::medication_administration});
        for (const auto& id : fact.valueSets) codes(id);
    }
    void operator()(const MedicationTextFact&) { from({Source::medication_statement}); }
    void operator()(const OrderedFact& fact) {
        from({Source::service_request, Source::procedure});
        codes(fact.valueSet);
    }
    void operator()(const ArrangedFact& fact) {
        from({Source::service_request, Source::procedure});
        for (const auto& id : fact.valueSets) codes(id);
    }
    void operator()(const PerformedFact& fact) {
        from({Source::procedure});
        codes(fact.valueSet);
    }
    void operator()(const DurationFact& fact) { finding(fact.finding, true, true); }
    void operator()(const RecurrenceFact& fact) {
        for (const auto& id : fact.findings) finding(id, true, true);
    }
    void operator()(const SeverityFact& fact) { finding(fact.finding, true, true); }
    void operator()(const RatingFact& fact) {
        from({Source::vital_signs, Source::survey});
        if (const Rating* rating = find_by_id(content.ratings, fact.rating)) codes(rating->valueSet);
    }
    void operator()(const AgeFact&) { from({Source::patient}); }
    void operator()(const GenderFact&) { from({Source::patient}); }
    void operator()(const QualityFact&) {}
};

Gather gather(const Content& content, const Fact& fact) {
    Gather gathered{content, {}, {}};
    std::visit(gathered, fact.body);
    return gathered;
}

}  // namespace

std::vector<Source> sources_of(const Content& content, const Fact& fact) {
    auto sources = gather(content, fact).sources;
    std::sort(sources.begin(), sources.end());
    sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
    return sources;
}

std::vector<std::string> value_sets_of(const Content& content, const Fact& fact) {
    return gather(content, fact).value_sets;
}

std::string_view print_source(Source source) {
    switch (source) {
        case Source::patient: return "patient data";
        case Source::condition: return "conditions";
        case Source::laboratory: return "laboratory results";
        case Source::vital_signs: return "vital signs";
        case Source::survey: return "survey answers";
        case Source::exam: return "examination findings";
        case Source::procedure: return "procedures";
        case Source::service_request: return "orders";
        case Source::encounter: return "encounters";
        case Source::medication_request: return "prescriptions";
        case Source::medication_statement: return "medication statements";
        case Source::medication_administration: return "doses given";
    }
    return {};
}

}  // namespace proctor::hooks
