// What a site sets, seen on the cards of the real content: its own codes, its laboratory's factor, what it does not
// show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.h"
#include "hooks/answer.h"
#include "hooks/shipped.h"
#include "rules/concept_map.h"
#include "rules/template.h"

namespace proctor::hooks::site_test {
namespace {

using nlohmann::json;
using support::shipped_content;
using ::testing::HasSubstr;
using testing::k_now;
using testing::k_root;
using ::testing::Not;
namespace fs = std::filesystem;

const fs::path k_vignettes = fs::path(k_root) / ".." / "shared" / "clinical" / "vignettes.json";
const rules::SiteChoices k_shows_all{{}, {"hiv", "sexual-behaviour"}};
const Engine& plain_engine() { return testing::engine(); }
const Engine& showing_engine() {
    static const Engine made(shipped_content(), k_shows_all);
    return made;
}

struct Answer {
    std::string cards;  // as sent
    std::string rules;  // codes of the rules that fired
};

Answer ask(const Engine& engine, const json& bundle, fhir::Instant now = k_now, const rules::SiteChoices& site = {}) {
    Settings settings;
    settings.site = site;
    auto record = fhir::read_bundle(fhir::PaddedJson(bundle.dump()), read_setup(engine, settings));
    if (!record) {
        ADD_FAILURE() << describe(record.error());
        return {};
    }
    fhir::HookDocument document{{}, std::move(record).value()};
    document.envelope.hook = "patient-view";
    document.envelope.hookInstance = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea";
    const Answered answered = answer_document(engine, settings, document, now);
    Answer answer{write_cards(answered.cards), {}};
    for (const auto& fired : answered.outcome.fired)
        answer.rules += shipped_content()->rules[fired.rule].rule.code + " ";
    return answer;
}

json bundle_of(std::initializer_list<json> resources) {
    json bundle = {{"resourceType", "Bundle"}, {"type", "collection"}, {"entry", json::array()}};
    bundle["entry"].push_back(
        {{"resource", {{"resourceType", "Patient"}, {"id", "p"}, {"gender", "male"}, {"birthDate", "1960-01-01"}}}});
    for (const json& resource : resources) bundle["entry"].push_back({{"resource", resource}});
    return bundle;
}

json concept_of(const std::string& system, const std::string& code, const std::string& text = {}) {
    json made = {{"coding", {{{"system", system}, {"code", code}}}}};
    if (!text.empty()) made["text"] = text;
    return made;
}

json condition(const std::string& id, const json& code) {
    return {{"resourceType", "Condition"},
            {"id", id},
            {"subject", {{"reference", "Patient/p"}}},
            {"code", code},
            {"recordedDate", "2026-06-14"}};
}

json observation(const std::string& id, const json& code, const json& value) {
    json made = {{"resourceType", "Observation"},           {"id", id},     {"status", "final"},
                 {"subject", {{"reference", "Patient/p"}}}, {"code", code}, {"effectiveDateTime", "2026-06-14"}};
    made.update(value);
    return made;
}

// ---- the site's own codes ------------------------------------------------------------------------------------------

Engine mapped_engine(const std::string& groups) {
    const std::string text = R"({"resourceType":"ConceptMap","status":"active","group":[)" + groups + "]}";
    auto map = rules::read_concept_maps({{"site.json", text}}, *shipped_content());
    EXPECT_TRUE(map) << describe(map.error());
    return Engine(shipped_content(), {}, std::move(map->codes));
}

std::string mapped(const char* system, const char* target_system, const char* code, const char* target) {
    return json{{"source", system},
                {"target", target_system},
                {"element", {{{"code", code}, {"target", {{{"code", target}, {"equivalence", "equivalent"}}}}}}}}
        .dump();
}

TEST(SiteCodes, ALocalCodeAnswersAsItsTargetDoes) {
    const Engine engine = mapped_engine(
        mapped("urn:oid:1.2.3.*.4", "http://snomed.info/sct", "RB", "12063002") + "," +
        mapped("https://lab.example/*/tests", "http://loinc.org", "HGB", "718-7") + "," +
        mapped("https://lab.example/*/answers", "http://snomed.info/sct", "Y", "12063002") + "," +
        mapped("https://ehr.example/drugs", "http://www.nlm.nih.gov/research/umls/rxnorm", "D1", "11289"));
    const json haemoglobin = {{"valueQuantity", {{"value", 60}, {"unit", "g/L"}}}};
    const json local = bundle_of({
        condition("c", concept_of("urn:oid:1.2.3.77.4", "RB")),
        observation("o", concept_of("https://lab.example/7/tests", "HGB"), haemoglobin),
        {{"resourceType", "MedicationRequest"},
         {"id", "m"},
         {"status", "active"},
         {"subject", {{"reference", "Patient/p"}}},
         {"medicationCodeableConcept", concept_of("https://ehr.example/drugs", "D1")}},
    });
    const json target = bundle_of({
        condition("c", concept_of("http://snomed.info/sct", "12063002")),
        observation("o", concept_of("http://loinc.org", "718-7"), haemoglobin),
        {{"resourceType", "MedicationRequest"},
         {"id", "m"},
         {"status", "active"},
         {"subject", {{"reference", "Patient/p"}}},
         {"medicationCodeableConcept", concept_of("http://www.nlm.nih.gov/research/umls/rxnorm", "11289")}},
    });
    const Answer expected = ask(engine, target);
    EXPECT_THAT(expected.rules, HasSubstr("ADC-02"));
    EXPECT_THAT(expected.rules, HasSubstr("ADC-12"));
    EXPECT_THAT(expected.rules, HasSubstr("ADC-13"));
    EXPECT_EQ(ask(engine, local).cards, expected.cards);
    EXPECT_EQ(ask(plain_engine(), local).rules, "") << "lost without the map";
    const json complaint =
        bundle_of({observation("o", concept_of("http://loinc.org", "10154-3"),
                               {{"valueCodeableConcept", concept_of("https://lab.example/7/answers", "Y")}})});
    EXPECT_THAT(ask(engine, complaint).rules, HasSubstr("ADC-12"));
}

TEST(SiteCodes, AMappedCodeSettlesAnEntrySoItsTextDoesNot) {
    const Engine engine = mapped_engine(mapped("urn:local", "http://snomed.info/sct", "H", "70153002"));
    const auto rules = [&](const char* code) {
        return ask(engine, bundle_of({condition("c", concept_of("urn:local", code, "Rectal bleeding"))})).rules;
    };
    EXPECT_THAT(rules("H"), Not(HasSubstr("ADC-12"))) << "a code for haemorrhoids";
    EXPECT_THAT(rules("OTHER"), HasSubstr("ADC-12")) << "nobody reads the code, so the text speaks";
}

TEST(SiteCodes, ACodeOfAFamilyIsATargetToo) {
    const Engine engine = mapped_engine(mapped("urn:drugs", "http://www.whocc.no/atc", "A", "B01AA"));
    const json local = bundle_of({condition("c", concept_of("http://snomed.info/sct", "12063002")),
                                  {{"resourceType", "MedicationRequest"},
                                   {"id", "m"},
                                   {"status", "active"},
                                   {"subject", {{"reference", "Patient/p"}}},
                                   {"medicationCodeableConcept", concept_of("urn:drugs", "A")}}});
    EXPECT_THAT(ask(engine, local).rules, HasSubstr("ADC-13"));
    EXPECT_THAT(ask(plain_engine(), local).rules, Not(HasSubstr("ADC-13")));
}

// ---- rules that a site switches off --------------------------------------------------------------------------------

TEST(SiteRules, OneThatIsSwitchedOffNeitherFiresNorIsNamedAsNotChecked) {
    const json bleeding = bundle_of({condition("c", concept_of("http://snomed.info/sct", "12063002"))});
    EXPECT_THAT(ask(plain_engine(), bleeding).rules, HasSubstr("ADC-12"));
    rules::SiteChoices site;
    site.off = {"ADC-12"};
    const Answer answer = ask(Engine(shipped_content(), site), bleeding, k_now, site);
    EXPECT_THAT(answer.rules, Not(HasSubstr("ADC-12")));
    EXPECT_THAT(answer.rules, HasSubstr("ADC-26")) << "the others go on";
    site.off = {"ADC-1"};
    EXPECT_THAT(describe(rules::check_site(site, *shipped_content()).error()), HasSubstr("rules_off"));
}

// ---- the laboratory's factor ---------------------------------------------------------------------------------------

json fit(const char* code, int nanograms) {
    return bundle_of({observation("fit", concept_of("http://loinc.org", code),
                                  {{"valueQuantity", {{"value", nanograms}, {"unit", "ng/mL"}}}})});
}

TEST(SiteFactor, ComparesNanogramsPerMillilitreAndSaysBothValues) {
    const rules::SiteChoices site{{{"fit_ug_per_g_for_ng_per_ml", 500'000}}, {}};
    const Engine engine(shipped_content(), site);
    for (const char* code : {"58453-2", "57905-2"}) {
        const Answer raised = ask(engine, fit(code, 20), k_now, site);
        EXPECT_THAT(raised.rules, HasSubstr("ADC-25")) << code;
        EXPECT_THAT(raised.cards, HasSubstr("20 ng/mL = 10 µg/g with this laboratory's factor")) << code;
        EXPECT_THAT(ask(engine, fit(code, 19), k_now, site).rules, Not(HasSubstr("ADC-25"))) << code;
    }
}

TEST(SiteFactor, WithoutOneTheResultIsNamedAsNotUsed) {
    const Answer answer = ask(plain_engine(), fit("58453-2", 2000));
    EXPECT_THAT(answer.rules, Not(HasSubstr("ADC-25")));
    EXPECT_THAT(answer.rules, HasSubstr("ADC-DQ"));
    EXPECT_THAT(answer.cards, HasSubstr("unit missing or not known"));
    EXPECT_THAT(answer.cards, Not(HasSubstr("factor")));
}

// ---- what is not shown ---------------------------------------------------------------------------------------------

constexpr const char* k_canary = "Zebrafinch";
constexpr const char* k_phrase = "a recorded risk factor that this site does not show";

// HIV and sexual behaviour in every kind of entry, all with the canary in whatever a card could repeat.
void add_canaries(json& bundle, const std::string& patient) {
    const std::string text = std::string(k_canary) + " HIV";
    const std::string id = "zebrafinch-";
    std::vector<json> all = {
        condition(id + "1", concept_of("http://snomed.info/sct", "86406008", text)),
        condition(id + "2", concept_of("http://hl7.org/fhir/sid/icd-10-cm", "B20", k_canary)),
        observation(id + "3", concept_of("http://loinc.org", "56888-1", text), {{"valueString", "positive"}}),
        observation(id + "4", concept_of("http://snomed.info/sct", "472986005", k_canary), {{"valueBoolean", true}}),
        condition("worded", {{"text", text + " with rectal bleeding"}}),
        observation("complaint", concept_of("http://loinc.org", "10154-3"),
                    {{"valueString", std::string(k_canary) + " MSM, rectal bleeding"}}),
        {{"resourceType", "Encounter"},
         {"id", "visit"},
         {"status", "in-progress"},
         {"period", {{"start", "2026-06-14"}}},
         {"reasonCode",
          {concept_of("http://snomed.info/sct", "86406008", text),
           concept_of("http://snomed.info/sct", "12063002", "Rectal bleeding")}}},
    };
    for (json& resource : all) {
        resource["subject"] = {{"reference", "Patient/" + patient}};
        bundle["entry"].push_back({{"resource", resource}});
    }
}

bool tells(const std::string& cards) {
    return cards.find(k_canary) != std::string::npos || cards.find("zebrafinch") != std::string::npos;
}

// Every patient of the fixtures and, where they lie beside the checkout, of the clinical vignettes.
std::vector<json> patients() {
    std::vector<json> bundles;
    for (const auto& file : fs::directory_iterator(fs::path(k_root) / "fhir-fixtures/patients")) {
        std::ifstream in(file.path());
        std::ostringstream text;
        text << in.rdbuf();
        bundles.push_back(json::parse(rules::render_template(text.str(), k_now).value()));
    }
    std::ifstream vignettes(k_vignettes);
    if (!vignettes) return bundles;
    const json parsed = json::parse(vignettes);
    for (const json& vignette : parsed.at("vignettes")) {
        json bundle = {{"resourceType", "Bundle"}, {"type", "collection"}, {"entry", json::array()}};
        for (const json& resource : vignette["facts"]["resources"]) bundle["entry"].push_back({{"resource", resource}});
        bundles.push_back(std::move(bundle));
    }
    return bundles;
}

TEST(SiteShows, NothingOfASensitiveFindingReachesAnyCardUnlessAllowed) {
    std::size_t with_phrase = 0, told_where_allowed = 0, tried = 0;
    for (json& bundle : patients()) {
        std::string patient;
        for (const auto& entry : bundle["entry"]) {
            if (entry["resource"]["resourceType"] == "Patient" && patient.empty())
                patient = entry["resource"].value("id", "");
        }
        add_canaries(bundle, patient);
        const Answer answer = ask(plain_engine(), bundle);
        EXPECT_FALSE(tells(answer.cards)) << patient << ": " << answer.cards;
        ++tried;
        if (answer.cards.find(k_phrase) != std::string::npos) ++with_phrase;
        if (tells(ask(showing_engine(), bundle, k_now, k_shows_all).cards)) ++told_where_allowed;
    }
    EXPECT_GE(tried, 20U);
    EXPECT_GE(with_phrase, 1U) << "HIV counts all the same";
    EXPECT_GE(told_where_allowed, tried / 2) << "else this test shows nothing";
}

json immune_and_abscess(const json& code) {
    return bundle_of({condition("immune-1", code),
                      condition("c2", concept_of("http://hl7.org/fhir/sid/icd-10-cm", "K61", "Anal abscess")),
                      observation("t", concept_of("http://loinc.org", "8310-5"),
                                  {{"valueQuantity", {{"value", 39}, {"unit", "Cel"}}}})});
}

TEST(SiteShows, HivCountsButIsNamedOnlyAsTheContentSays) {
    const json chart = immune_and_abscess(concept_of("http://snomed.info/sct", "86406008", "HIV infection"));
    const Answer hidden = ask(plain_engine(), chart);
    const Answer shown = ask(showing_engine(), chart, k_now, k_shows_all);
    EXPECT_EQ(hidden.rules, shown.rules) << "a missed alarm kills";
    EXPECT_THAT(shown.cards, HasSubstr("immune-1"));
    EXPECT_THAT(hidden.cards, Not(HasSubstr("immune-1"))) << "neither in words nor in a suggestion's references";
    EXPECT_THAT(hidden.cards, Not(HasSubstr("HIV infection")));
}

TEST(SiteShows, WhatIsNotSensitiveIsStillDescribed) {
    const Answer answer =
        ask(plain_engine(), immune_and_abscess(concept_of("http://snomed.info/sct", "234532001", "Immune deficiency")));
    EXPECT_THAT(answer.cards, Not(HasSubstr(k_phrase)));
}

TEST(SiteShows, ChartTextsThatNameItInOtherWordsAreNotRepeated) {
    for (const char* words : {"PLHIV", "PLWHIV", "PWHIV", "HIV-1 positive", "Acquired immune deficiency syndrome",
                              "acquired immunodeficiency", "human immune deficiency virus",
                              "Human immuno-deficiency virus", "GBMSM", "MSM"}) {
        const json chart = bundle_of({condition("c", {{"text", std::string("Rectal bleeding, ") + words}})});
        const Answer answer = ask(plain_engine(), chart);
        EXPECT_THAT(answer.rules, HasSubstr("ADC-12")) << words << ": a missed alarm kills";
        EXPECT_THAT(answer.cards, Not(HasSubstr(words)));
        EXPECT_THAT(ask(showing_engine(), chart, k_now, k_shows_all).cards, HasSubstr(words));
    }
    const json other = bundle_of({condition("c", {{"text", "Rectal bleeding, immune deficiency"}})});
    EXPECT_THAT(ask(plain_engine(), other).cards, HasSubstr("immune deficiency"));
}

TEST(SiteShows, AnEncounterWithSeveralReasonsIsDescribedByTheOneThatCounts) {
    json bundle = bundle_of({});
    bundle["entry"].push_back({{"resource",
                                {{"resourceType", "Encounter"},
                                 {"id", "visit"},
                                 {"status", "in-progress"},
                                 {"subject", {{"reference", "Patient/p"}}},
                                 {"period", {{"start", "2026-06-14"}}},
                                 {"reasonCode",
                                  {concept_of("http://snomed.info/sct", "86406008", "HIV"),
                                   concept_of("http://snomed.info/sct", "12063002", "Bleeding today")}}}}});
    const Answer answer = ask(plain_engine(), bundle);
    EXPECT_THAT(answer.cards, HasSubstr("Bleeding today"));
    EXPECT_THAT(answer.cards, Not(HasSubstr("\\\"HIV\\\"")));
}

}  // namespace
}  // namespace proctor::hooks::site_test
