// Facts that depend on the hook: what is being written, and what belongs to the encounter of the context.
#include "support/facts_fixture.h"

namespace proctor::rules {
namespace {

class Occasions : public FactsTest {
protected:
    Occasions() {
        content_.answers.encounterCountsFor = days(7);
        content_.answers.encounterLeadTime = days(1);
    }
    fhir::Resource& last() { return chart_.record.resources.back(); }
    void draft(bool selected) {
        last().draft = true;
        last().selected = selected;
    }
    Truth anticoagulant() {
        MedicationFact fact;
        fact.valueSets = {"anticoagulant"};
        fact.draftsWhenWriting = true;
        return truth_of(fact);
    }
    Truth bleeding_when_written() {
        FindingFact fact = finding("bleeding");
        fact.draftsWhenWriting = true;
        return truth_of(fact);
    }
    Truth bleeding_of_encounter() {
        FindingFact fact = finding("bleeding");
        fact.conditionWithin = fact.observationWithin = k_encounter;
        return truth_of(fact);
    }
    Truth arranged() { return truth_of(ArrangedFact{{"colonoscopy"}, k_encounter}); }
    void begin_encounter(std::string_view id, std::string_view start) {
        fhir::Resource resource;
        resource.type = ResourceType::encounter;
        resource.id = id;
        chart_.record.resources.push_back(resource);
        chart_.record.encounters.push_back({static_cast<fhir::ResourceIndex>(chart_.record.resources.size() - 1), {}});
        if (!start.empty()) chart_.record.encounters.back().started = support::at(start);
    }
};

TEST_F(Occasions, WhenWritingOnlyTheSelectedDraftCounts) {
    chart_.medication(ResourceType::medication_request, {k_warfarin}, EventStatus::active);
    for (const char* hook : {"order-select", "order-sign", "problem-list-item-create"}) {
        hook_ = hook;
        EXPECT_EQ(anticoagulant(), Truth::no) << hook;
    }
    for (const char* hook : {"patient-view", "encounter-start", "encounter-discharge", ""}) {
        hook_ = hook;
        EXPECT_EQ(anticoagulant(), Truth::yes) << hook;
    }
    hook_ = "order-select";
    chart_.medication(ResourceType::medication_request, {k_warfarin}, EventStatus::draft);
    draft(false);
    EXPECT_EQ(anticoagulant(), Truth::no);
    last().selected = true;
    EXPECT_EQ(anticoagulant(), Truth::yes);
}

TEST_F(Occasions, WhenWritingMissingPrescriptionsLeaveNothingOpenButAnUnreadableDraftDoes) {
    supply(Source::medication_request, Supply::absent);
    EXPECT_EQ(anticoagulant(), Truth::unknown);
    hook_ = "order-sign";
    EXPECT_EQ(anticoagulant(), Truth::no);
    EXPECT_EQ(bleeding_when_written(), Truth::no);
    chart_.record.unreadable_drafts = 1;
    EXPECT_EQ(anticoagulant(), Truth::unknown);
    EXPECT_EQ(bleeding_when_written(), Truth::unknown);
}

TEST_F(Occasions, AFactWithoutTheOptionSeesTheWholeChartAtEveryHook) {
    chart_.medication(ResourceType::medication_request, {k_warfarin}, EventStatus::active);
    chart_.condition({k_bleeding}, "2026-06-10");
    hook_ = "order-sign";
    EXPECT_EQ(truth_of(MedicationFact{{"anticoagulant"}, std::nullopt, true}), Truth::yes);
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::yes);
}

TEST_F(Occasions, AConditionBeingAddedCountsOnlyAtAHookAboutWriting) {
    chart_.condition({k_bleeding}, "2026-06-15");
    draft(true);
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::no);
    hook_ = "problem-list-item-create";
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::yes);
    EXPECT_EQ(bleeding_when_written(), Truth::yes);
    chart_.record.conditions[0].clinical = fhir::ClinicalStatus::resolved;
    EXPECT_EQ(bleeding_when_written(), Truth::no);
}

