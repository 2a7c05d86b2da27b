// Whose a resource is.
#include <gtest/gtest.h>

#include "fhir/reading.h"

namespace proctor::fhir::reading {
namespace {

TEST(Identity, AReferenceMustEndInThePatient) {
    const std::pair<std::string, bool> table[] = {{"Patient/p1", true},
                                                  {"https://ehr/fhir/Patient/p1", true},
                                                  {"Patient/p1/_history/3", true},
                                                  {"https://ehr/Patient/p1/_history/3", true},
                                                  {"https:\\/\\/ehr\\/Patient\\/p1", true},
                                                  {"Patient/p2", false},
                                                  {"Patient/p11", false},
                                                  {"Patient/xp1", false},
                                                  {"patient/p1", false},
                                                  {"XPatient/p1", false},
                                                  {"p1", false},
                                                  {"/p1", false},
                                                  {"", false},
                                                  {"Patient/", false},
                                                  {"Group/p1", false},
                                                  {"#p1", false},
                                                  {"Patient/p1/x", false},
                                                  {"Patient/p1 ", false},
                                                  {"Patient/p2/_history/Patient/p1", false}};
    for (const auto& [reference, same] : table) {
        const auto record =
            one("conditions", resource("Condition", "", R"("subject":{"reference":")" + reference + "\"}"));
        EXPECT_EQ(record.conditions.size(), same ? 1U : 0U) << reference;
        EXPECT_EQ(record.resources.size(), same ? 1U : 0U) << reference;
        EXPECT_EQ(record.other_patient, same ? 0U : 1U) << reference;
    }
}

TEST(Identity, PatientServesWhereSubjectIsMissing) {
    EXPECT_EQ(one("conditions", resource("Condition", "", R"("patient":{"reference":"Patient/p1"})")).conditions.size(),
              1U);
    EXPECT_EQ(one("conditions", resource("Condition", "", R"("patient":{"reference":"Patient/p2"})")).conditions.size(),
              0U);
    EXPECT_EQ(one("conditions", resource("Condition", "", R"("subject":{"display":"p1"})")).other_patient, 1U);
    EXPECT_EQ(one("conditions", resource("Condition", "", R"("x":1)")).other_patient, 1U);
    // It may have been his: so what was asked for is not complete.
    for (const char* nobody : {R"("x":1)", R"("subject":{"identifier":{"value":"4711"}})"})
        EXPECT_EQ(one("conditions", resource("Condition", "", nobody))[Source::condition], Supply::partial) << nobody;
    EXPECT_EQ(one("conditions", resource("Condition", "", R"("subject":{"reference":"Patient/q"})"))[Source::condition],
              Supply::complete);
}

// Whom only another server or Bundle could name is perhaps he.
TEST(Identity, AReferenceThatCannotBeResolvedLeavesItsSearchIncomplete) {
    const auto supply = [](const std::string& reference, const std::string& members = "") {
        const auto record =
            one("conditions", resource("Condition", members, R"("subject":{"reference":")" + reference + "\"}"));
        EXPECT_TRUE(record.conditions.empty()) << reference;
        return record[Source::condition];
    };
    for (const char* nobody : {"urn:uuid:1", "urn:oid:1.2", "#p1", "Patient?identifier=https://mpi/Id/1", "p1", "/p1",
                               "", "Patient/", "patient/p1", "Patient/p1/x", "Patient/p1 "})
        EXPECT_EQ(supply(nobody), Supply::partial) << nobody;
    for (const char* other :
         {"Patient/p2", "https://ehr/fhir/Patient/p2/_history/1", "Group/p1", "Device/1.a-B", "Patient/p_2"}) {
        EXPECT_EQ(supply(other), Supply::complete) << other;
        EXPECT_EQ(supply(other, R"("code":"x")"), Supply::complete) << other;
    }
    EXPECT_EQ(supply("urn:uuid:1", R"("code":"x")"), Supply::partial);
}

TEST(Identity, TheFullUrlOfAPatientOfTheBundleSaysWhoItIs) {
    const std::string condition = R"({"resourceType":"Condition","id":"c","subject":{"reference":"urn:uuid:1"}})";
    const auto with = [&](const std::string& patient) {
        const std::string read = R"({"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":")" + patient;
        return record_of(R"("patient":{"resourceType":"Patient","id":"p1"},"conditions":)" +
                         searchset(entry(condition) + "," + read + "\"}}"));
    };
    EXPECT_EQ(with("p1").conditions.size(), 1U);
    EXPECT_EQ(with("p1")[Source::condition], Supply::complete);
    EXPECT_TRUE(with("p2").conditions.empty());
    EXPECT_EQ(with("p2")[Source::condition], Supply::complete);
}

TEST(Identity, AnObservationFocusedElsewhereIsNotThePatients) {
    const auto count = [](const std::string& focus) {
        return one("vitals", resource("Observation", R"("status":"final","focus":)" + focus)).observations.size();
    };
    EXPECT_EQ(count(R"([{"reference":"Device/1"}])"), 0U);
    EXPECT_EQ(count(R"([{"reference":"Patient/p2"}])"), 0U);
    EXPECT_EQ(count(R"([{"reference":"Device/1"},{"reference":"https://ehr/Patient/p1"}])"), 1U);
    EXPECT_EQ(count("[]"), 1U);
    EXPECT_EQ(count("null"), 1U);
}

TEST(Identity, WhatIsFocusedOnNobodyKnowsWhatWasPerhapsThePatients) {
    const auto supply = [](const std::string& focus) {
        const auto record = one("vitals", resource("Observation", R"("status":"final","focus":[)" + focus + "]"));
        EXPECT_TRUE(record.observations.empty()) << focus;
        return record[Source::vital_signs];
    };
    for (const char* perhaps : {R"({"reference":"urn:uuid:1"})", R"({"display":"rectum"})", "{}",
                                R"({"reference":"Condition/1"})", R"({"reference":"Device/1"},{"display":"him"})"})
        EXPECT_EQ(supply(perhaps), Supply::partial) << perhaps;
    for (const char* other : {R"({"reference":"Device/1"})", R"({"reference":"https://ehr/RelatedPerson/2"})",
                              R"({"reference":"Patient/p2/_history/1"})"})
        EXPECT_EQ(supply(other), Supply::complete) << other;
}

}  // namespace
}  // namespace proctor::fhir::reading
