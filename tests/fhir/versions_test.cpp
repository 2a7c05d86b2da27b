// What DSTU2, STU3 and R5 say otherwise than R4 reads the same; what was not done is never read as done; and whose
// shape a request has.
#include <gtest/gtest.h>

#include "fhir/reading_versions.h"

namespace proctor::fhir::reading {
namespace {

const std::string k_code = R"("code":{"coding":[{"system":"http://snomed.info/sct","code":"405729008"}]})";

TEST(Versions, ConditionsSayTheSame) {
    const std::pair<Version, std::string> table[] = {
        {Version::dstu2, of("Condition",
                            k_code + R"(,"clinicalStatus":"active","verificationStatus":"confirmed",)"
                                     R"("dateRecorded":"2026-05-01","onsetQuantity":{"value":40,"code":"a"})",
                            k_patient)},
        {Version::stu3, of("Condition", k_code + R"(,"clinicalStatus":"active","verificationStatus":"confirmed",)"
                                                 R"("assertedDate":"2026-05-01","onsetAge":{"value":40,"code":"a"})")},
        {Version::r4, of("Condition", k_code + R"(,"clinicalStatus":{"coding":[{"code":"active"}]},)"
                                               R"("verificationStatus":{"coding":[{"code":"confirmed"}]},)"
                                               R"("recordedDate":"2026-05-01","onsetAge":{"value":40,"code":"a"})")},
    };
    for (const auto& [version, resource] : table) {
        const auto record = record_of(R"("patient":{"resourceType":"Patient","id":"p1","birthDate":"1980-03-01"},)"
                                      R"("conditions":)" +
                                      searchset(entry(resource)));
        ASSERT_EQ(record.conditions.size(), 1U) << resource;
        const auto& condition = record.conditions[0];
        EXPECT_EQ(condition.clinical, ClinicalStatus::active) << resource;
        EXPECT_EQ(condition.verification, VerificationStatus::confirmed) << resource;
        EXPECT_EQ(time_of(condition.recorded), "2026-05-01T00:00:00Z") << resource;
        EXPECT_TRUE(condition.onset) << resource;
        EXPECT_EQ(record.version, version) << resource;
    }
}

TEST(Versions, AStatusAsCodeIsReadAsAnyOther) {
    const std::tuple<const char*, ClinicalStatus, VerificationStatus> table[] = {
        {R"("clinicalStatus":"resolved")", ClinicalStatus::resolved, VerificationStatus::none},
        {R"("clinicalStatus":"relapse")", ClinicalStatus::relapse, VerificationStatus::none},
        {R"("verificationStatus":"refuted")", ClinicalStatus::none, VerificationStatus::refuted},
        {R"("verificationStatus":"entered-in-error")", ClinicalStatus::none, VerificationStatus::entered_in_error},
        {R"("verificationStatus":"unknown")", ClinicalStatus::none, VerificationStatus::other},
        {R"("clinicalStatus":{"coding":[{"code":"unknown"}]})", ClinicalStatus::none, VerificationStatus::none}};
    for (const auto& [members, clinical, verification] : table) {
        const auto record = read_one(of("Condition", members));
        ASSERT_EQ(record.conditions.size(), 1U) << members;
        EXPECT_EQ(record.conditions[0].clinical, clinical) << members;
        EXPECT_EQ(record.conditions[0].verification, verification) << members;
    }
}

TEST(Versions, AbatementBooleanSaysWhichItIs) {
    EXPECT_TRUE(read_one(of("Condition", R"("abatementBoolean":true)")).conditions.at(0).abated);
    EXPECT_FALSE(read_one(of("Condition", R"("abatementBoolean":false)")).conditions.at(0).abated);
    EXPECT_EQ(read_one(of("Condition", R"("abatementBoolean":"false")")).unreadable, 1U);
    EXPECT_TRUE(read_one(of("Condition", R"("abatementQuantity":{"value":40})")).conditions.at(0).abated);
}

TEST(Versions, AnObservationOfRelatedMembersHasParts) {
    const auto parts = [](const std::string& members) {
        return read_one(of("Observation", members)).observations.at(0).has_parts;
    };
    EXPECT_TRUE(parts(R"("related":[{"type":"has-member","target":{"reference":"Observation/2"}}])"));
    EXPECT_TRUE(parts(R"("related":[{"type":"sequel-to"},{"target":{},"type":"has-member"}])"));
    EXPECT_FALSE(parts(R"("related":[{"type":"derived-from","target":{"reference":"Observation/2"}}])"));
    EXPECT_FALSE(parts(R"("related":[{"target":{"reference":"Observation/2"}}])"));
    EXPECT_TRUE(parts(R"("hasMember":[{"reference":"Observation/2"}])"));
}

TEST(Versions, AnInterpretationMayStandAlone) {
    for (const auto& form : {k_concept, "[" + k_concept + "]"}) {
        const auto record = read_one(of("Observation", "\"interpretation\":" + form));
        ASSERT_EQ(record.observations.at(0).interpretation.count, 1U) << form;
        EXPECT_EQ(record.in(record.observations[0].interpretation)[0].code, "c") << form;
    }
}

TEST(Versions, ReasonsOfAnEncounterAreConditions) {
    const std::tuple<Version, std::string, std::string> table[] = {
        {Version::dstu2, k_patient, R"("status":"finished","period":{"start":"2026-05-01"},"reason":[)" + k_concept},
        {Version::stu3, k_subject, R"("status":"finished","period":{"start":"2026-05-01"},"reason":[)" + k_concept},
        {Version::r4, k_subject, R"("status":"finished","period":{"start":"2026-05-01"},"reasonCode":[)" + k_concept},
        {Version::r5, k_subject,
         R"("status":"completed","actualPeriod":{"start":"2026-05-01"},)"
         R"("reason":[{"use":[{"text":"Chief complaint"}],"value":[{"concept":)" +
             k_concept + "}]}"},
    };
    for (const auto& [version, who, members] : table) {
        const auto record = read_one(of("Encounter", members + "]", who));
        ASSERT_EQ(record.conditions.size(), 1U) << members;
        EXPECT_EQ(record.conditions[0].code.text, "t") << members;
        EXPECT_EQ(record.in(record.conditions[0].code).size(), 1U) << members;
        EXPECT_EQ(time_of(record.conditions[0].recorded), "2026-05-01T00:00:00Z") << members;
        EXPECT_EQ(record.version, version) << members;
    }
}

TEST(Versions, SeveralReasonsOfOneR5EncounterStayApart) {
    const auto record = read_one(of("Encounter", R"("status":"in-progress","reason":[)"
                                                 R"({"value":[{"concept":{"text":"a"}},{"concept":{"text":"b"}}]},)"
                                                 R"({"value":[{"concept":{"text":"c"}}]}])"));
    ASSERT_EQ(record.conditions.size(), 3U);
    EXPECT_EQ(record.conditions[0].code.text, "a");
    EXPECT_EQ(record.conditions[1].code.text, "b");
    EXPECT_EQ(record.conditions[2].code.text, "c");
}

TEST(Versions, AnEncounterTookPlaceOrNot) {
    for (const char* status :
         {"arrived", "triaged", "in-progress", "finished", "discharged", "completed", "discontinued"})
        EXPECT_EQ(read_one(of("Encounter", R"("reason":[{"text":"x"}],"status":")" + std::string(status) + "\""))
                      .conditions.size(),
                  1U)
            << status;
    for (const char* status : {"planned", "onleave", "on-hold", "cancelled", "entered-in-error", "unknown", ""})
        EXPECT_EQ(read_one(of("Encounter", R"("reason":[{"text":"x"}],"status":")" + std::string(status) + "\""))
                      .conditions.size(),
                  0U)
            << status;
}

