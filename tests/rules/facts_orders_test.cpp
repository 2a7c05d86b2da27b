#include "support/facts_fixture.h"

namespace proctor::rules {
namespace {

class MedicationFacts : public FactsTest {
protected:
    fhir::MedicationUse& warfarin(EventStatus status, ResourceType type = ResourceType::medication_request) {
        return chart_.medication(type, {k_warfarin}, status);
    }
    Truth current() { return truth_of(MedicationFact{{"anticoagulant"}, std::nullopt, true}); }
    Truth taken_within_90_days() { return truth_of(MedicationFact{{"anticoagulant"}, days(90), true}); }
};

TEST_F(MedicationFacts, ActiveAndDraftRequestsAreCurrentAndOthersAreNot) {
    fhir::MedicationUse& use = warfarin(EventStatus::active);
    for (const auto status : {EventStatus::active, EventStatus::draft}) {
        use.status = status;
        EXPECT_EQ(current(), Truth::yes);
    }
    for (const auto status :
         {EventStatus::on_hold, EventStatus::stopped, EventStatus::completed, EventStatus::cancelled,
          EventStatus::entered_in_error, EventStatus::not_taken, EventStatus::not_done}) {
        use.status = status;
        EXPECT_EQ(current(), Truth::no);
    }
    use.status = EventStatus::active;
    use.do_not_perform = true;
    EXPECT_EQ(current(), Truth::no);
}

TEST_F(MedicationFacts, AStoppedOneCountsWhereTheFactLooksBack) {
    warfarin(EventStatus::stopped).time = support::at("2026-05-01");
    EXPECT_EQ(current(), Truth::no);
    EXPECT_EQ(taken_within_90_days(), Truth::yes);
    chart_.record.medications[0].time = support::at("2026-03-01");
    EXPECT_EQ(taken_within_90_days(), Truth::no);
    chart_.record.medications[0].time = support::at("2026-06-16");
    EXPECT_EQ(taken_within_90_days(), Truth::no);
}

// FHIR's status "unknown", and words that are none of FHIR's.
TEST_F(MedicationFacts, NobodyKnowsWhetherOneOfUnknownStatusIsTaken) {
    fhir::MedicationUse& use = warfarin(EventStatus::other);
    EXPECT_EQ(current(), Truth::unknown);
    use.time = support::at("2020-06-01");
    EXPECT_EQ(current(), Truth::unknown);
    EXPECT_EQ(taken_within_90_days(), Truth::unknown);
    use.time = support::at("2026-06-01");
    EXPECT_EQ(taken_within_90_days(), Truth::yes);
    use.do_not_perform = true;
    EXPECT_EQ(current(), Truth::no);
    chart_.record.medications.clear();
    chart_.medication(ResourceType::medication_request, {}, EventStatus::other, "warfarin cream");
    EXPECT_EQ(current(), Truth::no);
    warfarin(EventStatus::active);
    EXPECT_EQ(current(), Truth::yes);
}

TEST_F(MedicationFacts, NobodyKnowsWhetherOneThatEndedWithoutADateWasTakenLately) {
    fhir::MedicationUse& use = warfarin(EventStatus::completed);
    for (const auto status : {EventStatus::completed, EventStatus::stopped, EventStatus::on_hold}) {
        use.status = status;
        EXPECT_EQ(current(), Truth::no);
        EXPECT_EQ(taken_within_90_days(), Truth::unknown);
    }
    use.status = EventStatus::intended;
    EXPECT_EQ(taken_within_90_days(), Truth::no);
}

TEST_F(MedicationFacts, ADoseGivenOfUnknownStatusCountsByItsTime) {
    fhir::MedicationUse& use = warfarin(EventStatus::other, ResourceType::medication_administration);
    EXPECT_EQ(current(), Truth::unknown);
    use.time = support::at("2026-06-14T12:00:00Z");
    EXPECT_EQ(current(), Truth::yes);
    use.time = support::at("2026-06-01");
    EXPECT_EQ(current(), Truth::no);
}

TEST_F(MedicationFacts, ADoseGivenCountsForTwoDays) {
    warfarin(EventStatus::completed, ResourceType::medication_administration).time =
        support::at("2026-06-13T12:00:00Z");
    EXPECT_EQ(current(), Truth::yes);
    chart_.record.medications[0].time = support::at("2026-06-13T11:59:00Z");
    EXPECT_EQ(current(), Truth::no);
    chart_.record.medications[0].status = EventStatus::in_progress;
    EXPECT_EQ(current(), Truth::yes);
}

// A statement that is "completed" at the end of a period to come is of something that is being taken.
TEST_F(MedicationFacts, AStatementThatIsCompletedLaterIsCurrent) {
    fhir::MedicationUse& use = warfarin(EventStatus::completed, ResourceType::medication_statement);
    EXPECT_EQ(current(), Truth::no);
    const std::pair<const char*, Truth> table[] = {
        {"2026-07-01", Truth::yes},          {"2026-06-15", Truth::yes}, {"2026-06-15T12:00:01Z", Truth::yes},
        {"2026-06-15T12:00:00Z", Truth::no}, {"2026-06-14", Truth::no},  {"2026", Truth::yes}};
    for (const auto& [time, truth] : table) {
        use.time = support::at(time);
        EXPECT_EQ(current(), truth) << time;
    }
    use.time = support::at("2026-07-01");
    use.status = EventStatus::stopped;
    EXPECT_EQ(current(), Truth::no);
}

TEST_F(MedicationFacts, TheIngredientCountsAsAWholeWordUnlessTheFormIsLocal) {
    for (const char* text : {"Warfarin 5 mg tablet", "WARFARIN SODIUM"}) {
        chart_.medication(ResourceType::medication_request, {}, EventStatus::active, text);
        EXPECT_EQ(current(), Truth::yes) << text;
        chart_.record.medications.clear();
    }
    for (const char* text : {"Warfarinum", "warfarin cream", "Aspirin", ""}) {
        chart_.medication(ResourceType::medication_request, {}, EventStatus::active, text);
        EXPECT_EQ(current(), Truth::no) << text;
        chart_.record.medications.clear();
    }
    chart_.medication(ResourceType::medication_request, {k_warfarin}, EventStatus::active, "warfarin cream");
    EXPECT_EQ(current(), Truth::no) << "coded or worded";
}

TEST_F(MedicationFacts, StatementsAndAdministrationsMayBeAbsentButNotHalf) {
    supply(Source::medication_statement, Supply::absent);
    EXPECT_EQ(current(), Truth::no);
    supply(Source::medication_statement, Supply::partial);
    EXPECT_EQ(current(), Truth::unknown);
    supply(Source::medication_statement, Supply::complete);
    supply(Source::medication_request, Supply::absent);
    EXPECT_EQ(current(), Truth::unknown);
}

TEST_F(MedicationFacts, DraftsMayBeLeftOut) {
    warfarin(EventStatus::active);
    chart_.record.resources.back().draft = true;
    EXPECT_EQ(current(), Truth::yes);
    EXPECT_EQ(truth_of(MedicationFact{{"anticoagulant"}, std::nullopt, false}), Truth::no);
}

TEST_F(MedicationFacts, RemediesAreReadFromStatementTextOnly) {
    chart_.medication(ResourceType::medication_request, {}, EventStatus::active, "leech");
    EXPECT_EQ(truth_of(MedicationTextFact{{"leech"}}), Truth::no);
    chart_.medication(ResourceType::medication_statement, {}, EventStatus::active, "Leeches twice");
    EXPECT_EQ(truth_of(MedicationTextFact{{"leech"}}), Truth::yes);
}

class OrderFacts : public FactsTest {
protected:
    Truth ordered() { return truth_of(OrderedFact{"colonoscopy", days(180)}); }
    FactResult performed() { return look(PerformedFact{"colonoscopy", days(365)}); }
};

TEST_F(OrderFacts, ALiveRequestCountsForItsTime) {
    fhir::ServiceRequest& request = chart_.request(k_colonoscopy, EventStatus::active, "2026-05-01");
    for (const auto status : {EventStatus::active, EventStatus::draft, EventStatus::on_hold}) {
        request.status = status;
        EXPECT_EQ(ordered(), Truth::yes);
    }
    request.status = EventStatus::completed;
    EXPECT_EQ(ordered(), Truth::no);
    request.status = EventStatus::active;
    request.do_not_perform = true;
    EXPECT_EQ(ordered(), Truth::no);
    request.do_not_perform = false;
    request.ordered = support::at("2025-12-01");
    EXPECT_EQ(ordered(), Truth::no);
    request.ordered.reset();
    EXPECT_EQ(ordered(), Truth::yes);
    EXPECT_EQ(performed().truth, Truth::no);
}

TEST_F(OrderFacts, AProcedureUnderWayIsOrderedAndACompletedOneIsDone) {
    chart_.procedure(k_colonoscopy, EventStatus::in_progress);
    EXPECT_EQ(ordered(), Truth::yes);
    chart_.record.procedures[0].status = EventStatus::completed;
    EXPECT_EQ(ordered(), Truth::no);
    EXPECT_EQ(performed().truth, Truth::no) << "without a date";
    chart_.record.procedures[0].performed = support::at("2026-05-01");
    EXPECT_EQ(performed().time, support::at("2026-05-02").earliest);
    EXPECT_EQ(performed().truth, Truth::yes);
    chart_.record.procedures[0].performed = support::at("2025-06-01");
    EXPECT_EQ(performed().truth, Truth::no);
    EXPECT_EQ(truth_of(PerformedFact{"colonoscopy", std::nullopt}), Truth::yes);
}

TEST_F(OrderFacts, WhatWasToBeDoneLongAgoIsNotUnderWay) {
    const ArrangedFact arranged{{"colonoscopy"}, days(180)};
    for (const auto status : {EventStatus::preparation, EventStatus::in_progress}) {
        chart_.record.procedures.clear();
        chart_.procedure(k_colonoscopy, status, "2026-05-01");
        EXPECT_EQ(ordered(), Truth::yes);
        EXPECT_EQ(truth_of(arranged), Truth::yes);
        chart_.record.procedures[0].performed = support::at("2022-05-01");
        EXPECT_EQ(ordered(), Truth::no);
        EXPECT_EQ(truth_of(arranged), Truth::no);
    }
}

TEST_F(OrderFacts, SupplyDecidesBetweenNoAndUnknown) {
    supply(Source::service_request, Supply::absent);
    EXPECT_EQ(ordered(), Truth::unknown);
    EXPECT_EQ(performed().truth, Truth::no);
    supply(Source::procedure, Supply::failed);
    EXPECT_EQ(performed().truth, Truth::unknown);
}

class TestFacts : public FactsTest {};

TEST_F(TestFacts, APositiveResultCountsInItsWindow) {
    chart_.said(k_stool_test, "2026-06-01", "Negative");
    EXPECT_EQ(truth_of(PositiveFact{"stool-test", days(30)}), Truth::no);
    EXPECT_EQ(truth_of(TestedFact{"stool-test", days(30), days(180)}), Truth::yes);
    EXPECT_EQ(truth_of(TestedFact{"stool-test", days(7), days(180)}), Truth::no);
    chart_.said(k_stool_test, "2026-05-20", "Positive");
    EXPECT_EQ(truth_of(PositiveFact{"stool-test", days(30)}), Truth::yes);
    EXPECT_EQ(truth_of(PositiveFact{"stool-test", days(7)}), Truth::no);
}

TEST_F(TestFacts, AResultThatWasNotObtainedIsNone) {
    chart_.observation({k_stool_test}, "2026-06-14").data_absent = true;
    EXPECT_EQ(truth_of(TestedFact{"stool-test", days(30), days(180)}), Truth::no);
}

TEST_F(TestFacts, APositiveResultHasTheTimeOfTheNewest) {
    chart_.said(k_stool_test, "2026-06-01T10:00:00Z", "Positive");
    chart_.said(k_stool_test, "2026-06-10T10:00:00Z", "Positive");
    chart_.said(k_stool_test, "2026-06-12T10:00:00Z", "Negative");
    EXPECT_EQ(look(PositiveFact{"stool-test", days(30)}).time, support::at("2026-06-10T10:00:00Z").earliest);
}

TEST_F(TestFacts, AnOrderCountsAsTestedUnlessItForbidsTheTest) {
    fhir::ServiceRequest& request = chart_.request(k_stool_test, EventStatus::active, "2026-06-01");
    EXPECT_EQ(truth_of(TestedFact{"stool-test", days(7), days(180)}), Truth::yes);
    request.do_not_perform = true;
    EXPECT_EQ(truth_of(TestedFact{"stool-test", days(7), days(180)}), Truth::no);
    request.do_not_perform = false;
    request.status = EventStatus::on_hold;
    EXPECT_EQ(truth_of(TestedFact{"stool-test", days(7), days(180)}), Truth::no);
}

TEST_F(TestFacts, AResultFlaggedByItsLaboratoryCountsWhateverItsUnit) {
    const fhir::Span high = chart_.codings({{"", "HH"}});
    fhir::Observation& observation = chart_.measured(k_stool_test, "2026-06-01", "300", "ng/mL");
    EXPECT_EQ(truth_of(FlaggedFact{{"stool-test"}, days(365)}), Truth::no);
    observation.interpretation = high;
    EXPECT_EQ(truth_of(FlaggedFact{{"stool-test"}, days(365)}), Truth::yes);
    observation.kind = fhir::ValueKind::string;
    observation.text = ">400";
    EXPECT_EQ(truth_of(FlaggedFact{{"stool-test"}, days(365)}), Truth::yes);
    observation.kind = fhir::ValueKind::none;
    EXPECT_EQ(truth_of(FlaggedFact{{"stool-test"}, days(365)}), Truth::no);
}

TEST_F(TestFacts, SeverityIsOfTheConditionOrOfTheAnswer) {
    const SeverityFact fact{"pain", "severe", days(365), days(7)};
    chart_.condition({k_pain}, "2026-06-01");
    EXPECT_EQ(truth_of(fact), Truth::no);
    chart_.record.conditions[0].severity = chart_.coded({{k_snomed, "24484000"}});
    EXPECT_EQ(truth_of(fact), Truth::yes);
    chart_.record.conditions[0].recorded = support::at("2012-02-01");
    EXPECT_EQ(truth_of(fact), Truth::no);
    chart_.record.conditions.clear();
    chart_.answered(k_pain, "2026-06-10", {k_snomed, "24484000"});
    EXPECT_EQ(truth_of(fact), Truth::yes);
    chart_.record.observations[0].time = support::at("2026-06-01");
    EXPECT_EQ(truth_of(fact), Truth::no);
}

class RatingFacts : public FactsTest {
protected:
    RatingFacts() {
        Rating rating;
        rating.id = "pain";
        rating.valueSet = "pain-score";
        rating.severeAnswers = "severe";
        rating.ranges = {{{"38221-8"}, 8'000'000, 10'000'000}, {{}, 7'000'000, 10'000'000}};
        rating.millimetreCode = "38214-3";
        rating.siteValueSet = "site";
        rating.siteWords = {"\\ban(us|al)\\b", "\\brect(al|um)"};
        rating.notSiteWords = {"\\broot\\b"};
        rating.severeWords = {"\\bsevere"};
        content_.ratings = {rating};
    }
    Truth scored(Code question, std::string_view value, std::string_view unit = "{score}") {
        chart_.record.observations.clear();
        chart_.measured(question, "2026-06-10", value, unit);
        return truth_of(RatingFact{"pain", false, days(7)});
    }
    Truth at_site(std::vector<Code> site, std::string_view text = {}) {
        const fhir::CodeableConcept body_site = chart_.coded(std::move(site), text);
        chart_.record.observations.clear();
        chart_.measured(k_pain_score, "2026-06-10", "9", "{score}").body_site = body_site;
        return truth_of(RatingFact{"pain", true, days(7)});
    }
};

TEST_F(RatingFacts, EveryScaleHasItsOwnRange) {
    EXPECT_EQ(scored(k_pain_score, "7"), Truth::yes);
    EXPECT_EQ(scored(k_pain_score, "6.9"), Truth::no);
    EXPECT_EQ(scored(k_pain_score, "70"), Truth::no);
    EXPECT_EQ(scored(k_faces, "7"), Truth::no);
    EXPECT_EQ(scored(k_faces, "8"), Truth::yes);
    EXPECT_EQ(scored(k_vas, "70", "mm"), Truth::yes);
    EXPECT_EQ(scored(k_vas, "7", "mm"), Truth::no);
    EXPECT_EQ(scored(k_vas, "70", ""), Truth::yes);
    EXPECT_EQ(scored(k_vas, "7", "cm"), Truth::yes);
    EXPECT_EQ(scored(k_vas, "101", ""), Truth::no);
}

TEST_F(RatingFacts, ASiteCountsByCodeOrWordsAndElsewhereDoesNot) {
    EXPECT_EQ(at_site({{k_snomed, "34402009"}}), Truth::yes);
    EXPECT_EQ(at_site({}, "anal canal"), Truth::yes);
    EXPECT_EQ(at_site({}, "knee"), Truth::no);
    EXPECT_EQ(at_site({}, "anal root"), Truth::no);
    EXPECT_EQ(at_site({}), Truth::no) << "no site at all";
}

TEST_F(RatingFacts, ASiteThatCanNotBeReadIsUnknownNotElsewhere) {
    EXPECT_EQ(at_site({{k_snomed, "999"}}), Truth::unknown);
    EXPECT_EQ(at_site({{k_snomed, "999", "Knee"}}), Truth::no);
}

TEST_F(RatingFacts, AScoreThatIsNoPlainNumberIsReported) {
    chart_.record.observations.clear();
    for (const char* text : {"9/10", "moderate"}) {
        fhir::Observation& said = chart_.said({k_loinc, "72514-3"}, "2026-06-10", text);
        said.body_site.text = "Anus";
    }
    EXPECT_EQ(truth_of(RatingFact{"pain", true, days(7)}), Truth::no);
    EXPECT_EQ(issues_, (std::vector<Issue>{{IssueKind::text, chart_.record.observations[0].resource, "pain"}}));
    chart_.record.observations[0].kind = fhir::ValueKind::quantity;  // without a value: a comparator that is not known
    EXPECT_EQ(truth_of(RatingFact{"pain", true, days(7)}), Truth::no);
    EXPECT_EQ(kinds(), (std::vector<IssueKind>{IssueKind::text}));
    chart_.record.observations[0].body_site.text = "Knee";
    EXPECT_EQ(truth_of(RatingFact{"pain", true, days(7)}), Truth::no);
    EXPECT_TRUE(issues_.empty());
}

TEST_F(RatingFacts, ASevereAnswerInWordsIsReported) {
    for (const char* text : {"Severe", "very severe pain", "none", "mild", ""})
        chart_.said({k_loinc, "72514-3"}, "2026-06-10", text);
    fhir::Observation& worded = chart_.said({k_loinc, "72514-3"}, "2026-06-10", "");
    worded.kind = fhir::ValueKind::concept_;
    worded.value.text = "Severe";
    EXPECT_EQ(truth_of(RatingFact{"pain", false, days(7)}), Truth::no);
    std::vector<Issue> reported;
    for (const std::size_t i : {0U, 1U, 5U})
        reported.push_back({IssueKind::text, chart_.record.observations[i].resource, "pain"});
    EXPECT_EQ(issues_, reported);
}

TEST_F(RatingFacts, AnUpperBoundIsNotSevere) {
    chart_.measured(k_pain_score, "2026-06-10", "9", "{score}").quantity.comparator = fhir::Comparator::lt;
    EXPECT_EQ(truth_of(RatingFact{"pain", false, days(7)}), Truth::no);
}

}  // namespace
}  // namespace proctor::rules
