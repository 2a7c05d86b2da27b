// What is read of a Condition.
#include <gtest/gtest.h>

#include "fhir/reading.h"

namespace proctor::fhir::reading {
namespace {

Condition condition(const std::string& members, const std::string& birth = "1980-03-01") {
    const auto record =
        record_of("\"conditions\":" +
                  searchset(entry(R"({"resourceType":"Condition","id":"r1","subject":{"reference":"Patient/p1"})" +
                                  (members.empty() ? "" : "," + members) + "}")) +
                  R"(,"patient":{"resourceType":"Patient","id":"p1","birthDate":")" + birth + "\"}");
    EXPECT_EQ(record.conditions.size(), 1U) << members;
    return record.conditions.empty() ? Condition{} : record.conditions[0];
}

TEST(ConditionResource, KeepsCodesTextStatusAndSeverity) {
    const auto record = one(
        "conditions",
        R"({"severity":{"coding":[{"system":"http://snomed.info/sct","code":"24484000"}]},"code":{"text":"Blut \u00e9","coding":[
        {"system":"http://snomed.info/sct","code":"405729008","display":"Hematochezia"},{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"K62.5"},{"code":"x"},{}]},
        "verificationStatus":{"coding":[{"code":"provisional"}]},"clinicalStatus":{"coding":[{"system":"s"},{"code":"relapse"}]},"subject":{"reference":"Patient/p1"},
        "recordedDate":"2026-06-01","id":"c\"1","resourceType":"Condition"})");
    ASSERT_EQ(record.conditions.size(), 1U);
    const auto& c = record.conditions[0];
    const auto codings = record.in(c.code);
    ASSERT_EQ(codings.size(), 4U);
    EXPECT_EQ(codings[0].id, codes().find("http://snomed.info/sct", "405729008"));
    EXPECT_NE(codings[0].id, 0U);
    EXPECT_EQ(codings[0].display, "Hematochezia");
    EXPECT_NE(codings[1].id, 0U);
    EXPECT_EQ(codings[1].code, "K62.5");
    EXPECT_EQ(codings[2].id, 0U);
    EXPECT_EQ(codings[2].system, "");
    EXPECT_EQ(c.code.text, "Blut \xc3\xa9");
    EXPECT_EQ(c.clinical, ClinicalStatus::relapse);
    EXPECT_EQ(c.verification, VerificationStatus::provisional);
    EXPECT_EQ(record.in(c.severity)[0].code, "24484000");
    EXPECT_EQ(c.recorded, read_time("2026-06-01", Zone{}));
    EXPECT_EQ(record.resources[c.resource].id, "c\"1");
}

// As some EHRs send it: their own code beside, or before, that of FHIR.
TEST(ConditionResource, AmongSeveralCodesThatOfFhirIsTheStatus) {
    const auto coded = [](const std::string& member, const std::string& codings) {
        return condition("\"" + member + R"(":{"coding":[)" + codings + "]}");
    };
    const std::string own = R"({"system":"http://snomed.info/sct","code":"55561003"})";
    EXPECT_EQ(coded("clinicalStatus", own + R"(,{"code":"active"})").clinical, ClinicalStatus::active);
    EXPECT_EQ(coded("clinicalStatus", R"({"code":"Resolved"},)" + own).clinical, ClinicalStatus::resolved);
    EXPECT_EQ(coded("clinicalStatus", own).clinical, ClinicalStatus::other);
    for (const std::string& codings :
         {own + R"(,{"code":"entered-in-error"})", std::string(R"({"code":"confirmed"},{"code":"entered-in-error"})")})
        EXPECT_EQ(coded("verificationStatus", codings).verification, VerificationStatus::entered_in_error);
    EXPECT_EQ(coded("verificationStatus", own + R"(,{"code":"provisional"})").verification,
              VerificationStatus::provisional);
}

TEST(ConditionResource, StatusInWordsOnlyIsNoStatus) {
    EXPECT_EQ(condition(R"("clinicalStatus":{"text":"active"})").clinical, ClinicalStatus::none);
    EXPECT_EQ(condition(R"("clinicalStatus":{"coding":[{"code":"odd"}]})").clinical, ClinicalStatus::other);
    EXPECT_EQ(condition("").verification, VerificationStatus::none);
}

