#include "rules/polarity.h"

#include <gtest/gtest.h>

#include "support/chart.h"

namespace proctor::rules {
namespace {

using support::ChartBuilder;
using support::k_snomed;

class Polarity : public testing::Test {
protected:
    Polarity() { builder_.build(); }

    fhir::Observation& plain() { return chart_.observation({}, "2026-06-10"); }
    std::optional<bool> of(const fhir::Observation& observation) {
        return AnswerReader(builder_.content).polarity(chart_.record, observation);
    }
    std::optional<bool> of_text(std::string_view text) { return of(chart_.said({k_snomed, "1"}, "2026-06-10", text)); }
    std::optional<bool> of_code(std::string_view code) {
        return of(chart_.answered({k_snomed, "1"}, "2026-06-10", {k_snomed, code}));
    }
    std::optional<bool> of_number(std::string_view value) {
        return of(chart_.measured({k_snomed, "1"}, "2026-06-10", value, "g/L"));
    }
    std::optional<bool> of_interpretation(std::string_view code) {
        const fhir::Span interpretation = chart_.codings({{"", code}});
        fhir::Observation& observation = chart_.said({k_snomed, "1"}, "2026-06-10", "see report");
        observation.interpretation = interpretation;
        return of(observation);
    }

    support::ContentBuilder builder_;
    ChartBuilder chart_{builder_.content};
};

TEST_F(Polarity, WordsAtTheStartOfAnAnswerDecide) {
    for (const char* yes : {"Yes", "yes, daily", "POSITIVE", "present", "Detected", "reactive", "y"})
        EXPECT_EQ(of_text(yes), true) << yes;
    for (const char* no : {"No", "none", "Negative", "not detected", "non-reactive", "denies", " - absent", "false"})
        EXPECT_EQ(of_text(no), false) << no;
    for (const char* neither : {"sometimes", "normal", "see note", "not sure", "patient says yes", ""})
        EXPECT_EQ(of_text(neither), std::nullopt) << neither;
}

TEST_F(Polarity, CodedAnswersDecide) {
    EXPECT_EQ(of_code("52101004"), true);
    EXPECT_EQ(of_code("2667000"), false);
    EXPECT_EQ(of_code("24484000"), true);
    EXPECT_EQ(of_code("261665006"), std::nullopt);
    EXPECT_EQ(of_code("999"), std::nullopt);
}

TEST_F(Polarity, ACodedNoOutweighsAPositiveText) {
    EXPECT_EQ(of(chart_.answered({k_snomed, "1"}, "2026-06-10", {k_snomed, "2667000"}, "Yes")), false);
}

TEST_F(Polarity, NumbersAboveZeroAreYes) {
    EXPECT_EQ(of_number("2"), true);
    EXPECT_EQ(of_number("0.0000001"), true);
    EXPECT_EQ(of_number("1E+245"), true);
    EXPECT_EQ(of_number("0"), false);
    EXPECT_EQ(of_number("0.000E5"), false);
    EXPECT_EQ(of_number("-1"), false);
}

TEST_F(Polarity, InterpretationsDecideWhereTheTextDoesNot) {
    EXPECT_EQ(of_interpretation("POS"), true);
    EXPECT_EQ(of_interpretation("NEG"), false);
    EXPECT_EQ(of_interpretation("IND"), std::nullopt);
}

TEST_F(Polarity, ABareObservationIsPresentAndAnAbsentOneIsNeither) {
    EXPECT_EQ(of(plain()), true);
    plain().data_absent = true;
    EXPECT_EQ(of(chart_.record.observations.back()), std::nullopt);
    plain().has_parts = true;
    EXPECT_EQ(of(chart_.record.observations.back()), std::nullopt);
    plain().kind = fhir::ValueKind::other;
    EXPECT_EQ(of(chart_.record.observations.back()), std::nullopt);
}

TEST_F(Polarity, BooleansSayWhatTheySay) {
    fhir::Observation& observation = plain();
    observation.kind = fhir::ValueKind::boolean;
    EXPECT_EQ(of(observation), false);
    observation.boolean = true;
    EXPECT_EQ(of(observation), true);
}

TEST_F(Polarity, ATestIsPositiveByCodeInterpretationOrText) {
    const AnswerReader answers(builder_.content);
    EXPECT_TRUE(answers.positive(chart_.record, chart_.said({k_snomed, "1"}, "2026-06-10", "Positive")));
    EXPECT_FALSE(answers.positive(chart_.record, chart_.said({k_snomed, "1"}, "2026-06-10", "Negative")));
    EXPECT_TRUE(
        answers.positive(chart_.record, chart_.answered({k_snomed, "1"}, "2026-06-10", {k_snomed, "52101004"})));
    EXPECT_FALSE(answers.positive(chart_.record,
                                  chart_.answered({k_snomed, "1"}, "2026-06-10", {k_snomed, "2667000"}, "Positive")));
    fhir::Observation& yes = chart_.observation({{k_snomed, "1"}}, "2026-06-10");
    yes.kind = fhir::ValueKind::boolean;
    EXPECT_FALSE(answers.positive(chart_.record, yes));
    yes.boolean = true;
    EXPECT_TRUE(answers.positive(chart_.record, yes));
}

}  // namespace
}  // namespace proctor::rules
