#include "batch/replay.h"

#include <gtest/gtest.h>

namespace proctor::batch {
namespace {

using fhir::ClinicalStatus;
using fhir::Record;

const fhir::Instant k_as_of = fhir::read_instant("2026-06-15T12:00:00Z").value();

std::optional<fhir::TimeSpan> time(const char* text) {
    return text == nullptr ? std::nullopt : fhir::read_time(text, fhir::Zone());
}

bool keeps_condition(const char* onset, const char* recorded) {
    Record record;
    record.resources.emplace_back();
    fhir::Condition condition;
    condition.onset = time(onset);
    condition.recorded = time(recorded);
    record.conditions.push_back(condition);
    drop_after(record, k_as_of);
    return !record.conditions.empty();
}

TEST(Replay, ConditionsRecordedOrBegunLaterAreUnknownYet) {
    EXPECT_TRUE(keeps_condition("2026-06-01", "2026-06-02"));
    EXPECT_TRUE(keeps_condition(nullptr, nullptr));
    EXPECT_TRUE(keeps_condition(nullptr, "2026-06-15T12:00:00Z"));
    EXPECT_FALSE(keeps_condition(nullptr, "2026-06-15T12:00:01Z"));
    EXPECT_FALSE(keeps_condition("2026-06-01", "2026-07-01"));
    EXPECT_FALSE(keeps_condition("2026-06-16", "2026-06-02"));
}

TEST(Replay, ADateThatMayLieBeforeStays) {
    EXPECT_TRUE(keeps_condition("2026-06", nullptr));
    EXPECT_TRUE(keeps_condition("2026-06-15", nullptr));
    EXPECT_FALSE(keeps_condition("2026-07", nullptr));
}

TEST(Replay, WhateverHasALaterTimeIsDropped) {
    Record record;
    for (const char* text : {"2026-06-15T11:00:00Z", "2026-06-15T13:00:00Z", static_cast<const char*>(nullptr)}) {
        record.resources.push_back({});
        record.observations.emplace_back().time = time(text);
        record.procedures.emplace_back().performed = time(text);
        record.service_requests.emplace_back().ordered = time(text);
        record.medications.emplace_back().time = time(text);
    }
    drop_after(record, k_as_of);
    EXPECT_EQ(record.observations.size(), 2U);
    EXPECT_EQ(record.procedures.size(), 2U);
    EXPECT_EQ(record.service_requests.size(), 2U);
    EXPECT_EQ(record.medications.size(), 2U);
}

TEST(Replay, DraftOrdersStayWhateverTheirDate) {
    Record record;
    record.resources.push_back({fhir::ResourceType::service_request, "s1", true});
    record.service_requests.emplace_back().ordered = time("2026-07-01");
    drop_after(record, k_as_of);
    EXPECT_EQ(record.service_requests.size(), 1U);
}

TEST(Replay, AnEndThatHadNotComeIsTakenBack) {
    struct Row {
        const char* abatement;
        ClinicalStatus before, after;
        bool abated;
    };
    for (const auto& row : {Row{"2026-07-01", ClinicalStatus::resolved, ClinicalStatus::active, false},
                            Row{"2026-07-01", ClinicalStatus::active, ClinicalStatus::active, false},
                            Row{"2026-06-01", ClinicalStatus::resolved, ClinicalStatus::resolved, true},
                            Row{nullptr, ClinicalStatus::resolved, ClinicalStatus::resolved, true}}) {
        Record record;
        record.resources.emplace_back();
        fhir::Condition condition;
        condition.clinical = row.before;
        condition.abated = true;
        condition.abatement = time(row.abatement);
        record.conditions.push_back(condition);
        drop_after(record, k_as_of);
        EXPECT_EQ(record.conditions.at(0).clinical, row.after);
        EXPECT_EQ(record.conditions.at(0).abated, row.abated);
    }
}

}  // namespace
}  // namespace proctor::batch