TEST(ConditionResource, OnsetIsReadInAllItsForms) {
    const auto span = [](std::string_view a, std::string_view b) { return std::optional(TimeSpan{at(a), at(b)}); };
    EXPECT_EQ(condition(R"("onsetDateTime":"2026-06")").onset, span("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z"));
    EXPECT_EQ(condition(R"("onsetPeriod":{"end":"2026-06-02","start":"2026-06-01T10:00:00Z"})").onset,
              span("2026-06-01T10:00:00Z", "2026-06-01T10:00:00Z"));
    EXPECT_FALSE(condition(R"("onsetPeriod":{"end":"2026-06-02"})").onset);
    EXPECT_FALSE(condition(R"("onsetDateTime":"2026-02-30")").onset);
    EXPECT_FALSE(condition(R"("onsetString":"last week")").onset);
    // 40 and 41 years of 365.25 days after 1980-03-01.
    EXPECT_EQ(condition(R"("onsetAge":{"value":40,"code":"a"})").onset,
              span("2020-03-01T00:00:00Z", "2021-03-01T06:00:00Z"));
    EXPECT_EQ(condition(R"("onsetRange":{"low":{"value":40,"code":"a"},"high":{"value":40.0,"code":"a"}})").onset,
              span("2020-03-01T00:00:00Z", "2021-03-01T06:00:00Z"));
    for (const std::string age : {R"({"value":40})", R"({"value":40,"code":"mo"})", R"({"code":"a"})",
                                  R"({"value":1e9,"code":"a"})", R"({"value":-1,"code":"a"})",
                                  R"({"value":40,"code":"a","comparator":"<"})", R"({"value":"40","code":"a"})"}) {
        EXPECT_FALSE(condition(R"("onsetAge":)" + age).onset) << age;
    }
    EXPECT_FALSE(condition(R"("onsetRange":{"low":{"value":40,"code":"a"}})").onset);
    EXPECT_FALSE(condition(R"("onsetAge":{"value":40,"code":"a"})", "unknown").onset);
}

TEST(ConditionResource, AnUncertainBirthDateWidensAnOnsetAge) {
    const auto onset = condition(R"("onsetAge":{"value":40,"code":"a"})", "1980").onset;
    ASSERT_TRUE(onset);
    EXPECT_EQ(onset->earliest, at("2020-01-01T00:00:00Z"));
    EXPECT_EQ(onset->latest, at("2021-12-31T06:00:00Z"));
}

TEST(ConditionResource, AnyAbatementIsKept) {
    for (const std::string member :
         {R"("abatementDateTime":"2026-06-01")", R"("abatementPeriod":{"end":"2026-06-01"})", R"("abatementAge":{})",
          R"("abatementString":"gone")", R"("abatementRange":{})", R"("abatementBoolean":true)"}) {
        EXPECT_TRUE(condition(member).abated) << member;
    }
    EXPECT_FALSE(condition(R"("abatementString":null)").abated);
    EXPECT_FALSE(condition(R"("_abatementDateTime":{})").abated);
    const auto absent = [](const std::string& name, const std::string& why) {
        return condition("\"_" + name +
                         R"(":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason",)" +
                         R"("valueCode":")" + why + "\"}]}")
            .abated;
    };
    for (const char* name : {"abatementDateTime", "abatementString"}) {
        for (const char* why : {"unknown", "asked-unknown", "masked"}) EXPECT_TRUE(absent(name, why)) << name << why;
        for (const char* why : {"not-applicable", "not-asked", "unsupported", ""})
            EXPECT_FALSE(absent(name, why)) << name << why;
    }
    EXPECT_FALSE(absent("abatementBoolean", "unknown")) << "whether, not when";
    EXPECT_EQ(condition(R"("abatementDateTime":"2026-06-01")").abatement, read_time("2026-06-01", Zone{}));
    EXPECT_EQ(condition(R"("abatementPeriod":{"end":"2026-06-01"})").abatement, read_time("2026-06-01", Zone{}));
}

}  // namespace
}  // namespace proctor::fhir::reading
