#include "app/hook_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "hooks/settings.h"
#include "rules/parse_json.h"

namespace proctor::app {
namespace {

using testing::HasSubstr;

fhir::Instant now() { return fhir::read_instant("2026-06-15T12:00:00Z").value(); }

constexpr const char* k_bundle = R"({"resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "Patient", "id": "p1"}},
    {"resource": {"resourceType": "Condition", "id": "c1", "recordedDate": "${-P3D}"}},
    {"resource": {"resourceType": "Observation", "id": "o1", "category": [{"coding": [{"code": "laboratory"}]}],
                  "valueQuantity": {"value": 7.10}}},
    {"resource": {"resourceType": "Observation", "id": "o2", "category": [{"coding": [{"code": "social-history"}]}]}},
    {"resource": {"resourceType": "Claim", "id": "x"}}]})";

TEST(HookRequest, FillsEveryPrefetchKeyAsASearchWould) {
    const auto request = make_hook_request(k_bundle, "patient-view", now());
    ASSERT_TRUE(request.ok());
    const auto json = rules::parse_json(request->json);
    ASSERT_TRUE(json.ok());
    const auto* prefetch = json->find("prefetch");
    ASSERT_NE(prefetch, nullptr);
    for (const auto& [key, source] : hooks::default_keys()) EXPECT_NE(prefetch->find(key), nullptr) << key;
    EXPECT_EQ(prefetch->find("patient")->find("id")->text, "p1");
    EXPECT_EQ(prefetch->find("conditions")->find("entry")->items.size(), 1U);
    EXPECT_EQ(prefetch->find("laboratory")->find("entry")->items.size(), 1U);
    EXPECT_EQ(prefetch->find("survey")->find("entry"), nullptr);
    EXPECT_EQ(request->left_out, 2U);
}

TEST(HookRequest, IsCompleteAndRepeatable) {
    const auto request = make_hook_request(k_bundle, "patient-view", now());
    ASSERT_TRUE(request.ok());
    const auto json = rules::parse_json(request->json);
    EXPECT_EQ(json->find("hook")->text, "patient-view");
    EXPECT_TRUE(is_uuid(json->find("hookInstance")->text));
    EXPECT_EQ(json->find("context")->find("patientId")->text, "p1");
    EXPECT_EQ(make_hook_request(k_bundle, "patient-view", now())->json, request->json);
}

TEST(HookRequest, RendersDatesAndKeepsDigits) {
    const auto request = make_hook_request(k_bundle, "patient-view", now());
    ASSERT_TRUE(request.ok());
    EXPECT_THAT(request->json, HasSubstr("2026-06-12T12:00:00Z"));
    EXPECT_THAT(request->json, HasSubstr("7.10"));
}

TEST(HookRequest, CarriesWhatTheContextAddsAndAsksOnlyForWhatTheServiceDoes) {
    const auto request = make_hook_request(
        k_bundle, "order-sign", now(),
        R"({"userId": "Practitioner/7", "draftOrders": {"resourceType": "Bundle", "timestamp": "${-P1D}"}})");
    ASSERT_TRUE(request.ok());
    const auto json = rules::parse_json(request->json);
    EXPECT_EQ(json->find("hook")->text, "order-sign");
    EXPECT_EQ(json->find("context")->find("patientId")->text, "p1");
    EXPECT_EQ(json->find("context")->find("userId")->text, "Practitioner/7");
    EXPECT_EQ(json->find("context")->find("draftOrders")->find("timestamp")->text, "2026-06-14T12:00:00Z");
    EXPECT_NE(json->find("prefetch")->find("conditions"), nullptr);
    EXPECT_EQ(json->find("prefetch")->find("medicationRequests"), nullptr);
    EXPECT_FALSE(make_hook_request(k_bundle, "order-sign", now(), "[]").ok());
    EXPECT_FALSE(make_hook_request(k_bundle, "order-sign", now(), "{").ok());
    EXPECT_FALSE(make_hook_request(k_bundle, "medication-prescribe", now()).ok());
}

TEST(HookRequest, SaysWhatTheBundleLacks) {
    EXPECT_THAT(describe(make_hook_request("{}", "patient-view", now()).error()), HasSubstr("not a FHIR Bundle"));
    EXPECT_THAT(describe(make_hook_request(R"({"resourceType": "Bundle"})", "patient-view", now()).error()),
                HasSubstr("no Patient"));
    EXPECT_FALSE(make_hook_request("[", "patient-view", now()).ok());
}

}  // namespace
}  // namespace proctor::app
