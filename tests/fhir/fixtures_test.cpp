// Charts that others wrote, and every small damage to a request.
#include <gtest/gtest.h>

#include <map>

#include "base/json.h"
#include "fhir/reading.h"

namespace proctor::fhir::reading {
namespace {

using nlohmann::json;

std::filesystem::path fixtures() { return std::filesystem::path(PROCTOR_SOURCE_DIR) / "../shared/fixtures"; }

std::map<std::string, std::size_t> naive_count(const json& bundle) {
    std::map<std::string, std::size_t> counts;
    for (const auto& item : bundle.value("entry", json::array())) {
        if (item.contains("resource")) ++counts[item["resource"].value("resourceType", "")];
    }
    return counts;
}

TEST(Synthea, EveryResourceOfThePatientIsRead) {
    const auto folder = fixtures() / "synthea-r4";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the Synthea patients are not here";
    std::size_t patients = 0;
    for (const auto& file_entry : std::filesystem::directory_iterator(folder)) {
        if (file_entry.path().filename() == "INDEX.json") continue;
        const auto text = file(file_entry.path());
        const auto record = bundle(text);
        ASSERT_TRUE(record) << file_entry.path() << describe(record.error());
        std::map<std::string, std::size_t> read;
        for (const auto& resource : record->resources) ++read[std::string(print(resource.type))];
        auto expected = naive_count(json::parse(text));
        for (const std::string other : {"Practitioner", "Organization", "DiagnosticReport", "CarePlan", "CareTeam",
                                        "AllergyIntolerance", "Device", "Goal"})
            expected.erase(other);
        EXPECT_EQ(read, expected) << file_entry.path();
        EXPECT_EQ(record->other_patient + record->unreadable, 0U);
        EXPECT_TRUE(record->patient.birth);
        EXPECT_EQ(record->procedures.size(), read["Procedure"]);
        EXPECT_EQ(record->medications.size(), read["MedicationRequest"]);
        EXPECT_GE(record->observations.size(), read["Observation"]);
        for (const auto& observation : record->observations) EXPECT_TRUE(observation.time);
        ++patients;
    }
    EXPECT_EQ(patients, 14U);
}

TEST(Hl7Examples, AreReadAloneAndInABundle) {
    const auto folder = fixtures() / "hl7-r4-examples";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the HL7 examples are not here";
    for (const auto& file_entry : std::filesystem::directory_iterator(folder)) {
        const auto text = file(file_entry.path());
        const auto subject = json::parse(text).value("/subject/reference"_json_pointer, "Patient/p1");
        const auto document = read(R"({"context":{"patientId":")" + subject + R"("},"prefetch":{"conditions":)" +
                                   searchset(entry(text)) + "}}");
        ASSERT_TRUE(document) << file_entry.path();
        EXPECT_EQ(document->record.unreadable, 0U) << file_entry.path();
    }
}

TEST(Hl7Examples, DecimalsKeepTheirTokens) {
    const auto path = fixtures() / "hl7-r4-examples/Observation-decimal.json";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "the HL7 examples are not here";
    auto text = file(path);
    text.insert(text.find('{') + 1, R"("subject":{"reference":"Patient/p1"},)");  // the example is about nobody
    const auto document = read(request("\"vitals\":" + text));
    ASSERT_TRUE(document);
    std::string tokens;
    for (const auto& observation : document->record.observations)
        tokens += std::string(observation.quantity.value) + " ";
    EXPECT_NE(tokens.find("1E-22"), std::string::npos) << tokens;
    EXPECT_NE(tokens.find("1.00"), std::string::npos) << tokens;
}

const std::string k_request =
    R"({"hook":"order-sign","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","fhirServer":"https://ehr","fhirAuthorization":{"access_token":"t"},
"context":{"userId":"Practitioner/1","patientId":"p1","draftOrders":{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"MedicationRequest","id":"d","status":"draft",
"subject":{"reference":"Patient/p1"},"medicationReference":{"reference":"#m"},"contained":[{"resourceType":"Medication","id":"m","code":{"text":"x"}}]}}]}},
"prefetch":{"patient":{"resourceType":"Patient","id":"p1","birthDate":"1980-03-01","gender":"female","deceasedBoolean":false,"name":[{"family":"A","given":["B"]}]},
"conditions":{"resourceType":"Bundle","type":"searchset","total":1,"link":[{"relation":"self","url":"x"}],"entry":[{"fullUrl":"urn:1","search":{"mode":"match"},"resource":{"resourceType":"Condition","id":"c",
"clinicalStatus":{"coding":[{"code":"active"}]},"verificationStatus":{"coding":[{"code":"confirmed"}]},"severity":{"coding":[{"code":"24484000"}]},"code":{"coding":[{"system":"http://snomed.info/sct","code":"405729008",
"display":"d"}],"text":"t"},"subject":{"reference":"Patient/p1"},"onsetRange":{"low":{"value":30,"code":"a"},"high":{"value":31,"code":"a"}},"abatementPeriod":{"end":"2026"},"recordedDate":"2026-06-01"}}]},
"laboratory":{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation","id":"o","meta":{"lastUpdated":"2026-06-01T00:00:00Z"},"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"718-7"}]},
"subject":{"reference":"Patient/p1"},"focus":[{"reference":"Patient/p1"}],"effectiveTiming":{"event":["2026-06-01"]},"valueQuantity":{"value":6.8,"comparator":"<","unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"},
"interpretation":[{"coding":[{"code":"L"}]}],"component":[{"code":{"text":"c"},"valueCodeableConcept":{"coding":[{"code":"y"}]}}],"hasMember":[{"reference":"Observation/2"}]}}]},
"encounters":{"response":{"status":"200"},"resource":{"resourceType":"Encounter","id":"e","status":"finished","subject":{"reference":"Patient/p1"},"period":{"start":"2026-06-01"},"reasonCode":[{"text":"r"}]}}}})";