TEST(Versions, AReasonOfSomethingElseIsNoCondition) {
    for (const char* type : {"Procedure", "MedicationRequest", "DiagnosticOrder", "ReferralRequest", "ServiceRequest"})
        EXPECT_TRUE(read_one(of(type, R"("reason":[{"concept":{"text":"x"}}])")).conditions.empty()) << type;
    EXPECT_TRUE(read_one(of("ReferralRequest", R"("reason":{"text":"x"})")).conditions.empty());
}

TEST(Versions, ProceduresHappenedOrNot) {
    const std::tuple<const char*, EventStatus, const char*> table[] = {
        {R"("status":"completed","performedDateTime":"2026-05-01")", EventStatus::completed, "2026-05-01T00:00:00Z"},
        {R"("status":"completed","occurrenceDateTime":"2026-05-01")", EventStatus::completed, "2026-05-01T00:00:00Z"},
        {R"("status":"completed","occurrencePeriod":{"start":"2026-04-01","end":"2026-05-01"})", EventStatus::completed,
         "2026-05-01T00:00:00Z"},
        {R"("status":"completed","occurrenceTiming":{"event":["2026-04-01","2026-05-01"]})", EventStatus::completed,
         "2026-05-01T00:00:00Z"},
        {R"("status":"completed","notPerformed":true)", EventStatus::not_done, "none"},
        {R"("notPerformed":true,"status":"completed")", EventStatus::not_done, "none"},
        {R"("status":"completed","notDone":true)", EventStatus::not_done, "none"},
        {R"("status":"in-progress","notDone":true)", EventStatus::not_done, "none"},
        {R"("status":"completed","notDone":false)", EventStatus::completed, "none"},
        {R"("status":"entered-in-error","notDone":true)", EventStatus::entered_in_error, "none"},
        {R"("status":"aborted")", EventStatus::stopped, "none"},
        {R"("status":"suspended")", EventStatus::on_hold, "none"},
    };
    for (const auto& [members, status, performed] : table) {
        const auto record = read_one(of("Procedure", members));
        ASSERT_EQ(record.procedures.size(), 1U) << members;
        EXPECT_EQ(record.procedures[0].status, status) << members;
        EXPECT_EQ(time_of(record.procedures[0].performed), performed) << members;
    }
}

