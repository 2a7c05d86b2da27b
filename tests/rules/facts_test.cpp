#include "support/facts_fixture.h"

namespace proctor::rules {
namespace {

class FindingFacts : public FactsTest {};

TEST_F(FindingFacts, AnActiveConditionIsYesWithItselfAsEvidence) {
    const fhir::ResourceIndex resource = chart_.condition({k_bleeding}, "2026-06-01").resource;
    const FactResult result = look(finding("bleeding"));
    EXPECT_EQ(result.truth, Truth::yes);
    EXPECT_EQ(result.evidence, (std::vector<fhir::ResourceIndex>{resource}));
    EXPECT_EQ(truth_of(finding("mucus")), Truth::no);
}

TEST_F(FindingFacts, StatusDecidesWhetherAConditionIsActive) {
    using fhir::ClinicalStatus;
    using fhir::VerificationStatus;
    fhir::Condition& condition = chart_.condition({k_bleeding}, "2026-06-01");
    for (const auto status :
         {ClinicalStatus::none, ClinicalStatus::active, ClinicalStatus::recurrence, ClinicalStatus::relapse}) {
        condition.clinical = status;
        EXPECT_EQ(truth_of(finding("bleeding")), Truth::yes);
    }
    for (const auto status :
         {ClinicalStatus::inactive, ClinicalStatus::remission, ClinicalStatus::resolved, ClinicalStatus::other}) {
        condition.clinical = status;
        EXPECT_EQ(truth_of(finding("bleeding")), Truth::no);
    }
    condition.clinical = ClinicalStatus::active;
    for (const auto status :
         {VerificationStatus::unconfirmed, VerificationStatus::provisional, VerificationStatus::differential}) {
        condition.verification = status;
        EXPECT_EQ(truth_of(finding("bleeding")), Truth::yes);
    }
    for (const auto status : {VerificationStatus::refuted, VerificationStatus::entered_in_error}) {
        condition.verification = status;
        EXPECT_EQ(truth_of(finding("bleeding")), Truth::no);
    }
}

TEST_F(FindingFacts, AnActiveConditionThatEndedIsReportedNotCounted) {
    chart_.condition({k_bleeding}, "2026-06-01").abated = true;
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::no);
    EXPECT_EQ(kinds(), (std::vector<IssueKind>{IssueKind::abatement}));
    chart_.record.conditions[0].clinical = fhir::ClinicalStatus::none;
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::no);
    EXPECT_TRUE(kinds().empty());
}

TEST_F(FindingFacts, AnOnsetInTheFutureIsReportedNotCounted) {
    chart_.condition({k_bleeding}, "2026-06-01").onset = support::at("2026-06-16");
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::no);
    EXPECT_EQ(kinds(), (std::vector<IssueKind>{IssueKind::future}));
}

TEST_F(FindingFacts, AClockAFewMinutesAheadIsNoFuture) {
    fhir::Condition& condition = chart_.condition({k_bleeding}, "2026-06-01");
    const auto ahead = [&](std::chrono::seconds by) {
        return fhir::TimeSpan{support::now() + by, support::now() + by};
    };
    condition.onset = ahead(std::chrono::minutes(5));
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::yes);
    EXPECT_TRUE(kinds().empty());
    condition.onset = ahead(std::chrono::seconds(301));
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::no);
}

TEST_F(FindingFacts, AStaleConditionIsReportedUnlessTheFactIsQuiet) {
    chart_.condition({k_mucus}, "2026-03-16");  // to the end of that day
    EXPECT_EQ(truth_of(mucus_within_90_days()), Truth::no);
    EXPECT_EQ(issues_, (std::vector<Issue>{{IssueKind::stale, chart_.record.conditions[0].resource, "mucus"}}));
    FindingFact quiet = mucus_within_90_days();
    quiet.quiet = true;
    EXPECT_EQ(truth_of(quiet), Truth::no);
    EXPECT_TRUE(issues_.empty());
    chart_.condition({k_mucus}, "2026-03-17");
    EXPECT_EQ(truth_of(mucus_within_90_days()), Truth::yes);
}

TEST_F(FindingFacts, TheLaterOfOnsetAndRecordingIsTheLastAssertion) {
    fhir::Condition& condition = chart_.condition({k_mucus}, "2020");
    condition.onset = support::at("2026-06-01");
    EXPECT_EQ(truth_of(mucus_within_90_days()), Truth::yes);
    condition.onset = support::at("2019");
    EXPECT_EQ(truth_of(mucus_within_90_days()), Truth::no);
}

TEST_F(FindingFacts, ItDidNotBeginAfterItWasRecorded) {
    fhir::Condition& condition = chart_.condition({k_mucus}, "2026-03-02");
    for (const char* onset : {"2026", "2026-03"}) {
        condition.onset = support::at(onset);
        EXPECT_EQ(truth_of(mucus_within_90_days()), Truth::no) << onset;
        EXPECT_EQ(kinds(), (std::vector<IssueKind>{IssueKind::stale})) << onset;
    }
    condition.recorded = support::at("2026-06-14");
    EXPECT_EQ(truth_of(mucus_within_90_days()), Truth::yes);
}

