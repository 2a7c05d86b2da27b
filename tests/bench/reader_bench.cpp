// Throughput of reading a request into a record, beside what simdjson On-Demand needs for a plain extraction of the same bytes
// (the same members, as views; no validation of what it skips, no record) and what an nlohmann DOM needs for parsing alone.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "fhir/read_r4.h"

namespace proctor::fhir {
namespace {

namespace ondemand = simdjson::ondemand;

std::string text_of(std::string text, std::size_t n) {
    for (auto at = text.find('$'); at != std::string::npos; at = text.find('$')) text.replace(at, 1, std::to_string(n));
    return text;
}

const char* const k_observation =
    R"({"fullUrl":"https://ehr.example/fhir/Observation/o$","resource":{"resourceType":"Observation","id":"o$","meta":{"versionId":"1","lastUpdated":"2026-05-12T08:31:07.123+02:00",)"
    R"("profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab"]},"status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category",)"
    R"("code":"laboratory","display":"Laboratory"}],"text":"Laboratory"}],"code":{"coding":[{"system":"http://loinc.org","code":"718-7","display":"Hemoglobin [Mass/volume] in Blood"}],"text":"Hemoglobin"},)"
    R"("subject":{"reference":"Patient/p1","display":"Patient"},"encounter":{"reference":"Encounter/e$"},"effectiveDateTime":"2026-05-12T07:15:00+02:00","issued":"2026-05-12T08:31:07.123+02:00",)"
    R"("performer":[{"reference":"Organization/lab","display":"Central laboratory"}],"valueQuantity":{"value":11.$,"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"},)"
    R"("interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"L","display":"Low"}]}],)"
    R"("referenceRange":[{"low":{"value":12.0,"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"},"high":{"value":16.0,"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"}}]},"search":{"mode":"match"}})";
const char* const k_pressure =
    R"({"fullUrl":"https://ehr.example/fhir/Observation/v$","resource":{"resourceType":"Observation","id":"v$","meta":{"lastUpdated":"2026-05-12T08:31:07Z"},"status":"final","category":[{"coding":[)"
    R"({"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs","display":"Vital Signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"85354-9",)"
    R"("display":"Blood pressure panel with all children optional"}],"text":"Blood pressure"},"subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e$"},)"
    R"("effectiveDateTime":"2026-05-12T07:15:00Z","issued":"2026-05-12T07:16:00.000Z","component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6","display":"Systolic blood pressure"}]},)"
    R"("valueQuantity":{"value":118,"unit":"mm[Hg]","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4","display":"Diastolic blood pressure"}]},)"
    R"("valueQuantity":{"value":76,"unit":"mm[Hg]","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}]},"search":{"mode":"match"}})";
const char* const k_condition =
    R"({"fullUrl":"https://ehr.example/fhir/Condition/c$","resource":{"resourceType":"Condition","id":"c$","meta":{"versionId":"3","lastUpdated":"2026-04-02T10:00:00Z"},"text":{"status":"generated",)"
    R"("div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Hemorrhage of rectum and anus, recorded at the visit</p></div>"},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical",)"
    R"("code":"active"}]},"verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"confirmed"}]},"category":[{"coding":[{"system":)"
    R"("http://terminology.hl7.org/CodeSystem/condition-category","code":"problem-list-item","display":"Problem List Item"}]}],"code":{"coding":[{"system":"http://snomed.info/sct","code":"12063002","display":"Rectal hemorrhage"},)"
    R"({"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"K62.5","display":"Hemorrhage of anus and rectum"}],"text":"Rectal bleeding"},"subject":{"reference":"Patient/p1"},)"
    R"("encounter":{"reference":"Encounter/e$"},"onsetDateTime":"2026-03-28","recordedDate":"2026-04-02T09:58:00Z","recorder":{"reference":"Practitioner/9","display":"Practitioner"}},"search":{"mode":"match"}})";