TEST(Versions, AProcedureFocusedElsewhereIsNotThePatients) {
    EXPECT_TRUE(read_one(of("Procedure", R"("focus":{"reference":"RelatedPerson/2"})")).procedures.empty());
    EXPECT_EQ(read_one(of("Procedure", R"("focus":{"reference":"Patient/p1"})")).procedures.size(), 1U);
    EXPECT_TRUE(read_one(of("ServiceRequest", R"("focus":[{"reference":"Patient/p2"}])")).service_requests.empty());
}

TEST(Versions, OrdersSayTheSame) {
    const std::tuple<Version, std::string, const char*> table[] = {
        {Version::dstu2,
         of("DiagnosticOrder", R"("status":"requested","item":[{"code":)" + k_concept +
                                   R"(}],"event":[{"status":"completed","dateTime":"2026-05-02"},)"
                                   R"({"status":"requested","dateTime":"2026-05-01"}])"),
         "DiagnosticOrder"},
        {Version::dstu2, of("ProcedureRequest", R"("status":"accepted","orderedOn":"2026-05-01","code":)" + k_concept),
         "ProcedureRequest"},
        {Version::dstu2,
         of("ReferralRequest", R"("status":"requested","date":"2026-05-01","serviceRequested":[)" + k_concept + "]",
            k_patient),
         "ReferralRequest"},
        {Version::stu3,
         of("ProcedureRequest", R"("status":"active","intent":"order","authoredOn":"2026-05-01","code":)" + k_concept),
         "ProcedureRequest"},
        {Version::stu3,
         of("ReferralRequest", R"("status":"active","authoredOn":"2026-05-01","serviceRequested":[)" + k_concept + "]"),
         "ReferralRequest"},
        {Version::r4, of("ServiceRequest", R"("status":"active","authoredOn":"2026-05-01","code":)" + k_concept),
         "ServiceRequest"},
        {Version::r5,
         of("ServiceRequest", R"("status":"active","authoredOn":"2026-05-01","code":{"concept":)" + k_concept + "}"),
         "ServiceRequest"},
    };
    for (const auto& [version, resource, name] : table) {
        const auto record = read_one(resource);
        ASSERT_EQ(record.service_requests.size(), 1U) << resource;
        const auto& order = record.service_requests[0];
        EXPECT_EQ(order.status, EventStatus::active) << resource;
        EXPECT_EQ(order.code.text, "t") << resource;
        EXPECT_EQ(record.in(order.code).size(), 1U) << resource;
        EXPECT_EQ(time_of(order.ordered), "2026-05-01T00:00:00Z") << resource;
        EXPECT_EQ(type_name(record.resources[0]), name);
        EXPECT_EQ(record.version, version) << resource;
    }
}

