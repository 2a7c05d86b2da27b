// The envelope of a CDS Hooks request: its members, the authorization, and where clients deviate.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fhir/reading.h"

namespace proctor::fhir::reading {
namespace {

using testing::ElementsAre;

TEST(HookRequest, EnvelopeIsReadInAnyOrder) {
    const auto document = read(
        R"({"prefetch":{"patient":null,"x":1},"fhirAuthorization":{"access_token":"t"},"context":{"encounterId":"e",
        "patientId":"Patient\/p1","userId":"Practitioner/\u0031","more":[]},"fhirServer":"https://ehr","hookInstance":"i","hook":"patient-view","extension":{}})");
    ASSERT_TRUE(document);
    const auto& envelope = document->envelope;
    EXPECT_EQ(envelope.hook, "patient-view");
    EXPECT_EQ(envelope.hookInstance, "i");
    EXPECT_EQ(envelope.fhirServer, "https://ehr");
    ASSERT_TRUE(envelope.fhirAuthorization);
    EXPECT_EQ(envelope.fhirAuthorization->access_token.text, "t");
    EXPECT_EQ(envelope.patientId, "p1");
    EXPECT_EQ(envelope.userId, "Practitioner/1");
    EXPECT_EQ(envelope.encounterId, "e");
    EXPECT_THAT(envelope.context_members, ElementsAre("encounterId", "patientId", "userId", "more"));
    EXPECT_THAT(envelope.prefetch_members, ElementsAre("patient", "x"));
    EXPECT_TRUE(envelope.has_prefetch);
}

TEST(HookRequest, MissingAndNullMembersAreLeftEmpty) {
    for (const std::string json :
         {"{}", R"({"hook":null,"context":null,"prefetch":null,"fhirAuthorization":null,"fhirServer":null})"}) {
        const auto document = read(json);
        ASSERT_TRUE(document) << json;
        EXPECT_EQ(document->envelope.hook, "");
        EXPECT_FALSE(document->envelope.has_prefetch);
        EXPECT_FALSE(document->envelope.fhirAuthorization);
        for (const auto supply : document->record.supply) EXPECT_EQ(supply, Supply::absent);
    }
}

TEST(HookRequest, WrongTypesInTheEnvelopeAreRefused) {
    for (const std::string json :
         {R"({"hook":1})", R"({"hookInstance":[]})", R"({"fhirServer":{}})", R"({"context":[]})", R"({"context":"x"})",
          R"({"prefetch":[]})", R"({"prefetch":true})", R"({"context":{"patientId":1}})",
          R"({"context":{"userId":{}}})", R"({"context":{"encounterId":false}})", R"({"context":{"draftOrders":"x"}})",
          R"({"context":{"draftOrders":[null]}})",
          R"({"context":{"draftOrders":{"resourceType":"Bundle","entry":{}}}})",
          R"({"context":{"draftOrders":{"resourceType":"OperationOutcome"}}})", R"({"context":{"conditions":true}})",
          R"({"context":{"selections":[1]}})", R"({"context":{"selections":{}}})"}) {
        EXPECT_FALSE(read(json)) << json;
    }
}

TEST(HookRequest, AuthorizationIsReadWithWhateverElseItHolds) {
    const auto document = read(
        R"({"fhirAuthorization":{"extension":{"x":[1]},"access_token":"a.b","token_type":"Bearer","expires_in":300,
        "scope":"patient\/Observation.rs","subject":"proctor","patient":"Patient/p1","refresh":null}})");
    ASSERT_TRUE(document);
    ASSERT_TRUE(document->envelope.fhirAuthorization);
    const auto& authorization = *document->envelope.fhirAuthorization;
    EXPECT_EQ(authorization.access_token.text, "a.b");
    EXPECT_EQ(authorization.token_type, "Bearer");
    EXPECT_EQ(authorization.scope, "patient/Observation.rs");
    EXPECT_EQ(authorization.subject, "proctor");
    EXPECT_EQ(authorization.patient, "p1");
}

TEST(HookRequest, AuthorizationWithoutMembersIsThereAndEmpty) {
    for (const std::string members : {"", R"("access_token":null,"patient":null)"}) {
        const auto document = read(R"({"fhirAuthorization":{)" + members + "}}");
        ASSERT_TRUE(document);
        ASSERT_TRUE(document->envelope.fhirAuthorization);
        EXPECT_EQ(document->envelope.fhirAuthorization->access_token.text, "");
        EXPECT_EQ(document->envelope.fhirAuthorization->patient, "");
    }
}