const char* const k_medication =
    R"({"fullUrl":"https://ehr.example/fhir/MedicationRequest/m$","resource":{"resourceType":"MedicationRequest","id":"m$","status":"active","intent":"order","medicationCodeableConcept":{"coding":[)"
    R"({"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"855332","display":"Warfarin Sodium 5 MG Oral Tablet"}],"text":"Warfarin 5 mg"},"subject":{"reference":"Patient/p1"},)"
    R"("authoredOn":"2025-11-20T10:00:00Z","requester":{"reference":"Practitioner/9"},"dosageInstruction":[{"sequence":1,"text":"one tablet daily","timing":{"repeat":{"frequency":1,"period":1,"periodUnit":"d"}},)"
    R"("doseAndRate":[{"doseQuantity":{"value":1,"unit":"tablet"}}]}]},"search":{"mode":"match"}})";

std::string searchset(const std::string& key, const std::string& entries) {
    return ",\"" + key + R"(":{"resourceType":"Bundle","type":"searchset","total":1,"link":[{"relation":"self","url":"https://ehr.example/fhir/x"}],"entry":[)" + entries + "]}";
}

// A chart of about this many bytes: per condition four laboratory values, two blood pressures, one medication.
std::string request(std::size_t bytes) {
    const char* const mix[][2] = {{"conditions", k_condition}, {"laboratory", k_observation}, {"vitals", k_pressure}, {"medications", k_medication}};
    const std::size_t weights[] = {1, 4, 2, 1};
    std::string entries[4];
    std::size_t total = 500;
    for (std::size_t n = 0; total < bytes; ++n) {
        for (std::size_t kind = 0; kind < 4 && total < bytes; ++kind) {
            for (std::size_t i = 0; i < weights[kind] && total < bytes; ++i) {
                const auto one = text_of(mix[kind][1], n * 10 + i);
                entries[kind] += (entries[kind].empty() ? "" : ",") + one;
                total += one.size() + 1;
            }
        }
    }
    std::string json = R"({"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","context":{"userId":"Practitioner/9","patientId":"p1"},"prefetch":{)"
                       R"("patient":{"resourceType":"Patient","id":"p1","birthDate":"1961-02-03","gender":"female"})";
    for (std::size_t kind = 0; kind < 4; ++kind) json += searchset(mix[kind][0], entries[kind]);
    return json + "}}";
}

const CodeTable& codes() {
    static const CodeTable table = [] {
        CodeTable made;
        const auto add = [&](const char* system, std::string code, bool prefix) { made.add({0, CodeUse::finding, CodeStrength::strong, system, std::move(code), prefix, ""}); };
        for (int i = 0; i < 700; ++i) add("http://snomed.info/sct", std::to_string(12063002 + i), false);
        for (int i = 0; i < 250; ++i) add("http://loinc.org", std::to_string(718 + i) + "-7", false);
        for (int i = 10; i < 99; ++i) add("http://hl7.org/fhir/sid/icd-10-cm", "K" + std::to_string(i), true);
        made.build();
        return made;
    }();
    return table;
}

const PrefetchKeys& keys() {
    static const PrefetchKeys made{{"patient", Source::patient}, {"conditions", Source::condition}, {"laboratory", Source::laboratory},
                                   {"vitals", Source::vital_signs}, {"medications", Source::medication_request}};
    return made;
}

void report(benchmark::State& state, std::size_t bytes) {
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * state.iterations());
    state.SetComplexityN(static_cast<std::int64_t>(bytes));
}

void read_request(benchmark::State& state) {
    const PaddedJson json(request(static_cast<std::size_t>(state.range(0))));
    const ReadSetup setup{codes(), Zone{}};
    std::size_t resources = 0;
    for (auto _ : state) {
        const auto document = read_hook_request(json, keys(), setup);
        if (!document) return state.SkipWithError("the request was refused");
        benchmark::DoNotOptimize(resources = document->record.resources.size());
    }
    state.counters["resources"] = static_cast<double>(resources);
    report(state, json.bytes().size());
}

