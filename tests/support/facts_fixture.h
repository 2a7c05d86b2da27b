// A small content of rectal symptoms and a chart to fill, for the tests of facts.
#pragma once

#include <gtest/gtest.h>

#include "support/chart.h"

namespace proctor::rules {

using fhir::EventStatus;
using fhir::ResourceType;
using fhir::Source;
using fhir::Supply;
using support::ChartBuilder;
using support::Code;
using support::days;
using support::k_icd;
using support::k_loinc;
using support::k_rxnorm;
using support::k_snomed;

inline constexpr Code k_bleeding{k_snomed, "12063002", "Rectal hemorrhage"};
inline constexpr Code k_mucus{k_snomed, "271864008", "Mucus in feces"};
inline constexpr Code k_pain{k_snomed, "77880009", "Rectal pain"};
inline constexpr Code k_residual{k_icd, "R19.5", "Other fecal abnormalities"};
inline constexpr Code k_haemoglobin{k_loinc, "718-7", "Hemoglobin"};
inline constexpr Code k_rate{k_loinc, "8867-4", "Heart rate"};
inline constexpr Code k_systolic{k_loinc, "8480-6", "Systolic pressure"};
inline constexpr Code k_warfarin{k_rxnorm, "11289", "warfarin"};
inline constexpr Code k_colonoscopy{k_snomed, "73761001", "Colonoscopy"};
inline constexpr Code k_stool_test{k_loinc, "2335-8", "Occult blood"};
inline constexpr Code k_pain_score{k_loinc, "72514-3", "Pain 0-10"};
inline constexpr Code k_vas{k_loinc, "38214-3", "Pain VAS"};
inline constexpr Code k_faces{k_loinc, "38221-8", "Pain FACES"};
inline constexpr Code k_complaint{k_loinc, "10154-3", "Chief complaint"};

class FactsTest : public testing::Test {
protected:
    FactsTest() {
        builder_.code("bleeding", fhir::CodeUse::finding, k_bleeding);
        builder_.code("mucus", fhir::CodeUse::finding, k_mucus);
        builder_.code("mucus", fhir::CodeUse::finding, k_residual, fhir::CodeStrength::weak);
        builder_.code("pain", fhir::CodeUse::finding, k_pain);
        builder_.code("haemoglobin", fhir::CodeUse::question, k_haemoglobin);
        builder_.code("heart-rate", fhir::CodeUse::question, k_rate);
        builder_.code("systolic", fhir::CodeUse::question, k_systolic);
        builder_.code("anticoagulant", fhir::CodeUse::medication, k_warfarin);
        builder_.code("colonoscopy", fhir::CodeUse::order, k_colonoscopy);
        builder_.code("stool-test", fhir::CodeUse::question, k_stool_test);
        for (const Code& code : {k_pain_score, k_vas, k_faces})
            builder_.code("pain-score", fhir::CodeUse::question, code);
        builder_.code("site", fhir::CodeUse::value, {k_snomed, "34402009", "Rectum"});
        builder_.finding("bleeding").words = {"rectal bleed", "bloody stool"};
        Finding& mucus = builder_.finding("mucus");
        mucus.words = {"mucus"};
        mucus.notAbout = {"nasal"};
        mucus.settledBy = {{std::string(k_icd), "R19.5", "", {"mucus", "slime"}, {"Other fecal abnormalities"}}};
        builder_.finding("pain");
        QuantityKind& haemoglobin = builder_.quantity("haemoglobin", "g/L");
        haemoglobin.units["g/dL"] = {10'000'000, 1'000'000, 0};
        haemoglobin.plausibleLow = 20'000'000;
        builder_.quantity("heart-rate", "/min").category = Source::vital_signs;
        builder_.quantity("systolic", "mm[Hg]").category = Source::vital_signs;
        builder_.build();
    }

    FactResult look(FactBody body) {
        builder_.fact(std::move(body));
        const FactLookup lookup(builder_.content);
        Facts facts = lookup.look_up(chart_.record, {support::now(), hook_, encounter_});
        issues_ = facts.issues;
        builder_.content.program.facts.clear();
        return facts.results.back();
    }
    Truth truth_of(FactBody body) { return look(std::move(body)).truth; }

    static FindingFact finding(std::string id) {
        FindingFact fact;
        fact.findings = {std::move(id)};
        fact.observationWithin = days(30);
        return fact;
    }
    static QuantityFact haemoglobin() {
        QuantityFact fact;
        fact.quantity = "haemoglobin";
        fact.within = days(90);
        return fact;
    }
    static FindingFact mucus_within_90_days() {
        FindingFact fact = finding("mucus");
        fact.conditionWithin = days(90);
        return fact;
    }

    void supply(Source source, Supply how) { chart_.record.supply[static_cast<std::size_t>(source)] = how; }
    std::vector<IssueKind> kinds() const {
        std::vector<IssueKind> kinds;
        for (const Issue& issue : issues_) kinds.push_back(issue.kind);
        return kinds;
    }

    support::ContentBuilder builder_;
    Content& content_ = builder_.content;
    ChartBuilder chart_{content_};
    std::vector<Issue> issues_;
    std::string_view hook_, encounter_;  // of the occasion
};

}  // namespace proctor::rules