TEST_F(FindingFacts, AnUndatedConditionCountsAndIsReported) {
    chart_.condition({k_mucus});
    EXPECT_EQ(truth_of(mucus_within_90_days()), Truth::yes);
    EXPECT_EQ(kinds(), (std::vector<IssueKind>{IssueKind::undated}));
    EXPECT_EQ(truth_of(finding("mucus")), Truth::yes);
    EXPECT_TRUE(kinds().empty());
}

TEST_F(FindingFacts, AVisitWithoutAStartGivesItsReasonNow) {
    chart_.condition({k_mucus}).clinical = fhir::ClinicalStatus::none;
    chart_.record.resources.back().type = ResourceType::encounter;
    EXPECT_EQ(truth_of(mucus_within_90_days()), Truth::yes);
    EXPECT_TRUE(issues_.empty());
}

struct Weak {
    std::string_view text;
    Truth truth;
};

class WeakCode : public FactsTest, public testing::WithParamInterface<Weak> {};

TEST_P(WeakCode, CountsOnlyWhereTheWordsSettleIt) {
    chart_.condition({k_residual}, "2026-06-01", GetParam().text);
    EXPECT_EQ(truth_of(finding("mucus")), GetParam().truth);
}

INSTANTIATE_TEST_SUITE_P(Texts, WeakCode,
                         testing::Values(Weak{"", Truth::no}, Weak{"Other fecal abnormalities", Truth::no},
                                         Weak{"OTHER FECAL ABNORMALITIES.", Truth::no},
                                         Weak{"Slime with stools", Truth::yes}, Weak{"Mucus", Truth::yes},
                                         Weak{"no mucus", Truth::no}, Weak{"nasal mucus", Truth::yes}));

TEST_F(FindingFacts, WordsCountOnlyWithoutACodeOfASystemWeRead) {
    chart_.condition({}, "2026-06-01", "Rectal bleeding since Monday");
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::yes);
    chart_.record.conditions.clear();
    chart_.condition({{"urn:local", "RB"}}, "2026-06-01", "Rectal bleeding");
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::yes);
    chart_.record.conditions.clear();
    chart_.condition({{k_snomed, "999"}}, "2026-06-01", "Rectal bleeding");
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::no);
}

TEST_F(FindingFacts, TheNewestAnswerToTheSameQuestionWins) {
    chart_.said(k_bleeding, "2026-06-01", "Yes");
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::yes);
    chart_.said(k_bleeding, "2026-06-05", "No");
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::no);
    chart_.said(k_bleeding, "2026-06-05", "Yes");  // at the same time: yes
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::yes);
}

TEST_F(FindingFacts, ANoToOneQuestionDoesNotCancelAYesToAnother) {
    chart_.observation({k_bleeding, {k_loinc, "1"}}, "2026-06-01");
    chart_.said(k_bleeding, "2026-06-05", "No");
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::yes);
}

TEST_F(FindingFacts, ObservationsCountInTheirWindowAndNotFromTheFuture) {
    chart_.said(k_bleeding, "2026-05-16T11:59:59Z", "Yes");
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::no);
    chart_.said(k_bleeding, "2026-06-15T12:05:01Z", "Yes");
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::no);
    EXPECT_EQ(kinds(), (std::vector<IssueKind>{IssueKind::future}));
    chart_.said(k_bleeding, "2026-06-15T12:05:00Z", "Yes");
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::yes);
}

TEST_F(FindingFacts, AnObservationOfAnotherStatusOrWithoutATimeDoesNotCount) {
    chart_.said(k_bleeding, "2026-06-01", "Yes").status = fhir::ObservationStatus::other;
    chart_.said(k_bleeding, "", "Yes");
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::no);
}

TEST_F(FindingFacts, TheAnswerToAGenericQuestionIsTheFinding) {
    chart_.said(k_complaint, "2026-06-10", "Bloody stools, no pain");
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::yes);
    chart_.record.observations.clear();
    chart_.answered(k_complaint, "2026-06-10", k_bleeding);
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::yes);
    chart_.record.observations.clear();
    chart_.answered(k_complaint, "2026-06-10", {k_snomed, "999"}, "Bloody stools");
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::no);
    chart_.said({k_loinc, "10157-6"}, "2026-06-10", "Bloody stools");
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::no) << "family history is not the patient's";
}

TEST_F(FindingFacts, ANewerNoCancelsAConditionOnlyWhereTheFactSaysSo) {
    chart_.condition({k_mucus}, "2026-06-01");
    chart_.said(k_mucus, "2026-06-10", "No");
    EXPECT_EQ(truth_of(finding("mucus")), Truth::yes);
    FindingFact cancelled = finding("mucus");
    cancelled.newerNoCancels = true;
    EXPECT_EQ(truth_of(cancelled), Truth::no);
    chart_.said(k_mucus, "2026-06-11", "Yes");
    EXPECT_EQ(truth_of(cancelled), Truth::yes);
}