struct Extract {
    std::size_t resources = 0;
    std::size_t strings = 0;
    double sum = 0;
    void take(simdjson::simdjson_result<std::string_view> text) {
        std::string_view view;
        if (std::move(text).get(view) == simdjson::SUCCESS) strings += view.size();
    }
    void concept_of(ondemand::value value) {
        for (auto field : value.get_object()) {
            if (field.key() == "text") take(field.value().get_string());
            if (field.key() != "coding") continue;
            for (ondemand::object coding : field.value().get_array()) {
                for (auto member : coding) {
                    if (member.key() == "system" || member.key() == "code" || member.key() == "display") take(member.value().get_string());
                }
            }
        }
    }
    void quantity(ondemand::value value) {
        for (auto field : value.get_object()) {
            if (field.key() == "value") sum += field.value().get_double().value();
            else if (field.key() == "code" || field.key() == "unit" || field.key() == "system") take(field.value().get_string());
        }
    }
    void resource(ondemand::object object) {
        for (auto field : object) {
            const auto key = field.key().value();
            if (key == "resourceType" || key == "id" || key == "status" || key == "effectiveDateTime" || key == "issued" || key == "onsetDateTime" || key == "recordedDate" ||
                key == "authoredOn") {
                take(field.value().get_string());
            } else if (key == "subject") {
                take(field.value()["reference"].get_string());
            } else if (key == "code" || key == "medicationCodeableConcept" || key == "clinicalStatus" || key == "verificationStatus") {
                concept_of(field.value());
            } else if (key == "interpretation") {
                for (auto element : field.value().get_array()) concept_of(element.value());
            } else if (key == "valueQuantity") {
                quantity(field.value());
            } else if (key == "component") {
                for (ondemand::object component : field.value().get_array()) resource(component);
            }
        }
    }
    void prefetch(ondemand::object object) {
        for (auto member : object) {
            ondemand::object bundle = member.value().get_object();
            for (auto field : bundle) {
                if (field.key() != "entry") continue;
                for (ondemand::object entry : field.value().get_array()) {
                    ondemand::object inner = entry["resource"].get_object();
                    resource(inner);
                    ++resources;
                }
            }
        }
    }
};

void plain_on_demand(benchmark::State& state) {
    const PaddedJson json(request(static_cast<std::size_t>(state.range(0))));
    ondemand::parser parser;
    Extract extract;
    for (auto _ : state) {
        auto document = parser.iterate(simdjson::padded_string_view(json.bytes().data(), json.bytes().size(), json.bytes().size() + k_padding));
        ondemand::object prefetch = document["prefetch"].get_object();
        extract.prefetch(prefetch);
    }
    benchmark::DoNotOptimize(extract.strings);
    benchmark::DoNotOptimize(extract.sum);
    state.counters["resources"] = static_cast<double>(extract.resources) / static_cast<double>(state.iterations());
    state.counters["characters"] = static_cast<double>(extract.strings) / static_cast<double>(state.iterations());
    report(state, json.bytes().size());
}

void nlohmann_dom(benchmark::State& state) {
    const auto json = request(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(nlohmann::json::parse(json));
    report(state, json.size());
}

BENCHMARK(read_request)->Arg(6'000)->Arg(60'000)->Arg(600'000)->Arg(6'000'000)->Unit(benchmark::kMicrosecond)->Complexity();
BENCHMARK(plain_on_demand)->Arg(6'000)->Arg(60'000)->Arg(600'000)->Arg(6'000'000)->Unit(benchmark::kMicrosecond)->Complexity();
BENCHMARK(nlohmann_dom)->Arg(6'000)->Arg(60'000)->Arg(600'000)->Arg(6'000'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace proctor::fhir

BENCHMARK_MAIN();
