#include "fhir/code_map.h"

#include "base/limits.h"
#include "fhir/reading.h"

namespace proctor::fhir {
namespace {

using reading::codes;
using reading::entry;

constexpr const char* k_snomed = "http://snomed.info/sct";
constexpr const char* k_local = "https://ehr.example/site-7/codes";

SystemPattern pattern(std::string_view text) { return SystemPattern::parse(text).value(); }

MappedTo to(const char* system, const char* code) { return {system, code, codes().find(system, code)}; }

CodeMap map_of(const char* system) {
    CodeMap map;
    map.add(pattern(system), "RB", {to(k_snomed, "405729008")});
    map.add(pattern(system), "ADMIN", {});
    return map;
}

std::string condition(const std::string& code, const std::string& id = "c1") {
    return entry(R"({"resourceType":"Condition","id":")" + id + R"(","subject":{"reference":"Patient/p1"},"code":)" +
                 code + "}");
}

std::string coding(const std::string& system, const std::string& code) {
    return R"({"system":")" + system + R"(","code":")" + code + R"(","display":"As charted"})";
}

Record read(const std::string& entries, const CodeMap* map) {
    const PaddedJson json(reading::searchset(entry(R"({"resourceType":"Patient","id":"p1"})") + "," + entries));
    return read_bundle(json, {codes(), Zone{}, map}).value();
}

std::vector<Coding> codings_of(const Record& record) {
    const auto codings = record.in(record.conditions.at(0).code);
    return {codings.begin(), codings.end()};
}

TEST(SystemPattern, AStarIsOneSegmentOrArc) {
    const struct {
        const char* pattern;
        const char* system;
        bool matches;
    } rows[] = {
        {"urn:oid:1.2.3.*.4", "urn:oid:1.2.3.77.4", true},
        {"urn:oid:1.2.3.*.4", "urn:oid:1.2.3.77.5.4", false},
        {"urn:oid:1.2.3.*.4", "urn:oid:1.2.3..4", false},
        {"https://fhir.example/*/codeSet/72", "https://fhir.example/ec2458f2-1e24/codeSet/72", true},
        {"https://fhir.example/*/codeSet/72", "https://fhir.example/a/b/codeSet/72", false},
        {"https://fhir.example/*/codeSet/72", "https://fhir.example//codeSet/72", false},
        {"https://fhir.example/*/codeSet/72", "https://fhir.example/codeSet/72", false},
        {"https://fhir.example/codes-*", "https://fhir.example/codes-north", true},
        {"https://fhir.example/codes", "https://fhir.example/codes", true},
        {"https://fhir.example/codes", "https://fhir.example/codes/", false},
    };
    for (const auto& row : rows)
        EXPECT_EQ(pattern(row.pattern).matches(row.system), row.matches) << row.pattern << ' ' << row.system;
    for (const char* refused : {"", "*", "a*b*"}) EXPECT_FALSE(SystemPattern::parse(refused)) << refused;
}

TEST(CodeMap, AMappedCodeReadsAsItsTarget) {
    const CodeMap map = map_of("https://ehr.example/*/codes");
    const Record record = read(condition(R"({"coding":[)" + coding(k_local, "RB") + R"(],"text":"Words"})"), &map);
    const auto codings = codings_of(record);
    ASSERT_EQ(codings.size(), 1U);
    EXPECT_EQ(codings[0].id, codes().find(k_snomed, "405729008"));
    EXPECT_EQ(codings[0].system, k_snomed);
    EXPECT_EQ(codings[0].code, "405729008");
    EXPECT_EQ(codings[0].display, "As charted");
    EXPECT_TRUE(codings[0].mapped);
    EXPECT_EQ(record.conditions[0].code.text, "Words");
}

TEST(CodeMap, OtherCodingsOfTheEntryStayAndSeveralMeaningsAllCount) {
    CodeMap map = map_of(k_local);
    map.add(pattern(k_local), "RB", {to("http://hl7.org/fhir/sid/icd-10-cm", "K62.5")});
    const Record record =
        read(condition(R"({"coding":[)" + coding(k_local, "RB") + "," + coding("urn:x", "Y") + "]}"), &map);
    const auto codings = codings_of(record);
    ASSERT_EQ(codings.size(), 3U);
    EXPECT_EQ(codings[0].code, "Y");
    EXPECT_EQ(codings[1].code, "405729008");
    EXPECT_EQ(codings[2].code, "K62.5");
    EXPECT_NE(codings[2].id, 0U) << "a family's code";
}

TEST(CodeMap, AnObservationWithAMappedCodeAndNoDateLeavesItsSearchIncomplete) {
    const CodeMap map = map_of(k_local);
    const auto supply = [&](const std::string& code) {
        const std::string observation =
            R"({"resourceType":"Observation","status":"final","subject":{"reference":"Patient/p1"},"code":{"coding":[)" +
            coding(k_local, code) + "]}}";
        const PaddedJson json(reading::request("\"vitals\":" + reading::searchset(entry(observation))));
        return read_hook_request(json, reading::keys(), {codes(), Zone{}, &map})->record[Source::vital_signs];
    };
    EXPECT_EQ(supply("RB"), Supply::partial);
    EXPECT_EQ(supply("ADMIN"), Supply::complete);
    EXPECT_EQ(supply("NEW"), Supply::complete);
}

TEST(CodeMap, AnExactSystemIsAskedBeforeOneWithAStar) {
    CodeMap map;
    map.add(pattern("https://ehr.example/*/codes"), "RB", {});
    map.add(pattern(k_local), "RB", {to(k_snomed, "405729008")});
    ASSERT_NE(map.find(k_local, "RB"), nullptr);
    EXPECT_EQ(map.find(k_local, "RB")->size(), 1U);
    EXPECT_TRUE(map.find("https://ehr.example/site-8/codes", "RB")->empty());
    EXPECT_EQ(map.find("https://ehr.example/site-8/codes", "rb"), nullptr) << "codes are exact";
}

TEST(CodeMap, UsesOfOneMedicationAreEachMapped) {
    const CodeMap map = map_of(k_local);
    const std::string use =
        R"({"resourceType":"MedicationRequest","status":"active","subject":{"reference":"Patient/p1"},)"
        R"("medicationReference":{"reference":"Medication/m"},"id":)";
    const Record record =
        read(entry(R"({"resourceType":"Medication","id":"m","code":{"coding":[)" + coding(k_local, "RB") + "]}}") +
                 "," + entry(use + "\"a\"}") + "," + entry(use + "\"b\"}"),
             &map);
    ASSERT_EQ(record.medications.size(), 2U);
    for (const auto& medication : record.medications) {
        const auto codings = record.in(medication.medication);
        ASSERT_EQ(codings.size(), 1U);
        EXPECT_TRUE(codings[0].mapped);
    }
}

TEST(CodeSystems, AreCountedByWhoReadsThem) {
    const CodeMap map = map_of(k_local);
    const std::string codings = coding(k_snomed, "405729008") + "," + coding(k_snomed, "1") + "," +
                                coding(k_local, "RB") + "," + coding(k_local, "ADMIN") + "," + coding(k_local, "NEW") +
                                "," + coding("urn:x", "A") + "," + coding("urn:x", "") + R"(,{"code":"B"})";
    const Record record = read(condition(R"({"coding":[)" + codings + "]}"), &map);
    ASSERT_EQ(record.code_systems.size(), 4U);
    const auto expect = [&](std::size_t i, std::string_view system, SystemReader reader, unsigned all, unsigned read) {
        EXPECT_EQ(record.code_systems[i].system, system);
        EXPECT_EQ(record.code_systems[i].reader, reader) << system;
        EXPECT_EQ(record.code_systems[i].codings, all) << system;
        EXPECT_EQ(record.code_systems[i].read, read) << system;
    };
    expect(0, k_snomed, SystemReader::content, 2, 1);
    expect(1, k_local, SystemReader::map, 3, 2);
    expect(2, "urn:x", SystemReader::nobody, 1, 0);
    expect(3, "", SystemReader::nobody, 1, 0);
    const CodingTotals totals = totals_of(record);
    EXPECT_EQ(totals.codings, 7U);
    EXPECT_EQ(totals.read, 3U);
    EXPECT_EQ(totals.lost, 2U);
    const auto lost = lost_codings(record, codes(), &map);
    ASSERT_EQ(lost.size(), 2U);
    EXPECT_EQ(lost[0]->code, "A");
}

TEST(CodeSystems, AnotherPatientsCodesAndDraftsOfBeforeAreNotCountedAgain) {
    const std::string other =
        R"({"resourceType":"Condition","id":"x","subject":{"reference":"Patient/p2"},"code":{"coding":[)" +
        coding("urn:other", "A") + "]}}";
    Record record = read(condition(R"({"coding":[)" + coding("urn:x", "A") + "]}") + "," + entry(other), nullptr);
    ASSERT_EQ(record.code_systems.size(), 1U);
    const std::string draft =
        R"({"resourceType":"ServiceRequest","status":"draft","subject":{"reference":"Patient/p1"},"code":{"coding":[)" +
        coding("urn:x", "B") + "]}}";
    ASSERT_TRUE(add_drafts(record, PaddedJson(reading::searchset(entry(draft))), {codes(), Zone{}}));
    ASSERT_EQ(record.code_systems.size(), 1U);
    EXPECT_EQ(record.code_systems[0].codings, 2U);
}

TEST(CodeSystems, AreBoundedWhateverTheChartHolds) {
    std::string codings;
    for (std::size_t i = 0; i < limits::k_code_systems + 20; ++i)
        codings += coding("urn:x:" + std::to_string(i), "A") + ",";
    codings += coding(k_snomed, "405729008");
    const Record record = read(condition(R"({"coding":[)" + codings + "]}"), nullptr);
    EXPECT_LE(record.code_systems.size(), limits::k_code_systems + 2);
    EXPECT_EQ(totals_of(record).lost, limits::k_code_systems + 20);
    EXPECT_EQ(totals_of(record).read, 1U);
    EXPECT_EQ(record.code_systems.back().reader, SystemReader::content) << "what the content reads keeps its place";
}

}  // namespace
}  // namespace proctor::fhir