TEST_F(Occasions, AConditionOfTheChartIsNotBeingAdded) {
    chart_.condition({k_bleeding}, "2026-06-15");
    chart_.said(k_bleeding, "2026-06-15T08:00:00Z", "yes");
    hook_ = "problem-list-item-create";
    EXPECT_EQ(bleeding_when_written(), Truth::no);
}

TEST_F(Occasions, AnEncounterReachesFromItsStartAndTheLeadTimeBefore) {
    begin_encounter("other", "2026-01-01T00:00:00Z");
    begin_encounter("e1", "2026-06-14T12:00:00Z");
    encounter_ = "e1";
    chart_.condition({k_bleeding}, "2026-06-13T12:00:00Z");
    EXPECT_EQ(bleeding_of_encounter(), Truth::yes);
    chart_.record.conditions[0].recorded = support::at("2026-06-13T11:59:00Z");
    EXPECT_EQ(bleeding_of_encounter(), Truth::no);
    chart_.record.conditions[0].recorded.reset();
    EXPECT_EQ(bleeding_of_encounter(), Truth::no);
    encounter_ = "other";
    chart_.record.conditions[0].recorded = support::at("2026-01-02T00:00:00Z");
    EXPECT_EQ(bleeding_of_encounter(), Truth::yes);
}

TEST_F(Occasions, AnEncounterWhoseStartIsNotKnownReachesAsFarAsTheContentSays) {
    begin_encounter("future", "2026-07-01T00:00:00Z");
    begin_encounter("undated", "");
    chart_.condition({k_bleeding}, "2026-06-08T12:00:00Z");
    for (const char* id : {"", "unknown", "future", "undated"}) {
        encounter_ = id;
        chart_.record.conditions[0].recorded = support::at("2026-06-08T12:00:00Z");
        EXPECT_EQ(bleeding_of_encounter(), Truth::yes) << id;
        chart_.record.conditions[0].recorded = support::at("2026-06-08T11:59:00Z");
        EXPECT_EQ(bleeding_of_encounter(), Truth::no) << id;
    }
}

TEST_F(Occasions, AnOrderIsArrangedWhenItWasMadeInTheEncounterWhateverBecameOfIt) {
    begin_encounter("e1", "2026-06-14T12:00:00Z");
    encounter_ = "e1";
    EXPECT_EQ(arranged(), Truth::no);
    auto& request = chart_.request(k_colonoscopy, EventStatus::active, "2026-06-14T13:00:00Z");
    for (const auto status : {EventStatus::active, EventStatus::on_hold, EventStatus::draft, EventStatus::completed}) {
        request.status = status;
        EXPECT_EQ(arranged(), Truth::yes);
    }
    for (const auto status : {EventStatus::stopped, EventStatus::cancelled, EventStatus::entered_in_error}) {
        request.status = status;
        EXPECT_EQ(arranged(), Truth::no);
    }
    request.status = EventStatus::completed;
    request.do_not_perform = true;
    EXPECT_EQ(arranged(), Truth::no);
    request.do_not_perform = false;
    request.ordered = support::at("2026-06-13T11:00:00Z");
    EXPECT_EQ(arranged(), Truth::no);
}

TEST_F(Occasions, AProcedureIsArrangedWhenDoneInTheEncounterOrUnderWay) {
    begin_encounter("e1", "2026-06-14T12:00:00Z");
    encounter_ = "e1";
    auto& procedure = chart_.procedure(k_colonoscopy, EventStatus::completed, "2026-06-15T08:00:00Z");
    EXPECT_EQ(arranged(), Truth::yes);
    procedure.performed = support::at("2026-06-01T08:00:00Z");
    EXPECT_EQ(arranged(), Truth::no);
    procedure.status = EventStatus::in_progress;
    EXPECT_EQ(arranged(), Truth::yes);
    procedure.status = EventStatus::not_done;
    EXPECT_EQ(arranged(), Truth::no);
    supply(Source::service_request, Supply::partial);
    EXPECT_EQ(arranged(), Truth::unknown);
}

}  // namespace
}  // namespace proctor::rules
