#include "hooks/evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "hooks/answered.h"

namespace proctor::hooks::evidence_test {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Change {
    const char* what;
    std::function<void(json& bundle)> make;
};

void expect_new(const std::string& patient, const std::string& rule, const std::vector<Change>& changes) {
    const json bundle = chart(patient);
    const Answered first = ask(bundle);
    const History said = history(answers_to(first.cards));
    ASSERT_THAT(shape(ask(bundle, said)), HasSubstr("| " + rule));
    for (const auto& [what, make] : changes) {
        json changed = bundle;
        make(changed);
        const Answered again = ask(changed, said);
        EXPECT_THAT(again.quiet, IsEmpty()) << what;
        EXPECT_NE(std::ranges::find(again.cards, rule, &Card::rule), again.cards.end()) << what;
    }
}

TEST(Evidence, EveryKindOfNewEvidenceInAConditionLiftsIt) {
    const auto set = [](const char* pointer, const char* value) {
        return [=](json& bundle) { bleeding(bundle)[json::json_pointer(pointer)] = json::parse(value); };
    };
    expect_new(k_bleeding, "ADC-12",
               {{"status", set("/clinicalStatus/coding/0/code", R"("recurrence")")},
                {"verification", set("/verificationStatus/coding/0/code", R"("provisional")")},
                {"onset", set("/onsetDateTime", R"("2026-06-12")")},
                {"recorded", set("/recordedDate", R"("2026-06-15T11:30:00Z")")},
                {"severity", set("/severity", R"({"text": "severe"})")},
                {"words", set("/code/text", R"("Bleeding from anus, much of it")")},
                {"a further coding", set("/code/coding/1", R"({"system": "https://a.example", "code": "b"})")},
                {"another entry", set("/id", R"("another")")},
                {"a further entry", [](json& bundle) {
                     json more = bleeding(bundle);
                     more["id"] = "more";
                     bundle["entry"].push_back({{"resource", more}});
                 }}});
}

TEST(Evidence, EveryKindOfNewEvidenceInAnObservationLiftsIt) {
    const json bundle = chart("fit-42");
    const auto fit = [&]() -> std::string {
        for (const auto& entry : bundle["entry"]) {
            const json& one = entry["resource"];
            if (one["resourceType"] == "Observation" && one.value("/valueQuantity/value"_json_pointer, 0.0) == 42)
                return one["id"];
        }
        return "none";
    }();
    const auto set = [=](const char* pointer, const char* value) {
        return [=](json& changed) { resource(changed, fit)[json::json_pointer(pointer)] = json::parse(value); };
    };
    expect_new("fit-42", "ADC-25",
               {{"value", set("/valueQuantity/value", "43")},
                {"comparator", set("/valueQuantity/comparator", R"(">")")},
                {"unit", set("/valueQuantity/unit", R"("microgram per gram")")},
                {"status", set("/status", R"("amended")")},
                {"date", set("/effectiveDateTime", R"("2026-06-15T09:00:00Z")")},
                {"interpretation", set("/interpretation", R"([{"coding": [{"code": "H"}]}])")},
                {"another entry", set("/id", R"("another")")}});
}

TEST(Evidence, WhatSaysNothingNewDoesNotLiftIt) {
    const json bundle = chart(k_bleeding);
    const History said = history(answers_to(ask(bundle).cards));
    const std::vector<Change> changes = {
        {"order of entries", [](json& changed) { std::reverse(changed["entry"].begin() + 1, changed["entry"].end()); }},
        {"meta",
         [](json& changed) {
             bleeding(changed)["meta"] = {{"versionId", "7"}};
         }},
        {"what no rule reads",
         [](json& changed) {
             bleeding(changed)["note"] = {{{"text", "as before"}}};
         }},
        {"the same entry once more",
         [](json& changed) {
             changed["entry"].push_back({{"resource", bleeding(changed)}});
         }},
        {"an entry of another matter", [](json& changed) {
             json more = bleeding(changed);
             more["id"] = "other";
             more["code"] = {{"coding", {{{"system", "http://snomed.info/sct"}, {"code", "195967001"}}}}};
             changed["entry"].push_back({{"resource", more}});
         }}};
    for (const auto& [what, make] : changes) {
        json changed = bundle;
        make(changed);
        EXPECT_EQ(shape(ask(changed, said)), " | ADC-12") << what;
    }
    EXPECT_EQ(shape(ask(bundle, said, k_now + 24h)), " | ADC-12") << "time passes";
}

TEST(Evidence, TheOrderOfCodingsSaysNothingNew) {
    json bundle = chart(k_bleeding);
    json& codings = bleeding(bundle)["code"]["coding"];
    codings.push_back({{"system", "https://a.example"}, {"code", "b"}});
    const History said = history(answers_to(ask(bundle).cards));
    std::reverse(codings.begin(), codings.end());
    EXPECT_EQ(shape(ask(bundle, said)), " | ADC-12");
}

Answered ask_in_two_ways(bool fetched, const char* instance, const History& said) {
    json bundle = chart(k_bleeding), request = {{"hook", "patient-view"}, {"hookInstance", instance}};
    const json condition = {
        {"resourceType", "Bundle"}, {"type", "searchset"}, {"entry", {{{"resource", bleeding(bundle)}}}}};
    request["context"] = {{"userId", "Practitioner/1"}, {"patientId", k_bleeding}};
    request["prefetch"]["patient"] = bundle["entry"][0]["resource"];
    for (const auto& [key, source] : default_keys()) {
        if (source != fhir::Source::patient) request["prefetch"][key] = nullptr;
    }
    std::vector<fhir::FetchedSearch> found;
    if (fetched) {
        request["prefetch"].erase("conditions");
        found.push_back({"conditions", fhir::Source::condition, {fhir::PaddedJson(condition.dump())}, true});
    } else {
        request["prefetch"]["conditions"] = condition;
    }
    const auto read = read_request(engine(), {}, fhir::PaddedJson(request.dump()), k_service_id, found);
    return answer_document(engine(), {}, std::get<fhir::HookDocument>(read), k_now, said);
}

TEST(Evidence, HowTheEntriesCameSaysNothingNew) {
    const Answered first = ask_in_two_ways(false, k_instance, history());
    const History said = history(answers_to(first.cards));
    ASSERT_THAT(shape(first), HasSubstr("ADC-12"));
    for (const char* instance : {k_instance, "00000000-0000-4000-8000-000000000000"}) {
        EXPECT_THAT(shape(ask_in_two_ways(false, instance, said)), HasSubstr("| ADC-12"));
        EXPECT_THAT(shape(ask_in_two_ways(true, instance, said)), HasSubstr("| ADC-12"));
    }
}

TEST(Evidence, WithoutASaltNothingIsKnownAndWithAnotherNothingIsTheSame) {
    const json bundle = chart(k_bleeding);
    const auto answers = answers_to(ask(bundle).cards);
    EXPECT_EQ(shape(ask(bundle, {"another salt", answers, k_month})), "ADC-12");
    EXPECT_EQ(shape(ask(bundle, {"", answers, k_month})), "ADC-12");
    EXPECT_EQ(ask(bundle, {"", {}, k_month}).cards[0].evidence, "");
    PastAnswer without = answers[0];
    without.evidence = "";
    EXPECT_EQ(shape(ask(bundle, {"", {without}, k_month})), "ADC-12") << "no evidence is not the same evidence";
}

TEST(Evidence, AnAbsorbedRuleIsPartOfTheEvidence) {
    HandMade made = bleeding();
    made.content.rules[0].rule.decide[0].absorbs = {"ADC-26"};
    History said = history();
    auto alone = made.input();
    alone.history = &said;
    said.answers = answers_to(compose(alone).cards);
    ASSERT_EQ(compose(alone).quiet.size(), 1U);
    made.fire(made.rule("ADC-26", rules::Indicator::info));
    auto both = made.input();
    both.history = &said;
    EXPECT_EQ(compose(both).cards.size(), 1U);
    said.answers = answers_to(compose(both).cards);
    EXPECT_EQ(compose(both).quiet.size(), 1U);
}

TEST(Evidence, MoreUrgencyIsNews) {
    HandMade made = bleeding();
    made.content.rules[0].rule.decide[0].indicator = rules::Indicator::info;
    History said = history();
    auto input = made.input();
    input.history = &said;
    said.answers = answers_to(compose(input).cards);
    ASSERT_EQ(compose(input).quiet.size(), 1U);
    made.content.rules[0].rule.decide[0].indicator = rules::Indicator::warning;
    EXPECT_EQ(compose(input).quiet.size(), 0U);
}

TEST(Evidence, WhatRestsOnNoEntryIsAlwaysShown) {
    HandMade made;
    made.fire(made.rule("ADC-12", rules::Indicator::warning));
    History said = history();
    auto input = made.input();
    input.history = &said;
    said.answers = answers_to(compose(input).cards);
    EXPECT_EQ(compose(input).cards.size(), 1U);
}

}  // namespace
}  // namespace proctor::hooks::evidence_test
