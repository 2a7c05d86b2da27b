// What a card offers to order: compose, seen from its suggestions.
#include "hooks/compose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/digest.h"
#include "base/json.h"
#include "hooks/hand_made.h"

namespace proctor::hooks::suggestions_test {
namespace {

using nlohmann::json;
using rules::Indicator;
using testing::at;
using testing::bleeding;
using testing::HandMade;
using ::testing::HasSubstr;
using testing::moment;

TEST(Suggestions, AnOrderIsSuggestedOnceOnTheMostUrgentCard) {
    HandMade made;
    const auto lesser = made.rule("A", Indicator::warning);
    const auto urgent = made.rule("B", Indicator::critical);
    made.order(lesser, "blood-count");
    made.order(urgent, "blood-count");
    made.fire(lesser);
    made.fire(urgent);
    const auto cards = made.cards();
    EXPECT_EQ(cards[0].suggestions.size(), 1U);
    EXPECT_TRUE(cards[1].suggestions.empty());
    EXPECT_EQ(cards[1].selectionBehavior, "");
}

TEST(Suggestions, AnOrderOfAnotherRegionIsNotSuggested) {
    HandMade made = bleeding();
    made.content.orders[0].regions = {"US"};
    EXPECT_TRUE(made.cards()[0].suggestions.empty());
    made.settings.region = "US";
    EXPECT_EQ(made.cards()[0].suggestions.size(), 1U);
}

struct Existing {
    const char* what;
    fhir::EventStatus status;
    bool prohibition;
    const char* ordered;
    bool draft;
    bool suggested;
};

TEST(Suggestions, WhatIsOrderedOrDraftedIsNotSuggestedAgain) {
    using fhir::EventStatus;
    const std::vector<Existing> table = {
        {"live", EventStatus::active, false, "2026-06-01T00:00:00Z", false, false},
        {"on hold", EventStatus::on_hold, false, "2026-06-01T00:00:00Z", false, false},
        {"drafted in the chart", EventStatus::draft, false, "2026-06-01T00:00:00Z", false, false},
        {"drafted now", EventStatus::draft, false, nullptr, true, false},
        {"undated", EventStatus::active, false, nullptr, false, false},
        {"180 days old", EventStatus::active, false, "2025-12-17T12:00:00Z", false, false},
        {"older", EventStatus::active, false, "2025-12-17T11:59:59Z", false, true},
        {"completed", EventStatus::completed, false, "2026-06-01T00:00:00Z", false, true},
        {"cancelled", EventStatus::cancelled, false, "2026-06-01T00:00:00Z", false, true},
        {"a prohibition", EventStatus::active, true, "2026-06-01T00:00:00Z", false, true},
    };
    for (const auto& row : table) {
        HandMade made = bleeding();
        made.content.orders[0].satisfiedBy = "order-blood-count";
        fhir::ServiceRequest request;
        request.resource = made.resource(fhir::ResourceType::service_request, "s1", row.draft);
        request.status = row.status;
        request.do_not_perform = row.prohibition;
        request.code.codings = made.coding("order-blood-count", "58410-2");
        if (row.ordered != nullptr) request.ordered = moment(row.ordered);
        made.record.service_requests.push_back(request);
        EXPECT_EQ(!made.cards()[0].suggestions.empty(), row.suggested) << row.what;
    }
}

TEST(Suggestions, AnUnrelatedOrderSatisfiesNothing) {
    HandMade made = bleeding();
    made.content.orders[0].satisfiedBy = "order-blood-count";
    fhir::ServiceRequest request;
    request.resource = made.resource(fhir::ResourceType::service_request, "s1");
    request.status = fhir::EventStatus::active;
    request.code.codings = made.coding("order-ct", "1234-5");
    made.record.service_requests.push_back(request);
    EXPECT_EQ(made.cards()[0].suggestions.size(), 1U);
}

TEST(Suggestions, ASuggestionIsACompleteServiceRequestDraft) {
    HandMade made = bleeding();
    made.content.orders[0].category = "108252007";
    made.content.orders[0].categoryDisplay = "Laboratory procedure";
    made.encounter = "e1";
    const auto cards = made.cards();
    const Suggestion& suggestion = cards[0].suggestions.at(0);
    EXPECT_EQ(suggestion.label, "Order blood-count");
    EXPECT_TRUE(is_uuid(suggestion.uuid));
    ASSERT_EQ(suggestion.actions.size(), 1U);
    EXPECT_EQ(suggestion.actions[0].type, "create");
    EXPECT_EQ(suggestion.actions[0].description, suggestion.label);
    EXPECT_EQ(json::parse(suggestion.actions[0].resource), json::parse(R"({
        "resourceType": "ServiceRequest", "status": "draft", "intent": "proposal",
        "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "108252007", "display": "Laboratory procedure"}],
                      "text": "Laboratory procedure"}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "code-blood-count", "display": "Display of blood-count"}],
                 "text": "Display of blood-count"},
        "subject": {"reference": "Patient/p1"}, "encounter": {"reference": "Encounter/e1"},
        "authoredOn": "2026-06-15T12:00:00Z", "reasonReference": [{"reference": "Condition/c1"}]})"));
}

TEST(Suggestions, ADraftRefersOnlyToValidIdsOfTheChart) {
    HandMade made = bleeding();
    auto& fired = made.outcome.fired[0];
    fired.evidence.push_back(made.resource(fhir::ResourceType::observation, ""));
    fired.evidence.push_back(made.resource(fhir::ResourceType::observation, "a/b"));
    fired.evidence.push_back(made.resource(fhir::ResourceType::medication_request, "new", true));
    fired.evidence.push_back(made.resource(fhir::ResourceType::patient, "p1"));
    for (const char* id : {"o1", "o2", "o3", "o4", "o5", "o6"}) {
        fired.evidence.push_back(made.resource(fhir::ResourceType::observation, id));
    }
    const auto resource = json::parse(made.cards()[0].suggestions.at(0).actions.at(0).resource);
    EXPECT_EQ(resource["reasonReference"].size(), 5U);
    EXPECT_EQ(resource["reasonReference"][1]["reference"], "Observation/o1");
    EXPECT_FALSE(resource.contains("supportingInfo"));
}

}  // namespace
}  // namespace proctor::hooks::suggestions_test
