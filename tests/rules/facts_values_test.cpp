#include "support/facts_fixture.h"

namespace proctor::rules::facts_values_test {
namespace {

class ValueFacts : public FactsTest {};

TEST_F(ValueFacts, TheLatestReadableValueIsTakenAndTheUnreadableReported) {
    chart_.measured(k_haemoglobin, "2026-06-01", "9.5", "g/dL");
    chart_.measured(k_haemoglobin, "2026-05-01", "120", "g/L");
    chart_.measured(k_haemoglobin, "2026-06-10", "70", "g");
    chart_.measured(k_haemoglobin, "2026-06-11", "7", "g/L");
    chart_.measured(k_haemoglobin, "2026-03-01", "70", "g");  // before the window
    const FactResult result = look(haemoglobin());
    EXPECT_EQ(result.value, (fhir::Range{95'000'000, 95'000'000}));
    EXPECT_EQ(result.time, support::at("2026-06-01").earliest);
    EXPECT_EQ(kinds(), (std::vector<IssueKind>{IssueKind::unit, IssueKind::implausible}));
}

TEST_F(ValueFacts, TheHighestMayBeAskedFor) {
    chart_.measured(k_haemoglobin, "2026-06-10", "90", "g/L");
    chart_.measured(k_haemoglobin, "2026-06-01", "120", "g/L");
    chart_.measured(k_haemoglobin, "2026-06-02", "300", "g/L").quantity.comparator = fhir::Comparator::lt;
    QuantityFact fact = haemoglobin();
    fact.highest = true;
    EXPECT_EQ(look(fact).value, (fhir::Range{120'000'000, 120'000'000}));
}

TEST_F(ValueFacts, WithoutAValueTheSupplyDecides) {
    EXPECT_EQ(truth_of(haemoglobin()), Truth::no);
    supply(Source::laboratory, Supply::partial);
    EXPECT_EQ(truth_of(haemoglobin()), Truth::unknown);
    chart_.measured(k_haemoglobin, "2026-06-10", "90", "g/L");
    EXPECT_EQ(truth_of(haemoglobin()), Truth::yes) << "the newest come first";
}

TEST_F(ValueFacts, AComparatorThatStraddlesTheThresholdIsReported) {
    QuantityFact fact = haemoglobin();
    fact.straddles = 100'000'000;
    fhir::Observation& observation = chart_.measured(k_haemoglobin, "2026-06-10", "120", "g/L");
    observation.quantity.comparator = fhir::Comparator::lt;
    (void)look(fact);
    EXPECT_EQ(kinds(), (std::vector<IssueKind>{IssueKind::comparator}));
    observation.quantity.value = "100";
    (void)look(fact);
    EXPECT_TRUE(kinds().empty());
    observation.quantity.comparator = fhir::Comparator::gt;
    (void)look(fact);
    EXPECT_TRUE(kinds().empty());
}

TEST_F(ValueFacts, TheRatioIsOfTheNewestPairMeasuredTogether) {
    const RatioFact fact{"heart-rate", "systolic", std::chrono::hours(1), days(1)};
    chart_.measured(k_rate, "2026-06-15T08:00:00Z", "120", "/min");
    chart_.measured(k_systolic, "2026-06-15T09:00:01Z", "100", "mm[Hg]");
    EXPECT_EQ(truth_of(fact), Truth::no);
    chart_.measured(k_systolic, "2026-06-15T09:00:00Z", "100", "mm[Hg]");
    EXPECT_EQ(look(fact).value, (fhir::Range{1'200'000, 1'200'000}));
    chart_.measured(k_rate, "2026-06-15T09:30:00Z", "80", "/min");
    EXPECT_EQ(look(fact).value, (fhir::Range{800'000, 800'000}));
    supply(Source::vital_signs, Supply::absent);
    EXPECT_EQ(look(fact).truth, Truth::yes);
    chart_.record.observations.clear();
    EXPECT_EQ(truth_of(fact), Truth::unknown);
}

// 120/100 is certain: a reading with a comparator can only raise it.
TEST_F(ValueFacts, OfRatiosEquallyNewTheHighestCounts) {
    const RatioFact fact{"heart-rate", "systolic", std::chrono::hours(1), days(1)};
    chart_.measured(k_rate, "2026-06-15T08:00:00Z", "120", "/min");
    chart_.measured(k_systolic, "2026-06-15T07:30:00Z", "120", "mm[Hg]");
    chart_.measured(k_systolic, "2026-06-15T08:00:00Z", "100", "mm[Hg]");
    EXPECT_EQ(look(fact).value, (fhir::Range{1'200'000, 1'200'000}));
    fhir::Observation& other = chart_.measured(k_systolic, "2026-06-15T08:00:00Z", "96", "mm[Hg]");
    other.quantity.comparator = fhir::Comparator::gt;
    EXPECT_EQ(look(fact).value, (fhir::Range{1'200'000, 1'250'000, false, true}));
    other.quantity.comparator = fhir::Comparator::le;
    EXPECT_EQ(look(fact).value, (fhir::Range{1'250'000, std::nullopt}));
    other.quantity.value = "200";
    other.quantity.comparator = fhir::Comparator::ge;
    EXPECT_EQ(look(fact).value, (fhir::Range{1'200'000, 1'200'000}));
}

TEST_F(ValueFacts, AScoreSumsRoundedValuesAndMissingOnesScoreNothing) {
    content_.scores = {{"score",
                        "score",
                        {{"heart-rate", 0, {{91'000'000, 110'000'000, 1}, {111'000'000, 130'000'000, 2}}},
                         {"systolic", 0, {{0, 90'000'000, 3}}}}}};
    chart_.measured(k_rate, "2026-06-15T08:00:00Z", "110.5", "/min");
    EXPECT_EQ(look(ScoreFact{"score", days(1)}).value, (fhir::Range{2'000'000, 2'000'000}));
    supply(Source::vital_signs, Supply::absent);
    EXPECT_EQ(look(ScoreFact{"score", days(1)}).value, (fhir::Range{2'000'000, std::nullopt}));
    EXPECT_EQ(truth_of(ScoreFact{"score", days(1)}), Truth::unknown);
    chart_.measured(k_systolic, "2026-06-15T08:00:00Z", "90.4", "mm[Hg]");
    EXPECT_EQ(look(ScoreFact{"score", days(1)}).value, (fhir::Range{5'000'000, 5'000'000}));
}

TEST_F(ValueFacts, AgeIsInYearsAndAssumedWhereUnknown) {
    EXPECT_EQ(look(AgeFact{40'000'000}).value, (fhir::Range{40'000'000, 40'000'000}));
    chart_.record.patient.birth = support::at("2010-06-15");
    const FactResult age = look(AgeFact{40'000'000});
    EXPECT_EQ(age.truth, Truth::yes);
    EXPECT_EQ(age.value, (fhir::Range{16'000'000, 16'000'000}));
}

TEST_F(ValueFacts, AgeOfABirthYearOrMonthIsCountedFromItsFirstDay) {
    const std::pair<std::string_view, Micro> table[] = {
        {"2010", 16'452'054},  // 165 of 365 days
        {"2010-06", 16'038'356},
        {"2010-06-16", 15'997'260},
        {"2010-06-15T18:00:00Z", 16'000'000},
    };
    for (const auto& [birth, age] : table) {
        chart_.record.patient.birth = support::at(birth);
        EXPECT_EQ(look(AgeFact{40'000'000}).value, (fhir::Range{age, age})) << birth;
    }
}

// At 12:00 UTC it is still 15 June in London, and the 16th begins in Auckland.
TEST_F(ValueFacts, BirthdaysBeginAtMidnightWhereThePatientLives) {
    for (const auto& [name, age] : {std::pair{"Europe/London", 15'997'260}, {"Pacific/Auckland", 16'000'000}}) {
        const auto zone = fhir::Zone::named(name);
        ASSERT_TRUE(zone) << name;
        chart_.record.patient.zone = *zone;
        chart_.record.patient.birth = fhir::read_time("2010-06-16", *zone);
        EXPECT_EQ(look(AgeFact{40'000'000}).value, (fhir::Range{age, age})) << name;
    }
}

TEST_F(ValueFacts, GenderIsAsRecorded) {
    EXPECT_EQ(truth_of(GenderFact{fhir::Gender::male}), Truth::no);
    chart_.record.patient.gender = fhir::Gender::male;
    EXPECT_EQ(truth_of(GenderFact{fhir::Gender::male}), Truth::yes);
}

class DurationFacts : public FactsTest {
protected:
    std::optional<fhir::Range> lasting() { return look(DurationFact{"mucus", days(730), days(14)}).value; }
};

constexpr Micro k_day = 1'000'000;

TEST_F(DurationFacts, AnOnsetGivesBothEndsOfTheRange) {
    chart_.condition({k_mucus}).onset = support::at("2026-06-05T12:00:00Z");
    EXPECT_EQ(lasting(), (fhir::Range{10 * k_day, 10 * k_day}));
    chart_.record.conditions[0].onset = support::at("2026-06-05");
    EXPECT_EQ(lasting(), (fhir::Range{k_day * 19 / 2, k_day * 21 / 2}));
    chart_.record.conditions[0].onset = support::at("2026-05");
    EXPECT_EQ(lasting(), (fhir::Range{k_day * 29 / 2, k_day * 91 / 2}));
}

TEST_F(DurationFacts, ARecordingBoundsOnlyTheMinimum) {
    chart_.condition({k_mucus}, "2026-06-05T12:00:00Z");
    EXPECT_EQ(lasting(), (fhir::Range{10 * k_day, std::nullopt}));
    chart_.record.conditions[0].onset = support::at("2026");
    EXPECT_EQ(lasting()->low, 10 * k_day);
    EXPECT_EQ(lasting()->high, 331 * k_day / 2);
}

TEST_F(DurationFacts, AnswersMakeAChainThatANoOrAGapBreaks) {
    chart_.said(k_mucus, "2026-05-20T12:00:00Z", "Yes");
    chart_.said(k_mucus, "2026-06-03T12:00:00Z", "Yes");
    EXPECT_EQ(lasting(), (fhir::Range{14 * k_day, 26 * k_day}));
    chart_.said(k_mucus, "2026-06-05T12:00:00Z", "No");
    EXPECT_EQ(lasting(), std::nullopt);
    chart_.said(k_mucus, "2026-06-06T12:00:00Z", "Yes");
    EXPECT_EQ(lasting(), (fhir::Range{0, 9 * k_day}));
}

TEST_F(DurationFacts, AnOldChainSaysNothing) {
    chart_.said(k_mucus, "2026-06-01T11:59:00Z", "Yes");
    EXPECT_EQ(lasting(), std::nullopt);
}

TEST_F(DurationFacts, WithSourcesMissingItMayHaveLastedLonger) {
    chart_.said(k_mucus, "2026-06-10T12:00:00Z", "Yes");
    supply(Source::condition, Supply::absent);
    const FactResult result = look(DurationFact{"mucus", days(730), days(14)});
    EXPECT_EQ(result.truth, Truth::unknown);
    EXPECT_TRUE(result.value);
}

class RecurrenceFacts : public FactsTest {
protected:
    Truth recurs() { return truth_of(RecurrenceFact{{"mucus"}, days(13), days(365), days(7)}); }
};

TEST_F(RecurrenceFacts, AStatusOfRecurrenceIsEnough) {
    chart_.condition({k_mucus}, "2026-06-01");
    EXPECT_EQ(recurs(), Truth::no);
    chart_.record.conditions[0].clinical = fhir::ClinicalStatus::recurrence;
    EXPECT_EQ(recurs(), Truth::yes);
}

TEST_F(RecurrenceFacts, TwoEpisodesMustLieFarEnoughApart) {
    fhir::Condition& ended = chart_.condition({k_mucus}, "2026-04-01");
    ended.clinical = fhir::ClinicalStatus::resolved;
    ended.abated = true;
    ended.abatement = support::at("2026-05-01");
    chart_.condition({k_mucus}, "2026-05-14");
    EXPECT_EQ(recurs(), Truth::no);
    chart_.record.conditions[1].recorded = support::at("2026-05-15");
    EXPECT_EQ(recurs(), Truth::yes);
}

TEST_F(RecurrenceFacts, YesNoYesNeedsAClearTime) {
    chart_.said(k_mucus, "2026-05-01", "Yes");
    chart_.said(k_mucus, "2026-05-10", "No");
    chart_.said(k_mucus, "2026-05-16", "Yes");
    EXPECT_EQ(recurs(), Truth::no);
    chart_.said(k_mucus, "2026-05-17", "Yes");
    EXPECT_EQ(recurs(), Truth::yes);
}

}  // namespace
}  // namespace proctor::rules::facts_values_test
