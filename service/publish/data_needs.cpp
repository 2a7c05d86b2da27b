#include "publish/data_needs.h"

#include <set>

#include "rules/by_id.h"
#include "rules/describe.h"

namespace proctor::publish {
namespace {

using rules::Duration;
using rules::find_by_id;

class Needs {
public:
    explicit Needs(const rules::Content& content) : content_(content) {}

    void operator()(const rules::FindingFact& fact) {
        const auto observations = std::optional(fact.observationWithin);
        for (const auto& id : fact.findings) {
            if (fact.conditions) finding(id, {"Condition", "code", {}, {}, "recordedDate", fact.conditionWithin});
            if (fact.observations) finding(id, observation(observations));
        }
    }
    void operator()(const rules::QuantityFact& fact) { quantity(fact.quantity, fact.within); }
    void operator()(const rules::RatioFact& fact) {
        quantity(fact.numerator, fact.within);
        quantity(fact.denominator, fact.within);
    }
    void operator()(const rules::ScoreFact& fact) {
        const auto* score = find_by_id(content_.scores, fact.score);
        if (score == nullptr) return;
        for (const auto& item : score->items) quantity(item.quantity, fact.within);
    }
    void operator()(const rules::PositiveFact& fact) { add(observation(fact.within), {fact.valueSet}); }
    void operator()(const rules::FlaggedFact& fact) { add(observation(fact.within), fact.valueSets); }
    void operator()(const rules::TestedFact& fact) {
        add(observation(fact.resultedWithin), {fact.valueSet});
        add({"ServiceRequest", "code", {}, {}, "authoredOn", fact.orderedWithin}, {fact.valueSet});
    }
    void operator()(const rules::MedicationFact& fact) {
        add({"MedicationRequest", "medication", {}, {}, "authoredOn", fact.within}, fact.valueSets);
        add({"MedicationStatement", "medication", {}, {}, "effective", fact.within}, fact.valueSets);
        add({"MedicationAdministration", "medication", {}, {}, "effective", fact.within}, fact.valueSets);
    }
    void operator()(const rules::MedicationTextFact&) {
        add({"MedicationStatement", "medication", {}, {}, "", std::nullopt}, {});
    }
    void operator()(const rules::OrderedFact& fact) {
        add({"ServiceRequest", "code", {}, {}, "authoredOn", fact.orderedWithin}, {fact.valueSet});
        add({"Procedure", "code", {}, {}, "", std::nullopt}, {fact.valueSet});
    }
    void operator()(const rules::PerformedFact& fact) {
        add({"Procedure", "code", {}, {}, "performed", fact.within}, {fact.valueSet});
    }
    void operator()(const rules::ArrangedFact& fact) {
        add({"ServiceRequest", "code", {}, {}, "authoredOn", fact.within}, fact.valueSets);
        add({"Procedure", "code", {}, {}, "performed", fact.within}, fact.valueSets);
    }
    void operator()(const rules::DurationFact& fact) { both(fact.finding, fact.conditionWithin, std::nullopt); }
    void operator()(const rules::RecurrenceFact& fact) {
        for (const auto& id : fact.findings) both(id, std::nullopt, fact.within);
    }
    void operator()(const rules::SeverityFact& fact) { both(fact.finding, std::nullopt, fact.observationWithin); }
    void operator()(const rules::RatingFact& fact) {
        const auto* rating = find_by_id(content_.ratings, fact.rating);
        if (rating != nullptr) add(observation(fact.within), {rating->valueSet});
    }
    void operator()(const rules::AgeFact&) { add({"Patient", "birthDate", {}, {}, "", std::nullopt}, {}); }
    void operator()(const rules::GenderFact&) { add({"Patient", "gender", {}, {}, "", std::nullopt}, {}); }
    void operator()(const rules::QualityFact&) {}  // about data that other facts read

    std::vector<DataNeed> all;

private:
    static DataNeed observation(std::optional<Duration> within) {
        return {"Observation", "code", {}, {}, "effective", within};
    }

    void add(DataNeed need, const std::vector<std::string>& valueSets) {
        for (const auto& id : valueSets) {
            if (!id.empty()) need.valueSets.push_back(id);
        }
        if (need.within == rules::k_encounter) need.within.reset();  // as long as the encounter: no fixed period
        all.push_back(std::move(need));
    }

    void both(const std::string& id, std::optional<Duration> conditions, std::optional<Duration> observations) {
        finding(id, {"Condition", "code", {}, {}, "recordedDate", conditions});
        finding(id, observation(observations));
    }

    void finding(const std::string& id, DataNeed need) {
        const auto* finding = find_by_id(content_.findings, id);
        if (finding == nullptr) return;
        std::vector<std::string> sets = {finding->valueSet};
        for (const auto& settling : finding->settledBy) {
            if (!settling.valueSet.empty() && settling.valueSet != finding->valueSet) sets.push_back(settling.valueSet);
            if (!settling.code.empty()) need.codes.emplace_back(settling.system, settling.code);
        }
        add(std::move(need), sets);
    }

    void quantity(const std::string& id, Duration within) {
        const auto* kind = find_by_id(content_.quantities, id);
        if (kind != nullptr) add(observation(within), kind->valueSets);
    }

    const rules::Content& content_;
};

}  // namespace

std::vector<DataNeed> data_needs(const rules::Content& content, const rules::Fact& fact) {
    Needs needs(content);
    std::visit(needs, fact.body);
    return std::move(needs.all);
}

std::vector<std::string> value_sets_of(const rules::Content& content, const rules::LoadedRule& rule) {
    std::set<std::string> ids;
    const auto described = rules::describe(content, rule);
    for (const auto& fact : described.facts) {
        for (const DataNeed& need : data_needs(content, fact)) ids.insert(need.valueSets.begin(), need.valueSets.end());
    }
    for (const auto& order : described.orders) {
        if (!order.order->satisfiedBy.empty()) ids.insert(order.order->satisfiedBy);
    }
    return {ids.begin(), ids.end()};
}

}  // namespace proctor::publish