TEST(Versions, EachItemOfAnOrderIsAnOrder) {
    const auto record =
        read_one(of("DiagnosticOrder", R"("status":"requested","item":[{"code":{"text":"a"}},)"
                                       R"({"code":{"text":"b"},"status":"rejected"},{"status":"failed"}])"));
    ASSERT_EQ(record.service_requests.size(), 3U);
    EXPECT_EQ(record.service_requests[0].status, EventStatus::active);
    EXPECT_EQ(record.service_requests[1].status, EventStatus::cancelled);
    EXPECT_EQ(record.service_requests[1].code.text, "b");
    EXPECT_EQ(record.service_requests[2].status, EventStatus::cancelled);
    EXPECT_EQ(record.resources.size(), 1U);
}

TEST(Versions, AnItemCannotOutliveItsOrder) {
    const auto record = read_one(of("DiagnosticOrder", R"("item":[{"status":"requested"}],"status":"cancelled")"));
    EXPECT_EQ(record.service_requests.at(0).status, EventStatus::cancelled);
}

TEST(Versions, TheStatusOfAnOldOrder) {
    const std::pair<const char*, EventStatus> table[] = {{"proposed", EventStatus::draft},
                                                         {"draft", EventStatus::draft},
                                                         {"planned", EventStatus::draft},
                                                         {"requested", EventStatus::active},
                                                         {"received", EventStatus::active},
                                                         {"accepted", EventStatus::active},
                                                         {"in-progress", EventStatus::active},
                                                         {"review", EventStatus::active},
                                                         {"suspended", EventStatus::on_hold},
                                                         {"completed", EventStatus::completed},
                                                         {"aborted", EventStatus::stopped},
                                                         {"rejected", EventStatus::cancelled},
                                                         {"failed", EventStatus::cancelled},
                                                         {"cancelled", EventStatus::cancelled},
                                                         {"", EventStatus::other}};
    for (const auto& [status, expected] : table) {
        const auto members = R"("status":")" + std::string(status) + "\"";
        EXPECT_EQ(read_one(of("ProcedureRequest", members)).service_requests.at(0).status, expected) << status;
    }
    EXPECT_EQ(read_one(of("ServiceRequest", R"("status":"in-progress")")).service_requests.at(0).status,
              EventStatus::in_progress);
}

TEST(Versions, AModifierOfAnotherTypeSpoilsTheResource) {
    for (const char* name : {"notPerformed", "notDone", "wasNotGiven", "notGiven", "wasNotTaken", "doNotPerform"}) {
        for (const char* value : {R"("true")", "1", "{}", R"([true])"}) {
            const auto record = read_one(of("Procedure", "\"" + std::string(name) + "\":" + value));
            EXPECT_TRUE(record.procedures.empty()) << name << value;
            EXPECT_EQ(record.unreadable, 1U) << name << value;
        }
    }
    for (const char* members : {R"("taken":"no")", R"("taken":false)", R"("taken":"N")", R"("adherence":"not-taking")",
                                R"("adherence":[{"code":{"coding":[{"code":"not-taking"}]}}])", R"("medication":"x")"})
        EXPECT_EQ(read_one(of("MedicationStatement", members)).unreadable, 1U) << members;
    for (const char* members : {R"("item":{"code":{"text":"x"}})", R"("item":[5])", R"("item":[{"status":5}])",
                                R"("serviceRequested":{"text":"x"})"})
        EXPECT_EQ(read_one(of("DiagnosticOrder", members)).unreadable, 1U) << members;
}

