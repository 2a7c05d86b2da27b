#include "console/figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/lost_codes.h"
#include "console/rule_figures.h"
#include "support/fake_entropy.h"
#include "support/manual_clock.h"
#include "support/no_memory.h"

namespace proctor::console {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(Latency, PercentilesAreOffByATwentiethAtMost) {
    for (const std::int64_t us : {1, 7, 950, 5'400, 450'000, 30'000'000}) {
        Latency latency;
        latency.record(us);
        const double exact = static_cast<double>(us) / 1000;
        EXPECT_NEAR(latency.percentile(50).value(), exact, exact / 20) << us;
    }
    EXPECT_EQ(Latency().percentile(50), std::nullopt);
}

TEST(Latency, CountsHowManyTookNoLonger) {
    Latency latency, later;
    for (int i = 0; i < 98; ++i) latency.record(1'000);
    later.record(100'000);
    later.record(100'000);
    latency.add(later);
    EXPECT_NEAR(*latency.percentile(50), 1, 0.05);
    EXPECT_NEAR(*latency.percentile(95), 1, 0.05);
    EXPECT_NEAR(*latency.percentile(99), 100, 5);
    for (const std::int64_t us : {-5LL, 0LL, 1LL << 40}) latency.record(us);  // none is out of bounds
}

LogFields hook(int status = 200) {
    LogFields fields;
    fields.status = status;
    fields.service = "anorectal-alarms";
    fields.client = "north";
    if (status == 200) fields.hook = "patient-view";
    return fields;
}

class FiguresTest : public testing::Test {
protected:
    HourFigures now() const { return figures_.hours(1).front(); }
    ManualClock clock_;
    Figures figures_{clock_};
};

TEST_F(FiguresTest, AHookCountsWithItsCardsByRuleAndIndicator) {
    auto fields = hook();
    fields.shown = {{"ADC-12", "warning"}, {"ADC-02", "critical"}, {"ADC-12", "info"}};
    fields.quiet = 2;
    fields.not_checked = 3;
    fields.duration_us = 1'000;
    figures_.write(Event::request, fields);
    EXPECT_EQ(now().hooks, 1U);
    EXPECT_EQ(now().cards, (CardCounts{1, 1, 1}));
    EXPECT_EQ(now().quiet, 2U);
    EXPECT_EQ(now().not_checked, 1U) << "hooks, not rules";
    EXPECT_THAT(now().rules, ElementsAre(Pair("ADC-02", CardCounts{1, 0, 0}), Pair("ADC-12", CardCounts{0, 1, 1})));
    EXPECT_TRUE(now().latency.percentile(50));
}

TEST_F(FiguresTest, WhatIsNoHookIsNone) {
    auto feedback = hook();
    feedback.hook = "";
    feedback.feedback = true;
    LogFields discovery, health;
    discovery.client = "north";
    discovery.status = health.status = 200;
    LogFields nowhere;
    nowhere.status = 404;
    auto bad_feedback = feedback;
    bad_feedback.status = 400;
    for (const auto& fields : {feedback, discovery, health, nowhere, bad_feedback})
        figures_.write(Event::request, fields);
    figures_.write(Event::login, hook());
    figures_.write(Event::exported, hook());
    auto failed_feedback = feedback, failed_discovery = discovery;
    failed_feedback.status = failed_discovery.status = 503;
    for (const auto& fields : {failed_feedback, failed_discovery}) figures_.write(Event::request, fields);
    EXPECT_EQ(now().hooks + now().errors + now().refused, 0U);
    EXPECT_EQ(figures_.clients().at("north").calls, 0U);
    EXPECT_EQ(figures_.clients().at("north").reasons.at("unavailable"), 2U);
    EXPECT_EQ(figures_.clients().at("north").last_call, std::nullopt);
}

TEST_F(FiguresTest, WhatThereIsNoMemoryForIsNotCountedAndFailsNobody) {
    auto fields = hook();
    fields.client = text_without_memory();
    figures_.write(Event::request, fields);
    figures_.write(Event::request, hook());
    EXPECT_EQ(figures_.clients().at("north").calls, 1U);
}

TEST_F(FiguresTest, RefusalsAndErrorsCountWithTheirReasonsByClient) {
    for (const int status : {400, 400, 412, 503}) figures_.write(Event::request, hook(status));
    auto busy = hook(503);
    busy.reason = "clientBusy";
    figures_.write(Event::request, busy);
    LogFields stranger;
    stranger.status = 401;
    stranger.reason = "badSignature";
    figures_.write(Event::request, stranger);
    EXPECT_EQ(now().errors, 2U);
    EXPECT_EQ(now().refused, 4U);
    EXPECT_EQ(now().hooks, 0U);
    EXPECT_THAT(figures_.clients().at("north").reasons, ElementsAre(Pair("badRequest", 2), Pair("clientBusy", 1),
                                                                    Pair("dataMissing", 1), Pair("unavailable", 1)));
    EXPECT_EQ(figures_.clients().at("north").calls, 5U);
    EXPECT_THAT(figures_.strangers(), ElementsAre(Pair("badSignature", 1)));
    LogFields full;
    full.status = 503;
    full.reason = "busy";
    figures_.write(Event::request, full);
    EXPECT_EQ(now().errors, 3U) << "it may have been a hook";
}

TEST_F(FiguresTest, AClientsGapsAreSummed) {
    auto fields = hook();
    fields.missing = {"laboratory", "exam"};
    fields.codings = 10;
    fields.codings_read = 6;
    fields.codings_lost = 1;
    figures_.write(Event::request, fields);
    clock_.pass(hours(1));
    fields.missing = {"exam"};
    figures_.write(Event::request, fields);
    const auto north = figures_.clients().at("north");
    EXPECT_THAT(north.missing, ElementsAre(Pair("exam", 2), Pair("laboratory", 1)));
    EXPECT_EQ(north.codings, 20U);
    EXPECT_EQ(north.codings_read, 12U);
    EXPECT_EQ(north.codings_lost, 2U);
    EXPECT_EQ(north.last_call, clock_.now());
}

TEST_F(FiguresTest, EveryHourIsThereAndAWeekIsAll) {
    figures_.write(Event::request, hook());
    clock_.pass(hours(2));
    figures_.write(Event::request, hook());
    auto last = figures_.hours(3);
    EXPECT_THAT((std::vector{last[0].hooks, last[1].hooks, last[2].hooks}), ElementsAre(1, 0, 1));
    EXPECT_EQ(last[0].hour + 2, last[2].hour);
    EXPECT_EQ(figures_.hours(100'000).size(), limits::k_figure_hours);
    clock_.pass(hours(limits::k_figure_hours - 2));
    figures_.write(Event::request, hook());
    last = figures_.hours(limits::k_figure_hours);
    EXPECT_EQ(last.front().hooks, 0U) << "the hour after the first";
    EXPECT_EQ(last[1].hooks, 1U);
    EXPECT_EQ(last.back().hooks, 1U) << "in the place of the first hour, which is forgotten";
}

TEST_F(FiguresTest, AClockThatIsSetBackDoesNotEndIt) {
    figures_.write(Event::request, hook());
    clock_.set_by(-hours(24 * 365 * 60));
    figures_.write(Event::request, hook());
    EXPECT_EQ(now().hooks, 1U);
}

fhir::Coding coding(std::string_view system, std::string_view code) {
    fhir::Coding made;
    made.system = system;
    made.code = code;
    return made;
}

// Each of another patient, the first of which is the one with this number.
void add(LostCodes& codes, int calls, const fhir::Coding& one, int first = 0) {
    for (int i = first; i < first + calls; ++i) codes.add("north", {"", std::to_string(i)}, {&one, &one});
}

TEST(LostCodes, AreToldOnceFivePatientsHadThem) {
    FakeEntropy entropy;
    LostCodes codes(entropy);
    add(codes, 4, coding("http://local.example/codes", "X1"));
    EXPECT_THAT(codes.of("north"), IsEmpty()) << "however often one call says it";
    add(codes, 1, coding("http://local.example/codes", "X1"), 4);
    add(codes, 7, coding("urn:oid:1.2.3", "A^B.c_d-1"));
    EXPECT_THAT(codes.of("north"), ElementsAre(LostCode{"urn:oid:1.2.3", "A^B.c_d-1", 7},
                                               LostCode{"http://local.example/codes", "X1", 5}));
    EXPECT_THAT(codes.of("south"), IsEmpty());
}

TEST(LostCodes, OfOnePatientAreNeverToldHoweverOftenThatOneComes) {
    FakeEntropy entropy;
    LostCodes codes(entropy);
    const auto number = coding("https://hospital.example/mrn", "MRN-0042");
    for (int i = 0; i < 20; ++i) add(codes, 1, number);
    EXPECT_THAT(codes.of("north"), IsEmpty());
    for (const char* tenant : {"a", "b", "c", "d"}) codes.add("north", {tenant, "0"}, {&number});
    EXPECT_THAT(codes.of("north"), ElementsAre(LostCode{"https://hospital.example/mrn", "MRN-0042", 24}))
        << "the same id of another tenant is another patient";
}

TEST(LostCodes, WhatDoesNotLookLikeACodeIsNotKept) {
    FakeEntropy entropy;
    LostCodes codes(entropy);
    const std::string long_code(33, '1'), long_system = "http://" + std::string(194, 'a');
    const std::pair<std::string, std::string> rows[] = {
        {"http://a.example", "bleeding of Mr Smith"},
        {"http://a.example", long_code},
        {"http://a.example", ""},
        {"http://a.example", "Ä1"},
        {long_system, "1"},
        {"", "1"},
        {"Smith", "1"},
        {"http://", "1"},
        {"http://a b", "1"},
        {"mailto:smith@a.example", "1"},
        {"http://a.example/\n", "1"},
        {"http://a.example", "1\n"},
    };
    for (const auto& [system, code] : rows) {
        add(codes, 5, coding(system, code));
        EXPECT_THAT(codes.of("north"), IsEmpty()) << system << ' ' << code;
    }
}

TEST(LostCodes, AreBoundedAndWhatComesAgainStays) {
    FakeEntropy entropy;
    LostCodes codes(entropy);
    const auto known = coding("http://a.example", "known");
    add(codes, 5, known);
    for (std::size_t i = 0; i < 3 * limits::k_lost_codes; ++i) {
        const std::string code = std::to_string(i);
        add(codes, 1, coding("http://a.example", code));
    }
    add(codes, 5, coding("http://a.example", "late"));
    EXPECT_THAT(codes.of("north"), testing::SizeIs(2));
}

store::Tally tally(const char* outcome, std::size_t cards, const char* reason = "", long day = 20'619) {
    store::Tally made;
    made.client = "north";
    made.rule = "ADC-12";
    made.version = "1.0.0";
    made.outcome = outcome;
    made.reason = reason;
    made.day = day;
    made.cards = cards;
    return made;
}

TEST(RuleFigures, AddUpByVersionAndWeek) {
    auto old = tally("shown", 4, "", 20'618);  // 2026-06-14, a Sunday
    old.version = "0.9.0";
    const auto figures = figures_of({tally("shown", 30), tally("quiet", 2), tally("accepted", 5),
                                     tally("overridden", 9, "x"), tally("overridden", 1), old});
    const auto& rule = figures.at("ADC-12");
    const auto& answers = rule.versions.at("1.0.0");
    EXPECT_EQ(answers.shown, 30U);
    EXPECT_EQ(answers.quiet, 2U);
    EXPECT_EQ(answers.unanswered(), 15U);
    EXPECT_DOUBLE_EQ(*answers.override_share(), 10.0 / 15);
    EXPECT_THAT(answers.reasons_by_count(), ElementsAre(Pair("x", 9), Pair("", 1)));
    EXPECT_EQ(rule.versions.at("0.9.0").override_share(), std::nullopt);
    EXPECT_EQ(rule.weeks.at(20'619).shown, 30U);
    EXPECT_EQ(rule.weeks.at(20'612).shown, 4U);
}

TEST(RuleFigures, AreFlaggedWithTwentyAnswersAndMoreThanTheShare) {
    const auto flagged = [](std::size_t accepted, std::size_t overridden) {
        const auto figures = figures_of({tally("accepted", accepted), tally("overridden", overridden, "x")});
        return figures.at("ADC-12").flagged(50);
    };
    EXPECT_TRUE(flagged(9, 11));
    EXPECT_FALSE(flagged(10, 10)) << "not above";
    EXPECT_FALSE(flagged(0, 19)) << "too few";
    EXPECT_TRUE(flagged(0, 20));
    EXPECT_FALSE(flagged(0, 0));
}

TEST(RuleFigures, WeeksBeginOnMondays) {
    const auto day = [](long number) { return WallTime(std::chrono::days(number)); };
    const auto weeks = weeks_between(day(20'618), day(20'625) + hours(23));
    EXPECT_EQ(weeks.first, 20'612);
    EXPECT_EQ(weeks.last, 20'619);
    EXPECT_EQ(weeks_between(day(-1), day(0)).first, -3) << "1970-01-01 was a Thursday";
}

}  // namespace
}  // namespace proctor::console
