// Content and charts made by hand, for tests of rules/: a few value sets, one line a resource. Strings given to a chart
// are literals.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/facts.h"

namespace proctor::support {

using fhir::CodeStrength;
using fhir::CodeUse;

inline constexpr std::string_view k_snomed = "http://snomed.info/sct";
inline constexpr std::string_view k_icd = "http://hl7.org/fhir/sid/icd-10-cm";
inline constexpr std::string_view k_loinc = "http://loinc.org";
inline constexpr std::string_view k_rxnorm = "http://www.nlm.nih.gov/research/umls/rxnorm";

struct Code {
    std::string_view system, code, display = {};
};

// Collects content; `facts` are what the program looks up.
class ContentBuilder {
public:
    ContentBuilder() {
        auto& answers = content.answers;
        answers.present = "present";
        answers.absent = "absent";
        answers.unknown = "unknown";
        answers.genericQuestions = "generic";
        answers.severities = "severe";
        answers.familyHistory = "family";
        answers.presentWords = {"yes|y|true|present|pos|positive|detected|reactive|abnormal"};
        answers.absentWords = {
            "no|n|none|neg|negative|absent|denies|denied|not "
            "(detected|present|seen|found)|non-?reactive|undetected|false"};
        answers.clauses.negations = {"no|not|denies|denied|without|negative for"};
        answers.clauses.notNow = {"family history|fh of|h/o|history of|resolved"};
        answers.clauses.clauseEnd = "[,;.]|\\bbut\\b";
        answers.presentInterpretations = {"POS", "A", "AA", "H", "DET"};
        answers.absentInterpretations = {"NEG", "ND", "N"};
        answers.positiveInterpretations = {"POS", "A", "AA", "DET"};
        answers.flaggedInterpretations = {"POS", "A", "AA", "H", "HH", "DET"};
        answers.notSystemic = {"topical|cream|ointment|ophthalm|otic|vaginal|gel\\b|flush|patch"};
        answers.doseCountsFor = std::chrono::hours(48);
        answers.orderCountsFor = std::chrono::hours(24 * 180);
        code("present", CodeUse::value, {k_snomed, "52101004", "Present"});
        code("absent", CodeUse::value, {k_snomed, "2667000", "Absent"});
        code("unknown", CodeUse::value, {k_snomed, "261665006", "Unknown"});
        code("severe", CodeUse::value, {k_snomed, "24484000", "Severe"});
        code("generic", CodeUse::question, {k_loinc, "10154-3", "Chief complaint"});
        code("family", CodeUse::question, {k_loinc, "10157-6", "Family history"});
    }

    fhir::CodeEntry& last_row() { return rows_.back(); }

    void code(const std::string& set, CodeUse use, Code of, CodeStrength strength = CodeStrength::strong) {
        rows_.push_back({set_index(set), use, strength, std::string(of.system), std::string(of.code), false,
                         std::string(of.display)});
    }

    void family(const std::string& set, CodeUse use, Code of, CodeStrength strength = CodeStrength::strong) {
        code(set, use, of, strength);
        rows_.back().prefix = true;
    }

    rules::Finding& finding(const std::string& id) {
        rules::Finding finding;
        finding.id = finding.title = id;
        finding.valueSet = id;
        (void)set_index(id);
        content.findings.push_back(std::move(finding));
        return content.findings.back();
    }

    rules::QuantityKind& quantity(const std::string& id, const std::string& unit) {
        rules::QuantityKind quantity;
        quantity.id = quantity.title = id;
        quantity.valueSets = {id};
        quantity.unit = quantity.unitText = unit;
        quantity.units[unit] = {};
        content.quantities.push_back(std::move(quantity));
        return content.quantities.back();
    }

    rules::FactIndex fact(rules::FactBody body) {
        const auto index = static_cast<rules::FactIndex>(content.program.facts.size());
        const std::string name = "fact-" + std::to_string(index);
        content.program.facts.push_back({name, name, std::move(body)});
        return index;
    }

    rules::Content& build() {
        for (const fhir::CodeEntry& row : rows_) content.codes.add(row);
        content.codes.build();
        return content;
    }

    rules::Content content;

private:
    std::uint16_t set_index(const std::string& id) {
        for (std::size_t i = 0; i < content.valueSets.size(); ++i) {
            if (content.valueSets[i].id == id) return static_cast<std::uint16_t>(i);
        }
        content.valueSets.push_back({id, "", id});
        return static_cast<std::uint16_t>(content.valueSets.size() - 1);
    }