TEST(HookRequest, ExpiresInMayBeANumberOrAText) {
    for (const std::string expires_in : {"300", "\"300\"", "3e2", "null"})
        EXPECT_TRUE(read(R"({"fhirAuthorization":{"access_token":"t","expires_in":)" + expires_in + "}}"))
            << expires_in;
}

TEST(HookRequest, TokenTypeIsBearerInAnyCase) {
    const std::pair<const char*, const char*> table[] = {{"Bearer", "Bearer"},   {"bearer", "Bearer"},
                                                         {"BEARER", "Bearer"},   {"mac", "mac"},
                                                         {"Bearer ", "Bearer "}, {"bear", "bear"}};
    for (const auto& [written, expected] : table) {
        const auto document = read(R"({"fhirAuthorization":{"token_type":")" + std::string(written) + "\"}}");
        ASSERT_TRUE(document) << written;
        EXPECT_EQ(document->envelope.fhirAuthorization->token_type, expected);
    }
}

TEST(HookRequest, WrongTypesInTheAuthorizationAreRefusedWithTheirPlace) {
    const std::pair<const char*, const char*> table[] = {
        {R"("x")", "/fhirAuthorization"},
        {"[]", "/fhirAuthorization"},
        {"true", "/fhirAuthorization"},
        {R"({"access_token":1})", "/fhirAuthorization/access_token"},
        {R"({"token_type":{}})", "/fhirAuthorization/token_type"},
        {R"({"scope":["a"]})", "/fhirAuthorization/scope"},
        {R"({"subject":false})", "/fhirAuthorization/subject"},
        {R"({"patient":7})", "/fhirAuthorization/patient"},
        {R"({"patient":"p1","patient":"p2"})", "/fhirAuthorization"},
        {R"({"access_token":"a","access_toke\u006e":"b"})", "/fhirAuthorization"},
    };
    for (const auto& [value, where] : table) {
        const auto document = read(R"({"fhirAuthorization":)" + std::string(value) + "}");
        ASSERT_FALSE(document) << value;
        EXPECT_EQ(document.error().where, where) << value;
    }
}

TEST(HookRequest, AServersTrailingSlashesAreDropped) {
    const std::pair<const char*, const char*> table[] = {{"https://ehr.example/fhir", "https://ehr.example/fhir"},
                                                         {"https://ehr.example/fhir/", "https://ehr.example/fhir"},
                                                         {"https://ehr.example//", "https://ehr.example"},
                                                         {"/", ""}};
    for (const auto& [written, expected] : table) {
        const auto document = read(R"({"fhirServer":")" + std::string(written) + "\"}");
        ASSERT_TRUE(document) << written;
        EXPECT_EQ(document->envelope.fhirServer, expected);
    }
}

TEST(HookRequest, AnExtensionIsNeverLookedAt) {
    for (const std::string extension :
         {R"({"com.epic.cdshooks.request.bpa-trigger-action":{"system":"urn:x","code":"23"}})", "{}", "[]", "null",
          "\"x\"", "7"}) {
        std::string json = R"({"hook":"patient-view","extension":)";
        json.append(extension).append(R"(,"context":{"patientId":"p1","extension":)").append(extension).append("}}");
        const auto document = read(json);
        ASSERT_TRUE(document) << extension;
        EXPECT_EQ(document->envelope.hook, "patient-view");
        EXPECT_EQ(document->envelope.patientId, "p1");
    }
}

TEST(HookRequest, DuplicateMembersOfTheEnvelopeAreRefused) {
    for (const std::string json :
         {R"({"hook":"a","hook":"a"})", R"({"x":1,"y":2,"x":3})", R"({"hook":"a","\u0068ook":"a"})",
          R"({"context":{},"context":{}})", R"({"context":{"patientId":"a","patientId":"b"}})",
          R"({"context":{"z":1,"z":1}})", R"({"prefetch":{"a":1,"a":1}})",
          R"({"prefetch":{"patient":null,"patien\u0074":null}})", R"({"prefetch":{},"prefetch":{}})"}) {
        const auto document = read(json);
        ASSERT_FALSE(document) << json;
        EXPECT_EQ(document.error().message, "a duplicate member");
    }
    EXPECT_TRUE(read(R"({"x":{"a":1,"a":1}})"));
}

}  // namespace
}  // namespace proctor::fhir::reading
