// Content, chart and outcome made by hand: what hooks/ needs to be tested without cards/, readers or the
// evaluator.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hooks/compose.h"

namespace proctor::hooks::testing {

inline constexpr const char* k_instance = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea";

inline fhir::Instant at(const char* text) { return fhir::read_instant(text).value(); }
inline fhir::TimeSpan moment(const char* text) { return {at(text), at(text)}; }

class HandMade {
public:
    HandMade() {
        content.revision = "0123456789ab";
        content.manifest.approved = true;
        content.answers.orderCountsFor = std::chrono::hours(24 * 180);
        content.overrideReasons = {{"already-ordered", "Already ordered"}, {"patient-declined", "Patient declined"}};
        record.patient.id = "p1";
        record.supply.fill(fhir::Supply::complete);
        settings.client = "client";
        settings.tenant = "tenant";
    }

    // An active rule with one row "row"; returns its index. Rules are added in the order of their codes.
    std::uint32_t rule(const std::string& code, rules::Indicator indicator, std::vector<std::string> absorbs = {}) {
        rules::LoadedRule loaded;
        loaded.rule.id = "rule-" + code;
        loaded.rule.code = code;
        loaded.rule.version = "1.0.0";
        loaded.rule.title = "Title of " + code;
        loaded.rule.status = rules::RuleStatus::active;
        loaded.rule.overrideReasons = {"already-ordered"};
        rules::Row row;
        row.id = "row";
        row.indicator = indicator;
        row.absorbs = std::move(absorbs);
        loaded.rule.decide.push_back(std::move(row));
        loaded.text.summary = "Summary of " + code;
        loaded.text.why = "Why " + code;
        loaded.text.act = {"Act on " + code};
        loaded.text.absorbed = "Absorbed " + code;
        loaded.text.notChecked = "Look for " + code;
        content.rules.push_back(std::move(loaded));
        return static_cast<std::uint32_t>(content.rules.size() - 1);
    }

    // Lets the rule suggest an order; returns the index for Fired::orders.
    std::uint32_t order(std::uint32_t rule_index, const std::string& id, const std::string& satisfied_by = {}) {
        bool known = false;
        for (const auto& one : content.orders) known = known || one.id == id;
        if (!known) {
            rules::Order made;
            made.id = id;
            made.system = "http://loinc.org";
            made.code = "code-" + id;
            made.display = "Display of " + id;
            made.label = "Order " + id;
            made.satisfiedBy = satisfied_by;
            content.orders.push_back(std::move(made));
        }
        auto& orders = content.rules[rule_index].rule.orders;
        orders.push_back({id, std::nullopt});
        return static_cast<std::uint32_t>(orders.size() - 1);
    }

    rules::FactIndex fact(const std::string& title, rules::FactBody body, rules::FactResult result = {}) {
        content.program.facts.push_back({title, title, std::move(body)});
        outcome.facts.results.push_back(std::move(result));
        return static_cast<rules::FactIndex>(content.program.facts.size() - 1);
    }

    rules::Fired& fire(std::uint32_t rule_index, std::vector<rules::FactIndex> facts = {}) {
        rules::Fired fired;
        fired.rule = rule_index;
        for (const auto index : facts) {
            const auto& evidence = outcome.facts.results[index].evidence;
            fired.evidence.insert(fired.evidence.end(), evidence.begin(), evidence.end());
        }
        fired.facts = std::move(facts);
        for (std::uint32_t i = 0; i < content.rules[rule_index].rule.orders.size(); ++i) fired.orders.push_back(i);
        outcome.fired.push_back(std::move(fired));
        return outcome.fired.back();
    }

    fhir::ResourceIndex resource(fhir::ResourceType type, std::string_view id, bool draft = false) {
        record.resources.push_back({type, id, draft});
        return static_cast<fhir::ResourceIndex>(record.resources.size() - 1);
    }

    fhir::Condition& condition(std::string_view id, std::string_view text) {
        fhir::Condition made;
        made.resource = resource(fhir::ResourceType::condition, id);
        made.code.text = text;
        record.conditions.push_back(made);
        return record.conditions.back();
    }

    fhir::Observation& observation(std::string_view id, std::string_view text) {
        fhir::Observation made;
        made.resource = resource(fhir::ResourceType::observation, id);
        made.status = fhir::ObservationStatus::final_;
        made.code.text = text;
        record.observations.push_back(made);
        return record.observations.back();
    }

    // A value set with one row; returns a Coding of it.
    fhir::Span coding(const std::string& value_set, std::string_view code) {
        content.valueSets.push_back({value_set, {}, value_set});
        fhir::CodeEntry entry;
        entry.value_set = static_cast<std::uint16_t>(content.valueSets.size() - 1);
        entry.use = fhir::CodeUse::order;
        entry.system = "http://loinc.org";
        entry.code = code;
        entry.display = "Known display";
        content.codes.add(entry);
        content.codes.build();
        record.codings.push_back({content.codes.find("http://loinc.org", code), "http://loinc.org", code, {}});
        return {static_cast<std::uint32_t>(record.codings.size() - 1), 1};
    }

    [[nodiscard]] std::vector<Card> cards() const { return compose(input()).cards; }
    [[nodiscard]] ComposeInput input() const {
        return {content, outcome, record, settings, now, instance, encounter, veil};
    }

    rules::Content content;
    rules::Outcome outcome;
    fhir::Record record;
    Settings settings;
    rules::Veil veil;
    fhir::Instant now = at("2026-06-15T12:00:00Z");
    std::string instance = k_instance;
    std::string encounter;
};

inline rules::FactResult yes(std::vector<fhir::ResourceIndex> evidence) {
    rules::FactResult result;
    result.truth = rules::Truth::yes;
    result.evidence = std::move(evidence);
    return result;
}

// A chart with one bleeding Condition and the rule that it fires.
inline HandMade bleeding() {
    HandMade made;
    auto& condition = made.condition("c1", "Rectal bleeding");
    condition.recorded = moment("2026-06-10T08:00:00Z");
    const auto fact = made.fact("visible rectal bleeding", rules::FindingFact{}, yes({condition.resource}));
    const auto rule = made.rule("ADC-12", rules::Indicator::warning);
    made.order(rule, "blood-count");
    made.fire(rule, {fact});
    return made;
}

}  // namespace proctor::hooks::testing
