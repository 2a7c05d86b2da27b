// What the context says is being written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fhir/reading.h"

namespace proctor::fhir::reading {
namespace {

using testing::ElementsAre;

const std::string k_condition = R"({"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"}})";

TEST(DraftOrders, AreReadAsDraftsFromTheContext) {
    const std::string drafts = searchset(
        entry(R"({"resourceType":"ServiceRequest","id":"s1","status":"draft","subject":{"reference":"Patient/p1"}})") +
        "," +
        entry(
            R"({"resourceType":"MedicationRequest","id":"m1","status":"draft","subject":{"reference":"Patient/p1"}})") +
        "," +
        entry(
            R"({"resourceType":"MedicationRequest","id":"m2","status":"draft","subject":{"reference":"Patient/p2"}})") +
        "," + entry(k_condition));
    const auto document = read(
        R"({"prefetch":{"medications":)" +
        searchset(entry(
            R"({"resourceType":"MedicationRequest","id":"m1","status":"active","subject":{"reference":"Patient/p1"}})")) +
        R"(},"context":{"draftOrders":)" + drafts + R"(,"patientId":"p1"}})");
    ASSERT_TRUE(document);
    const auto& record = document->record;
    ASSERT_EQ(record.service_requests.size(), 1U);
    EXPECT_TRUE(record.resources[record.service_requests[0].resource].draft);
    ASSERT_EQ(record.medications.size(), 2U);
    EXPECT_FALSE(record.resources[record.medications[0].resource].draft);
    EXPECT_TRUE(record.resources[record.medications[1].resource].draft);
    EXPECT_TRUE(record.conditions.empty());
    EXPECT_EQ(record.other_patient, 1U);
    for (const auto source : {Source::service_request, Source::medication_request})
        EXPECT_NE(record[source], Supply::failed);
}

// A request for p1 with these further members of context.
Result<HookDocument> with_context(const std::string& members) {
    return read(R"({"context":{"patientId":"p1",)" + members + "}}");
}

std::string draft(const std::string& type, const std::string& members) {
    return R"({"resourceType":")" + type + R"(","status":"draft","subject":{"reference":"Patient/p1"},)" + members +
           "}";
}

// The ids of the drafts that the hook is about.
std::vector<std::string> selected(const std::string& selections) {
    const auto document = with_context(R"("draftOrders":[)" + draft("MedicationRequest", R"("id":"1")") + "," +
                                       draft("ServiceRequest", R"("id":"1")") + "," +
                                       draft("MedicationRequest", R"("id":"21")") + "]" + selections);
    EXPECT_TRUE(document);
    std::vector<std::string> ids;
    if (!document) return ids;
    for (const auto& resource : document->record.resources) {
        if (resource.selected) ids.push_back(std::string(print(resource.type)) + '/' + std::string(resource.id));
    }
    return ids;
}

TEST(DraftOrders, AreSelectedByTypeAndIdOrAllOfThem) {
    using testing::IsEmpty;
    const auto all = ElementsAre("MedicationRequest/1", "ServiceRequest/1", "MedicationRequest/21");
    EXPECT_THAT(selected(""), all);
    EXPECT_THAT(selected(R"(,"selections":[])"), all);
    EXPECT_THAT(selected(R"(,"selections":["MedicationRequest/1"])"), ElementsAre("MedicationRequest/1"));
    EXPECT_THAT(selected(R"(,"selections":["https://ehr/fhir/MedicationRequest/21"])"),
                ElementsAre("MedicationRequest/21"));
    EXPECT_THAT(selected(R"(,"selection":"MedicationRequest/21")"), ElementsAre("MedicationRequest/21"));
    EXPECT_THAT(selected(R"(,"selections":["1"])"), ElementsAre("MedicationRequest/1", "ServiceRequest/1"));
    EXPECT_THAT(selected(R"(,"selections":["NutritionOrder/1"])"), IsEmpty());
}

TEST(DraftOrders, AreSelectedInAVersionOrByTheirFullUrl) {
    EXPECT_THAT(selected(R"(,"selections":["MedicationRequest/1/_history/2"])"), ElementsAre("MedicationRequest/1"));
    const auto document = with_context(
        R"("selections":["urn:uuid:2"],"draftOrders":{"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:1","resource":)" +
        draft("MedicationRequest", R"("id":"1","medicationCodeableConcept":{"text":"Senna"})") + R"(},{"resource":)" +
        draft("MedicationRequest", R"("id":"2","medicationCodeableConcept":{"text":"Senna"})") +
        R"(,"fullUrl":"urn:uuid:2"}]})");
    ASSERT_TRUE(document);
    ASSERT_EQ(document->record.resources.size(), 2u);
    EXPECT_FALSE(document->record.resources[0].selected);
    EXPECT_TRUE(document->record.resources[1].selected);
    EXPECT_EQ(document->record.unreadable_drafts, 0u);
}

// What was selected and did not come may be any order. Of a type that no rule reads it is none that matters.
TEST(DraftOrders, ASelectionThatNamesNoneIsAnUnreadableDraft) {
    const auto missed = [](const std::string& selections, const std::string& id = R"("id":"1",)") {
        const auto document =
            with_context(R"("selections":[)" + selections + R"(],"draftOrders":[)" +
                         draft("MedicationRequest", id + R"("medicationCodeableConcept":{"text":"Senna"})") + "]");
        EXPECT_TRUE(document);
        return document ? document->record.unreadable_drafts : 99;
    };
    const std::pair<const char*, std::uint32_t> table[] = {{"", 0},
                                                           {R"("MedicationRequest/1")", 0},
                                                           {R"("1")", 0},
                                                           {R"("MedicationRequest/2")", 1},
                                                           {R"("https://ehr/fhir/ServiceRequest/1/_history/1")", 1},
                                                           {R"("2")", 1},
                                                           {R"("")", 1},
                                                           {R"("https://ehr/a_b/MedicationRequest/1")", 0},
                                                           {R"("urn:uuid:2")", 1},
                                                           {R"("MedicationRequest/1","MedicationRequest/2")", 1},
                                                           {R"("NutritionOrder/2","DeviceRequest/1")", 0}};
    for (const auto& [selections, count] : table) EXPECT_EQ(missed(selections), count) << selections;
    EXPECT_EQ(missed(R"("MedicationRequest/2","urn:uuid:2","2")", ""), 0u) << "perhaps the one without an id";
    EXPECT_EQ(missed(R"("ServiceRequest/2")", ""), 1u);
}

TEST(DraftOrders, WithoutASubjectAreThePatientsAndOneThatIsNotFhirIsCounted) {
    const auto document = with_context(
        R"("encounterId":"Encounter/e1","draftOrders":{"resourceType":"Bundle","type":"collection","entry":[)" +
        entry(R"({"resourceType":"MedicationRequest","status":"draft","medicationReference":{"display":"Senna"}})") +
        "," + entry(draft("MedicationRequest", R"("medicationCodeableConcept":1)")) + "]}");
    ASSERT_TRUE(document);
    EXPECT_EQ(document->envelope.encounterId, "e1");
    EXPECT_TRUE(document->envelope.has_draftOrders);
    EXPECT_FALSE(document->envelope.has_selections);
    EXPECT_EQ(document->record.medications.size(), 1u);
    EXPECT_EQ(document->record.unreadable_drafts, 1u);
}

TEST(DraftOrders, OfSomebodyWhoCannotBeResolvedAreUnreadable) {
    const auto unreadable = [](const std::string& reference) {
        const auto document = with_context(
            R"("draftOrders":[{"resourceType":"MedicationRequest","status":"draft","subject":{"reference":")" +
            reference + R"("},"medicationCodeableConcept":{"text":"Senna"}}])");
        EXPECT_TRUE(document);
        return document ? document->record.unreadable_drafts : 99;
    };
    EXPECT_EQ(unreadable("urn:uuid:1"), 1u);
    EXPECT_EQ(unreadable("Patient/p2"), 0u);
    EXPECT_EQ(unreadable("Patient/p1"), 0u);
}

TEST(DraftOrders, AreNamedByTheDisplayOfAMedicationThatNobodySupplied) {
    const auto document = with_context(
        R"("draftOrders":[)" +
        draft("MedicationRequest",
              R"("medicationReference":{"reference":"Medication/x","display":"IBUPROFEN 400 MG PO TABS"})") +
        "," + draft("MedicationRequest", R"("medicationReference":{"display":"ASPIRIN 75 MG"})") + "]");
    ASSERT_TRUE(document);
    ASSERT_EQ(document->record.medications.size(), 2u);
    EXPECT_EQ(document->record.medications[0].medication.text, "IBUPROFEN 400 MG PO TABS");
    EXPECT_EQ(document->record.medications[1].medication.text, "ASPIRIN 75 MG");
}

// It may be any.
TEST(DraftOrders, OfAMedicationWithoutANameAreUnreadable) {
    const auto document = with_context(
        R"("draftOrders":[)" + draft("MedicationRequest", R"("medicationReference":{"reference":"Medication/x"})") +
        "," + draft("MedicationRequest", R"("medicationCodeableConcept":{"text":"Senna"})") + "]");
    ASSERT_TRUE(document);
    EXPECT_EQ(document->record.unreadable_drafts, 1u);
}

// A Medication without an address is not what a reference without one means.
TEST(DraftOrders, AreNotNamedByAMedicationThatTheyDoNotReferTo) {
    const auto document = with_context(
        R"("draftOrders":[)" + draft("Medication", R"("id":"m1","code":{"text":"Paracetamol"})") + "," +
        draft("MedicationRequest", R"("medicationReference":{"reference":"Medication/m1","display":"x"})") + "," +
        draft("MedicationRequest", R"("medicationReference":{"display":"warfarin 5 MG"})") + "," +
        draft("Medication", R"("id":"m2")") + "," +
        draft("MedicationRequest", R"("medicationReference":{"reference":"Medication/m2","display":"apixaban"})") +
        "]");
    ASSERT_TRUE(document);
    std::vector<std::string_view> texts;
    for (const auto& use : document->record.medications) texts.push_back(use.medication.text);
    EXPECT_EQ(texts, (std::vector<std::string_view>{"Paracetamol", "warfarin 5 MG", "apixaban"}));
}

TEST(DraftConditions, AreTheConditionsOfTheContextAlone) {
    const std::string condition =
        R"({"resourceType":"Condition","category":"problem-list-item","subject":{"reference":"Patient/p1"}})";
    const auto document =
        with_context(R"("conditions":{"resourceType":"Bundle","entry":[)" + entry(condition) + "," +
                     entry(draft("MedicationRequest", R"("id":"m")")) + R"(]},"draftOrders":[)" + condition + "]");
    ASSERT_TRUE(document);
    const auto& record = document->record;
    EXPECT_TRUE(document->envelope.has_conditions);
    ASSERT_EQ(record.conditions.size(), 1u);
    EXPECT_TRUE(record.resources[record.conditions[0].resource].draft);
    EXPECT_TRUE(record.resources[record.conditions[0].resource].selected);
    EXPECT_TRUE(record.medications.empty());
}

TEST(DraftOrders, CanBeAddedToARecord) {
    auto record = record_of("\"conditions\":" + searchset(entry(k_condition)));
    const std::string drafts = searchset(
        entry(R"({"resourceType":"ServiceRequest","status":"draft","subject":{"reference":"Patient/p2"}})") + "," +
        entry(
            R"({"resourceType":"MedicationRequest","status":"draft","subject":{"reference":"Patient/p1"},"medicationReference":{"reference":"Medication/d"}})") +
        "," + entry(R"({"resourceType":"Medication","id":"d","code":{"text":"Warfarin"}})"));
    ASSERT_TRUE(add_drafts(record, PaddedJson(drafts), {codes(), Zone{}}));
    ASSERT_EQ(record.conditions.size(), 1U);
    EXPECT_EQ(record.resources[record.conditions[0].resource].id, "c1");
    EXPECT_TRUE(record.service_requests.empty());
    ASSERT_EQ(record.medications.size(), 1U);
    EXPECT_EQ(record.medications[0].medication.text, "Warfarin");
    EXPECT_TRUE(record.resources[record.medications[0].resource].draft);
    EXPECT_EQ(record[Source::condition], Supply::complete);
    EXPECT_EQ(record[Source::medication_request], Supply::absent);
    EXPECT_FALSE(add_drafts(record, PaddedJson("{}"), {codes(), Zone{}}));
    EXPECT_FALSE(add_drafts(record, PaddedJson("{"), {codes(), Zone{}}));
}

TEST(DraftOrders, SayNothingOfThePatient) {
    auto record = read_bundle(PaddedJson(searchset(entry(R"({"resourceType":"Patient","id":"p1","gender":"male"})"))),
                              {codes(), Zone{}});
    ASSERT_TRUE(record);
    const std::string draft = R"({"resourceType":"ServiceRequest","status":"draft","code":{"text":"x"}})";
    ASSERT_TRUE(add_drafts(*record, PaddedJson(searchset(entry(draft))), {codes(), Zone{}}));
    EXPECT_EQ((*record)[Source::patient], Supply::complete);
    EXPECT_EQ(record->patient.gender, Gender::male);
}

}  // namespace
}  // namespace proctor::fhir::reading