TEST(Versions, AMemberOfTwoVersionsIsNoDuplicate) {
    const auto record = read_one(of("Condition", R"("recordedDate":"2026-05-01","assertedDate":"2026-05-01")"));
    EXPECT_EQ(time_of(record.conditions.at(0).recorded), "2026-05-01T00:00:00Z");
    EXPECT_EQ(read_one(of("Condition", R"("assertedDate":"2026-05-01","assertedDate":"2026-05-02")")).unreadable, 1U);
}

TEST(Versions, OrdersOfTwoTypesMayShareAnId) {
    const auto record = record_of("\"conditions\":" + searchset(entry(of("ProcedureRequest", k_code)) + "," +
                                                                entry(of("ReferralRequest", k_code)) + "," +
                                                                entry(of("ReferralRequest", k_code))));
    EXPECT_EQ(record.service_requests.size(), 2U);
}

TEST(Versions, DraftOrdersOfEveryVersionAreDrafts) {
    for (const auto& resource :
         {of("DiagnosticOrder", R"("status":"proposed","item":[{"code":{"text":"x"}}])"),
          of("ReferralRequest", R"("status":"draft","serviceRequested":[{"text":"x"}])", k_patient),
          of("ProcedureRequest", R"("status":"draft","intent":"proposal","code":{"text":"x"})"),
          of("ServiceRequest", R"("status":"draft","intent":"proposal","code":{"concept":{"text":"x"}})")}) {
        const auto document =
            read(R"({"context":{"patientId":"p1","draftOrders":)" + searchset(entry(resource)) + "}}");
        ASSERT_TRUE(document) << resource;
        ASSERT_EQ(document->record.service_requests.size(), 1U) << resource;
        EXPECT_EQ(document->record.service_requests[0].status, EventStatus::draft) << resource;
        EXPECT_EQ(document->record.service_requests[0].code.text, "x") << resource;
        EXPECT_TRUE(document->record.resources[0].draft) << resource;
    }
}

TEST(Shape, AResourceThatAllVersionsWriteAlikeSaysNothing) {
    EXPECT_EQ(read_one(of("Observation", k_code + R"(,"status":"final","effectiveDateTime":"2026-05-01")")).version,
              std::nullopt);
    EXPECT_EQ(record_of(R"("conditions":null)").version, std::nullopt);
}

TEST(Shape, TheMajorityDecidesAndR4WhereNobodyCan) {
    const auto of_all = [](std::initializer_list<std::string> resources) {
        std::string entries;
        for (const auto& resource : resources) entries += (entries.empty() ? "" : ",") + entry(resource);
        return record_of("\"conditions\":" + searchset(entries)).version;
    };
    const auto r4 = of("Encounter", R"("status":"finished","reasonCode":[])");
    const auto stu3 = of("Condition", R"("assertedDate":"2026")");
    const auto r5 = of("Procedure", R"("occurrenceDateTime":"2026")");
    EXPECT_EQ(of_all({stu3, r5, stu3}), Version::stu3);
    EXPECT_EQ(of_all({r5, stu3, r5}), Version::r5);
    EXPECT_EQ(of_all({stu3, r4}), Version::r4);
    EXPECT_EQ(of_all({of("Condition", R"("recordedDate":"2026")")}), Version::r4);
    EXPECT_EQ(of_all({of("Observation", R"("category":{"text":"x"})")}), Version::dstu2);
    EXPECT_EQ(of_all({of("Observation", R"("category":[{"text":"x"}])")}), std::nullopt);
}

TEST(Shape, TheChartSpeaksBeforeLaterDrafts) {
    auto record = bundle(searchset(R"({"resource":{"resourceType":"Patient","id":"p1"}},)" +
                                   entry(of("Condition", R"("assertedDate":"2026")"))));
    ASSERT_TRUE(record);
    ASSERT_TRUE(add_drafts(*record, PaddedJson(searchset(entry(of("ServiceRequest", R"("code":{"concept":{}})")))),
                           {codes(), Zone{}}));
    EXPECT_EQ(record->version, Version::stu3);
}

}  // namespace
}  // namespace proctor::fhir::reading