    std::vector<fhir::CodeEntry> rows_;
};

inline fhir::TimeSpan at(std::string_view time) {
    return fhir::read_time(time, fhir::Zone()).value_or(fhir::TimeSpan{});
}

// A chart whose sources are all complete. References stay valid until the next resource of the same type.
class ChartBuilder {
public:
    explicit ChartBuilder(const rules::Content& content) : codes_(content.codes) {
        record.supply.fill(fhir::Supply::complete);
        (void)resource(fhir::ResourceType::patient, "p1");
    }

    fhir::CodeableConcept coded(std::vector<Code> codes, std::string_view text = {}) { return {codings(codes), text}; }

    fhir::Span codings(const std::vector<Code>& codes) {
        const fhir::Span span{static_cast<std::uint32_t>(record.codings.size()),
                              static_cast<std::uint32_t>(codes.size())};
        for (const Code& c : codes)
            record.codings.push_back({codes_.find(c.system, c.code), c.system, c.code, c.display});
        return span;
    }

    fhir::Condition& condition(std::vector<Code> codes, std::string_view recorded = {}, std::string_view text = {}) {
        fhir::Condition condition;
        condition.resource = resource(fhir::ResourceType::condition, "c");
        condition.code = coded(std::move(codes), text);
        condition.clinical = fhir::ClinicalStatus::active;
        if (!recorded.empty()) condition.recorded = at(recorded);
        record.conditions.push_back(condition);
        return record.conditions.back();
    }

    fhir::Observation& observation(std::vector<Code> codes, std::string_view time) {
        fhir::Observation observation;
        observation.resource = resource(fhir::ResourceType::observation, "o");
        observation.code = coded(std::move(codes));
        observation.status = fhir::ObservationStatus::final_;
        if (!time.empty()) observation.time = at(time);
        record.observations.push_back(observation);
        return record.observations.back();
    }

    fhir::Observation& measured(Code code, std::string_view time, std::string_view value, std::string_view unit) {
        fhir::Observation& observation = this->observation({code}, time);
        observation.kind = fhir::ValueKind::quantity;
        observation.quantity = {value, fhir::Comparator::none, unit, "http://unitsofmeasure.org", unit};
        return observation;
    }

    fhir::Observation& said(Code code, std::string_view time, std::string_view answer) {
        fhir::Observation& observation = this->observation({code}, time);
        observation.kind = fhir::ValueKind::string;
        observation.text = answer;
        return observation;
    }

    fhir::Observation& answered(Code code, std::string_view time, Code answer, std::string_view text = {}) {
        const fhir::CodeableConcept value = coded({answer}, text);
        fhir::Observation& observation = this->observation({code}, time);
        observation.kind = fhir::ValueKind::concept_;
        observation.value = value;
        return observation;
    }

    fhir::Procedure& procedure(Code code, fhir::EventStatus status, std::string_view performed = {}) {
        fhir::Procedure procedure{resource(fhir::ResourceType::procedure, "pr"), status, coded({code}), {}};
        if (!performed.empty()) procedure.performed = at(performed);
        record.procedures.push_back(procedure);
        return record.procedures.back();
    }

    fhir::ServiceRequest& request(Code code, fhir::EventStatus status, std::string_view ordered = {}) {
        fhir::ServiceRequest request{
            resource(fhir::ResourceType::service_request, "sr"), status, false, coded({code}), {}};
        if (!ordered.empty()) request.ordered = at(ordered);
        record.service_requests.push_back(request);
        return record.service_requests.back();
    }

    fhir::MedicationUse& medication(fhir::ResourceType type, std::vector<Code> codes, fhir::EventStatus status,
                                    std::string_view text = {}) {
        fhir::MedicationUse use{resource(type, "m"), status, false, coded(std::move(codes), text), {}};
        record.medications.push_back(use);
        return record.medications.back();
    }

    fhir::Record record;

private:
    fhir::ResourceIndex resource(fhir::ResourceType type, std::string_view id) {
        fhir::Resource resource;
        resource.type = type;
        resource.id = id;
        record.resources.push_back(resource);
        return static_cast<fhir::ResourceIndex>(record.resources.size() - 1);
    }

    const fhir::CodeTable& codes_;
};

inline constexpr std::chrono::hours k_one_day{24};
inline rules::Duration days(int n) { return n * k_one_day; }
inline fhir::Instant now() { return at("2026-06-15T12:00:00Z").earliest; }

}  // namespace proctor::support