template <typename Visit>
void each_value(json& value, const Visit& visit) {
    visit(value);
    if (!value.is_structured()) return;
    for (auto& inner : value) each_value(inner, visit);
}

TEST(Mutation, AnyValueReplacedByAnyOtherNeverCrashes) {
    auto whole = json::parse(k_request);
    ASSERT_TRUE(read(whole.dump()));
    std::size_t mutants = 0;
    each_value(whole, [&](json& value) {
        const json original = value;
        for (const char* other : {"null", "{}", "[]", "\"x\"", "5", "true", "[null]", "[{}]", "[[]]", "{\"coding\":5}",
                                  "1e400", "-0.5e-7", "\"2026-02-30\""}) {
            value = json::parse(other, nullptr, false);
            if (value.is_discarded()) value = "1e400";
            const auto document = read(whole.dump());
            EXPECT_TRUE(!document || document->record.resources.size() <= 5);
            ++mutants;
        }
        value = original;
    });
    EXPECT_GT(mutants, 1500U);
}

TEST(Mutation, NothingInsideAResourceFailsTheRequest) {
    auto whole = json::parse(k_request);
    for (auto& source : whole["prefetch"]) {
        each_value(source, [&](json& value) {
            const json original = value;
            for (const char* other : {"null", "{}", "[]", "\"x\"", "5", "true"}) {
                value = json::parse(other);
                EXPECT_TRUE(read(whole.dump())) << whole.dump();
            }
            value = original;
        });
    }
}

TEST(Mutation, AnyByteReplacedNeverCrashes) {
    for (std::size_t i = 0; i < k_request.size(); ++i) {
        std::size_t turn = i;
        for (const char byte : {'\0', '"', '\\', '{', '}', '[', ']', ':', ',', ' ', '\n', '9', 'x', '\xff'}) {
            if (++turn % 3 != 0) continue;  // a third of them keeps the usual run short
            auto damaged = k_request;
            damaged[i] = byte;
            const bool accepted = read(damaged).ok();
            EXPECT_TRUE(!accepted || json::accept(damaged)) << damaged;
        }
    }
}

TEST(Mutation, MemberOrderChangesNothing) {
    const auto sorted = json::parse(k_request).dump();  // alphabetical: resourceType late, prefetch after context
    const auto a = read(k_request), b = read(sorted);
    ASSERT_TRUE(a);
    ASSERT_TRUE(b);
    EXPECT_EQ(a->record.resources.size(), 5U);
    EXPECT_EQ(b->record.resources.size(), 5U);
    EXPECT_EQ(a->record.observations.size(), b->record.observations.size());
    EXPECT_EQ(a->record.conditions.size(), b->record.conditions.size());
    EXPECT_EQ(a->record.conditions.at(0).onset, b->record.conditions.at(0).onset);
    EXPECT_TRUE(a->record.conditions.at(0).onset);
    EXPECT_EQ(a->record.supply, b->record.supply);
}

}  // namespace
}  // namespace proctor::fhir::reading
