// Prescriptions, statements and doses of DSTU2, STU3 and R5: what they say, and that what was not taken or given is
// not.
#include <gtest/gtest.h>

#include "fhir/reading_versions.h"

namespace proctor::fhir::reading {
namespace {

TEST(Versions, MedicationsSayTheSame) {
    const std::string coded = R"("medicationCodeableConcept":)" + k_concept;
    const std::string referable = R"("medication":{"concept":)" + k_concept + "}";
    const std::tuple<Version, std::string, ResourceType> table[] = {
        {Version::dstu2, of("MedicationOrder", R"("status":"active","dateWritten":"2026-05-01",)" + coded, k_patient),
         ResourceType::medication_request},
        {Version::stu3, of("MedicationRequest", R"("status":"active","context":{},"authoredOn":"2026-05-01",)" + coded),
         ResourceType::medication_request},
        {Version::r4, of("MedicationRequest", R"("status":"active","authoredOn":"2026-05-01",)" + coded),
         ResourceType::medication_request},
        {Version::r5, of("MedicationRequest", R"("status":"active","authoredOn":"2026-05-01",)" + referable),
         ResourceType::medication_request},
        {Version::dstu2,
         of("MedicationStatement", R"("status":"active","wasNotTaken":false,"effectiveDateTime":"2026-05-01",)" + coded,
            k_patient),
         ResourceType::medication_statement},
        {Version::stu3,
         of("MedicationStatement", R"("status":"active","taken":"y","effectiveDateTime":"2026-05-01",)" + coded),
         ResourceType::medication_statement},
        {Version::r5, of("MedicationStatement", R"("status":"recorded","effectiveDateTime":"2026-05-01",)" + referable),
         ResourceType::medication_statement},
        {Version::dstu2,
         of("MedicationAdministration",
            R"("status":"active","wasNotGiven":false,"effectiveTimeDateTime":"2026-05-01",)" + coded, k_patient),
         ResourceType::medication_administration},
        {Version::dstu2,
         of("MedicationAdministration",
            R"("status":"active","effectiveTimePeriod":{"start":"2026-04-01","end":"2026-05-01"},)" + coded, k_patient),
         ResourceType::medication_administration},
        {Version::stu3,
         of("MedicationAdministration",
            R"("status":"active","notGiven":false,"effectiveDateTime":"2026-05-01",)" + coded),
         ResourceType::medication_administration},
        {Version::r5,
         of("MedicationAdministration", R"("status":"active","occurenceDateTime":"2026-05-01",)" + referable),
         ResourceType::medication_administration},
        {Version::r5,
         of("MedicationAdministration", R"("status":"active","occurenceTiming":{"event":["2026-05-01"]},)" + referable),
         ResourceType::medication_administration},
    };
    for (const auto& [version, resource, type] : table) {
        const auto record = read_one(resource);
        ASSERT_EQ(record.medications.size(), 1U) << resource;
        const auto& use = record.medications[0];
        EXPECT_EQ(record.resources[0].type, type) << resource;
        EXPECT_EQ(use.status, EventStatus::active) << resource;
        EXPECT_EQ(use.medication.text, "t") << resource;
        EXPECT_EQ(record.in(use.medication).size(), 1U) << resource;
        EXPECT_EQ(time_of(use.time), "2026-05-01T00:00:00Z") << resource;
        EXPECT_EQ(record.version, version) << resource;
    }
}

TEST(Versions, AnR5MedicationMayBeReferredTo) {
    const std::string medication = R"({"resourceType":"Medication","id":"m1","code":{"text":"warfarin"}})";
    const auto request = [](const std::string& members) { return of("MedicationRequest", members); };
    const auto elsewhere = record_of(
        "\"medications\":" + searchset(entry(request(R"("medication":{"reference":{"reference":"Medication/m1"}})")) +
                                       "," + entry(medication)));
    EXPECT_EQ(elsewhere.medications.at(0).medication.text, "warfarin");
    const auto contained =
        read_one(request(R"("contained":[)" + medication + R"(],"medication":{"reference":{"reference":"#m1"}})"));
    EXPECT_EQ(contained.medications.at(0).medication.text, "warfarin");
}

TEST(Versions, WhatWasNotTakenOrGivenIsNotDone) {
    const std::tuple<const char*, const char*, EventStatus> table[] = {
        {"MedicationStatement", R"("status":"active","wasNotTaken":true)", EventStatus::not_done},
        {"MedicationStatement", R"("status":"completed","taken":"n")", EventStatus::not_done},
        {"MedicationStatement", R"("taken":"n","status":"active")", EventStatus::not_done},
        {"MedicationStatement", R"("status":"active","taken":"unk")", EventStatus::active},
        {"MedicationStatement", R"("status":"intended","taken":"na")", EventStatus::intended},
        {"MedicationStatement", R"("status":"entered-in-error","taken":"n")", EventStatus::entered_in_error},
        {"MedicationAdministration", R"("status":"completed","wasNotGiven":true)", EventStatus::not_done},
        {"MedicationAdministration", R"("status":"in-progress","notGiven":true)", EventStatus::not_done},
        {"MedicationRequest", R"("status":"ended")", EventStatus::completed},
    };
    for (const auto& [type, members, status] : table) {
        EXPECT_EQ(read_one(of(type, members)).medications.at(0).status, status) << members;
    }
}

TEST(Versions, AdherenceSaysWhatARecordedStatementMeans) {
    const auto status = [](const std::string& members) {
        return read_one(of("MedicationStatement", members)).medications.at(0).status;
    };
    const auto adherence = [](const std::string& code) {
        return R"("adherence":{"code":{"coding":[{"code":")" + code + "\"}]}}";
    };
    const std::pair<const char*, EventStatus> table[] = {
        {"taking", EventStatus::active},        {"taking-not-as-directed", EventStatus::active},
        {"not-taking", EventStatus::not_taken}, {"on-hold-as-directed", EventStatus::on_hold},
        {"stopped", EventStatus::stopped},      {"stopped-not-as-directed", EventStatus::stopped},
        {"unknown", EventStatus::active}};
    for (const auto& [code, expected] : table) {
        EXPECT_EQ(status(R"("status":"recorded",)" + adherence(code)), expected) << code;
        EXPECT_EQ(status(adherence(code) + R"(,"status":"recorded")"), expected) << code;
    }
    const std::string ended = R"("status":"recorded","effectivePeriod":{"start":"2026-01-01","end":"2026-02-01"})";
    EXPECT_EQ(status(ended), EventStatus::completed);
    EXPECT_EQ(status(R"("status":"Recorded")"), EventStatus::active);
    EXPECT_EQ(status(ended + "," + adherence("taking")), EventStatus::active);
    EXPECT_EQ(status(R"("status":"active",)" + adherence("not-taking")), EventStatus::not_taken);
    EXPECT_EQ(status(R"("status":"entered-in-error",)" + adherence("taking")), EventStatus::entered_in_error);
    EXPECT_EQ(
        status(R"("status":"recorded","adherence":{"code":{"coding":[{"code":"taking"},{"code":"not-taking"}]}})"),
        EventStatus::not_taken);
}

}  // namespace
}  // namespace proctor::fhir::reading