TEST_F(FindingFacts, ANoCancelsOnlyWhatWasSaidBeforeIt) {
    FindingFact cancelled = finding("mucus");
    cancelled.newerNoCancels = true;
    chart_.said(k_mucus, "2024-06-10", "No");
    chart_.condition({k_mucus}, "2026-06-01");
    EXPECT_EQ(truth_of(cancelled), Truth::yes);
    chart_.record.conditions[0].recorded = support::at("2024-06-09");
    EXPECT_EQ(truth_of(cancelled), Truth::no);
    chart_.record.conditions[0].onset = support::at("2026-06-01");
    EXPECT_EQ(truth_of(cancelled), Truth::yes);
    chart_.record.conditions[0].onset.reset();
    chart_.record.conditions[0].recorded.reset();
    EXPECT_EQ(truth_of(cancelled), Truth::yes) << "without a date it may be newer";
}

TEST_F(FindingFacts, ASuspicionIsNothingConfirmed) {
    using fhir::VerificationStatus;
    FindingFact confirmed = finding("bleeding");
    confirmed.confirmed = true;
    fhir::Condition& condition = chart_.condition({k_bleeding}, "2026-06-01");
    for (const auto status : {VerificationStatus::none, VerificationStatus::confirmed, VerificationStatus::other}) {
        condition.verification = status;
        EXPECT_EQ(truth_of(confirmed), Truth::yes);
    }
    for (const auto status :
         {VerificationStatus::unconfirmed, VerificationStatus::provisional, VerificationStatus::differential}) {
        condition.verification = status;
        EXPECT_EQ(truth_of(confirmed), Truth::no);
        EXPECT_EQ(truth_of(finding("bleeding")), Truth::yes);
    }
}

TEST_F(FindingFacts, RepeatedNeedsTwoAssertionsFarEnoughApart) {
    FindingFact fact = finding("bleeding");
    fact.conditionWithin = fact.observationWithin = days(365);
    fact.repeated = Repeated{days(14)};
    chart_.said(k_bleeding, "2026-01-01", "Yes");
    chart_.said(k_bleeding, "2026-03-01", "Yes");
    EXPECT_EQ(truth_of(fact), Truth::no) << "a Condition is needed";
    chart_.condition({k_bleeding}, "2026-03-01");
    EXPECT_EQ(truth_of(fact), Truth::yes);
    chart_.record.observations.clear();
    EXPECT_EQ(truth_of(fact), Truth::no);
    chart_.condition({k_bleeding}, "2026-02-16");
    EXPECT_EQ(truth_of(fact), Truth::no);
    chart_.condition({k_bleeding}, "2026-02-15");
    EXPECT_EQ(truth_of(fact), Truth::yes);
}

TEST_F(FindingFacts, AMonthAloneDoesNotSetTwoRecordsApart) {
    FindingFact fact = finding("bleeding");
    fact.conditionWithin = days(365);
    fact.repeated = Repeated{days(14)};
    chart_.condition({k_bleeding}, "2026-03-01");
    chart_.condition({k_bleeding}, "2026-03");
    EXPECT_EQ(truth_of(fact), Truth::no);
    chart_.condition({k_bleeding}, "2026-02");
    EXPECT_EQ(truth_of(fact), Truth::yes);
}

TEST_F(FindingFacts, AYesIsYesWhateverIsMissingAndNoNeedsEverything) {
    supply(Source::survey, Supply::partial);
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::unknown);
    supply(Source::survey, Supply::complete);
    for (const auto how : {Supply::absent, Supply::failed, Supply::partial}) {
        supply(Source::condition, how);
        EXPECT_EQ(truth_of(finding("bleeding")), Truth::unknown);
    }
    FindingFact observed = finding("bleeding");
    observed.conditions = false;
    EXPECT_EQ(truth_of(observed), Truth::no);
    supply(Source::condition, Supply::complete);
    supply(Source::encounter, Supply::absent);
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::no);
    supply(Source::encounter, Supply::partial);
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::unknown);
    chart_.condition({k_bleeding}, "2026-06-01");
    EXPECT_EQ(truth_of(finding("bleeding")), Truth::yes);
}

TEST_F(FactsTest, QualityNamesTheKindsAndFindingsItAsksFor) {
    chart_.condition({k_mucus}, "2020");
    builder_.fact(mucus_within_90_days());
    builder_.fact(QualityFact{{"stale", "unit"}, {}});
    builder_.fact(QualityFact{{"unit"}, {}});
    builder_.fact(QualityFact{{"stale"}, {"bleeding"}});
    builder_.fact(QualityFact{{"stale"}, {"mucus"}});
    const Facts facts = FactLookup(content_).look_up(chart_.record, support::now());
    EXPECT_EQ(facts.results[1].truth, Truth::yes);
    EXPECT_EQ(facts.results[1].evidence, (std::vector<fhir::ResourceIndex>{chart_.record.conditions[0].resource}));
    EXPECT_EQ(facts.results[2].truth, Truth::no);
    EXPECT_EQ(facts.results[3].truth, Truth::no);
    EXPECT_EQ(facts.results[4].truth, Truth::yes);
}

}  // namespace
}  // namespace proctor::rules
