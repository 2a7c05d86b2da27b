// What is not shown again, seen on the charts of fhir-fixtures/ and the real content, and on charts made by hand where
// only the limit matters.
#include "hooks/quiet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/text.h"
#include "hooks/answered.h"
#include "hooks/check_answer.h"

namespace proctor::hooks::quiet_test {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Quiet, WhatWasAnsweredIsNotShownAgainOnTheSameEvidence) {
    const json bundle = chart(k_bleeding);
    const Answered first = ask(bundle);
    ASSERT_EQ(shape(first), "ADC-12");
    ASSERT_EQ(first.cards[0].evidence.size(), 64U);
    for (const std::string reason : {"patient-declined", "", "already-ordered", "data-wrong", "of-another-vendor"}) {
        const Answered again = ask(bundle, history(answers_to(first.cards, reason)));
        EXPECT_EQ(shape(again), " | ADC-12") << reason;
        EXPECT_EQ(again.quiet[0].uuid, first.cards[0].uuid);
        EXPECT_EQ(again.quiet[0].evidence, first.cards[0].evidence);
        EXPECT_EQ(again.quiet[0].held->until, k_now + k_month);
        EXPECT_TRUE(again.quiet[0].detail.empty());
    }
    PastAnswer accepted = answer_to(first.cards[0], "");
    accepted.accepted = true;
    EXPECT_EQ(shape(ask(bundle, history({accepted}))), " | ADC-12");
}

// The card is shown, and shown alone, after each of the changes.
// A patient-view request for the bleeding chart; `fetched` of its Conditions did not come with it.
TEST(Quiet, AnAnswerHoldsToTheMillisecond) {
    const json bundle = chart(k_bleeding);
    const auto evidence = ask(bundle).cards[0];
    const auto asked = [&](fhir::Instant at) { return shape(ask(bundle, history({answer_to(evidence, "", at)}))); };
    EXPECT_EQ(asked(k_now), " | ADC-12");
    EXPECT_EQ(asked(k_now - k_month + 1ms), " | ADC-12");
    EXPECT_EQ(asked(k_now - k_month), "ADC-12");
    EXPECT_EQ(asked(k_now + 1ms), "ADC-12") << "an answer from the future";
}

TEST(Quiet, OnlyAnAnswerToThisCardCounts) {
    const json bundle = chart(k_bleeding);
    const PastAnswer right = answer_to(ask(bundle).cards[0]);
    const auto with = [&](std::string PastAnswer::*member, const std::string& value) {
        PastAnswer wrong = right;
        wrong.*member = value;
        return shape(ask(bundle, history({wrong})));
    };
    EXPECT_EQ(with(&PastAnswer::rule, "ADC-13"), "ADC-12");
    EXPECT_EQ(with(&PastAnswer::row, "another"), "ADC-12");
    EXPECT_EQ(with(&PastAnswer::evidence, std::string(64, '0')), "ADC-12");
    EXPECT_EQ(with(&PastAnswer::evidence, ""), "ADC-12");
}

TEST(Quiet, ACriticalCardIsAlwaysShown) {
    const json bundle = chart("bleeding-with-shock");
    const Answered first = ask(bundle);
    const Answered again = ask(bundle, history(answers_to(first.cards)));
    ASSERT_EQ(first.cards[0].indicator, rules::Indicator::critical);
    ASSERT_FALSE(again.cards.empty());
    EXPECT_EQ(again.cards[0].uuid, first.cards[0].uuid);
    EXPECT_FALSE(again.quiet.empty());
}

// All fixtures, everything answered just now: what remains is critical, or says what could not be checked.
TEST(Quiet, WithEverythingAnsweredOnlyCriticalCardsAndOpenChecksRemain) {
    std::size_t held = 0, critical = 0;
    for (const std::string& patient : patients()) {
        const json bundle = chart(patient);
        const Answered first = ask(bundle);
        const Answered again = ask(bundle, history(answers_to(first.cards)));
        std::vector<std::string> expected, shown, quiet;
        for (const Card& card : first.cards) {
            const bool is_critical = card.indicator == rules::Indicator::critical;
            if (is_critical) expected.push_back(card.uuid);
            critical += is_critical ? 1U : 0U;
        }
        for (const Card& card : again.cards) {
            if (card.rule != "ADC-NC") shown.push_back(card.uuid);
            EXPECT_LE(characters(card.detail), limits::k_detail_characters) << patient;
        }
        EXPECT_EQ(shown, expected) << patient << ": " << shape(again);
        const auto named = [](const Answered& answered) {
            return std::ranges::count(answered.cards, "ADC-NC", &Card::rule);
        };
        EXPECT_EQ(again.quiet.size() + shown.size() + static_cast<std::size_t>(named(first)), first.cards.size())
            << patient;
        EXPECT_GE(named(again), named(first)) << patient;
        const auto findings = check_answer(write_cards(again.cards, again.quiet));
        EXPECT_TRUE(findings.faults.empty() && findings.notes.empty()) << patient;
        held += again.quiet.size();
    }
    EXPECT_GT(held, 20U);
    EXPECT_GT(critical, 4U);
}

TEST(Quiet, SwitchedOffTheAnswerIsTheSameToTheByte) {
    for (const std::string& patient : patients()) {
        const json bundle = chart(patient);
        const Answered plain = ask(bundle, {});
        History said = history(answers_to(ask(bundle).cards, "already-ordered"));
        said.quiet = {};
        const Answered off = ask(bundle, said);
        EXPECT_EQ(write_cards(off.cards, off.quiet), write_cards(plain.cards)) << patient;
    }
}

// A quiet rule with a more urgent row that could not be decided: that is told all the same.
TEST(Quiet, WhatAQuietCardLeftOpenIsStillTold) {
    HandMade made = bleeding();
    const auto fact = made.fact("blood pressure", rules::FindingFact{});
    made.outcome.not_checked.push_back({0, 0, {fact}});
    History said = history();
    auto input = made.input();
    input.history = &said;
    ASSERT_EQ(compose(input).cards.size(), 1U);
    said.answers = answers_to(compose(input).cards);
    const Composed again = compose(input);
    ASSERT_EQ(again.cards.size(), 1U);
    EXPECT_EQ(again.cards[0].rule, "ADC-NC");
    EXPECT_THAT(again.cards[0].detail,
                AllOf(HasSubstr("Title of ADC-12 (ADC-12): blood pressure"),
                      HasSubstr("**Not shown again**\n\n- Title of ADC-12 (ADC-12), answered 15 Jun 2026 12:00")));
}

TEST(Quiet, AQuietCardFreesItsPlace) {
    const HandMade made = seven();
    History said = history();
    auto input = made.input();
    input.history = &said;
    const auto shapes = [&] {
        const Composed composed = compose(input);
        return shape({composed.cards, {}, {}, {}, composed.quiet});
    };
    EXPECT_EQ(shapes(), "ADC-50 ADC-51 ADC-52 ADC-53 ADC-54 ADC-MORE");
    const auto all = compose(input).cards;
    EXPECT_EQ(all.back().evidence, "") << "the gathering card is no rule's";
    said.answers = {answer_to(all[1])};
    EXPECT_EQ(shapes(), "ADC-50 ADC-52 ADC-53 ADC-54 ADC-55 ADC-56 | ADC-51")
        << "one beyond the limit has its own card";
    said.answers = answers_to(all);
    EXPECT_EQ(shapes(), "ADC-55 ADC-56 | ADC-50 ADC-51 ADC-52 ADC-53 ADC-54") << "what was gathered has its own card";
}

// The bleeding chart, answered the day before with this reason; since then the entry became another.
Answered after(const std::string& reason, fhir::Instant at = k_now - 24h) {
    json bundle = chart(k_bleeding);
    const History said = history(answers_to(ask(bundle).cards, reason, at));
    bleeding(bundle)["clinicalStatus"]["coding"][0]["code"] = "recurrence";
    return ask(bundle, said);
}

std::string before_found(const Card& card) { return card.detail.substr(0, card.detail.find("**Found**")); }

TEST(Quiet, ReasonsShapeWhatIsShownNext) {
    const auto plain = ask(chart(k_bleeding)).cards[0];
    ASSERT_FALSE(plain.suggestions.empty());
    struct Row {
        std::string reason, note;
        bool orders;
    };
    const std::string ordered =
        "Its orders are not suggested again here: please check that what was ordered is under way and still enough.";
    const Row table[] = {
        {"already-ordered", "\"Already ordered or referred\". " + ordered, false},
        {"already-referred", "\"Already referred\". " + ordered, false},
        {"already-tested", "\"Already tested\". " + ordered, false},
        {"already-investigated", "\"Already investigated\". " + ordered, false},
        {"data-wrong", "\"The data are wrong or out of date\". Please check the data at their source before acting.",
         true},
        {"already-admitted", "\"Already admitted\". That speaks of where the patient was then: please judge again.",
         true},
        {"patient-declined", "", true},
        {"", "", true},
        {"of-another-vendor", "", true},
    };
    for (const auto& [reason, note, orders] : table) {
        const Card card = card_of(after(reason), "ADC-12");
        const std::string expected =
            note.empty() ? "" : "**Answered before** On 14 Jun 2026 12:00 it was answered " + note + "\n\n";
        EXPECT_EQ(before_found(card), expected) << reason;
        EXPECT_EQ(card.suggestions.empty(), !orders) << reason;
        EXPECT_EQ(card.selectionBehavior.empty(), !orders) << reason;
    }
}

TEST(Quiet, AReasonIsForgottenAfterTheTime) {
    const Card card = card_of(after("already-ordered", k_now - k_month), "ADC-12");
    EXPECT_EQ(before_found(card), "");
    EXPECT_FALSE(card.suggestions.empty());
}

TEST(Quiet, TheLatestReasonCounts) {
    json bundle = chart(k_bleeding);
    const auto first = ask(bundle).cards[0];
    const History said =
        history({answer_to(first, "already-ordered", k_now - 48h), answer_to(first, "data-wrong", k_now - 24h)});
    bleeding(bundle)["id"] = "another";
    const Card card = card_of(ask(bundle, said), "ADC-12");
    EXPECT_THAT(card.detail, AllOf(HasSubstr("14 Jun 2026"), HasSubstr("wrong or out of date")));
    EXPECT_FALSE(card.suggestions.empty());
}

TEST(Quiet, AReasonThatDoesNotLastHoldsNothingBack) {
    const json bundle = chart(k_bleeding);
    const auto first = ask(bundle).cards[0];
    for (const char* reason : {"already-admitted", "already-in-emergency-care", "onset-confirmed-recent"}) {
        const Answered again = ask(bundle, history({answer_to(first, reason)}));
        EXPECT_EQ(shape(again), "ADC-12") << reason;
        EXPECT_EQ(shape(ask(bundle, history({answer_to(first), answer_to(first, reason)}))), "ADC-12") << reason;
    }
}

TEST(Quiet, ACriticalAlarmThatWasCalledOrderedSuggestsTheseOrdersNoMore) {
    const json bundle = chart("bleeding-with-shock");
    const Card first = ask(bundle).cards[0];
    const Card again = ask(bundle, history({answer_to(first, "already-ordered")})).cards[0];
    EXPECT_EQ(again.uuid, first.uuid);
    EXPECT_LT(again.suggestions.size(), first.suggestions.size());
    EXPECT_THAT(again.detail, HasSubstr("\"Already ordered or referred\""));
}

TEST(Quiet, OrdersOfOtherRulesOnTheCardAreStillSuggested) {
    HandMade made = bleeding();
    made.content.overrideReasons[0].next = rules::NextTime::without_orders;
    made.content.overrideReasons[0].note = "Note.";
    made.content.rules[0].rule.decide[0].absorbs = {"ADC-26"};
    const auto other = made.rule("ADC-26", rules::Indicator::info);
    made.order(other, "blood-count");
    made.order(other, "fit");
    made.fire(other);
    const History said = history({{"ADC-12", "row", "another", false, "already-ordered", made.now - 1h}});
    auto input = made.input();
    input.history = &said;
    const auto card = compose(input).cards[0];
    ASSERT_EQ(card.suggestions.size(), 1U);
    EXPECT_EQ(card.suggestions[0].label, "Order fit");
}

TEST(Quiet, TheAnswerSaysWhatWasHeldBack) {
    const json bundle = chart("bleeding-on-apixaban");
    const Answered first = ask(bundle);
    PastAnswer accepted = answer_to(card_of(first, "ADC-13"), "", k_now - 48h);
    accepted.accepted = true;
    const Answered again = ask(bundle, history({accepted, answer_to(card_of(first, "ADC-26"), "", k_now - 24h)}));
    const json written = json::parse(write_cards(again.cards, again.quiet));
    const json expected = json::parse(R"([
        {"rule": "ADC-13", "row": "bleeding-on-antithrombotic", "answered": "2026-06-13T12:00:00Z",
         "outcome": "accepted", "until": "2026-07-13T12:00:00Z"},
        {"rule": "ADC-26", "row": "criteria-met", "answered": "2026-06-14T12:00:00Z",
         "outcome": "overridden", "until": "2026-07-14T12:00:00Z"}])");
    EXPECT_EQ(written["extension"], json({{k_quiet_extension, expected}})) << shape(again);
    EXPECT_THAT(again.cards[0].detail, HasSubstr("**Not shown again**\n\n- Bleeding"));
    for (std::size_t i = 1; i < again.cards.size(); ++i)
        EXPECT_THAT(again.cards[i].detail, Not(HasSubstr("Not shown again")));
}

TEST(Quiet, AnAnswerWithoutCardsSaysItAllTheSame) {
    const json bundle = chart(k_bleeding);
    const Answered again = ask(bundle, history(answers_to(ask(bundle).cards, "already-ordered", k_now - 24h)));
    EXPECT_EQ(write_cards(again.cards, again.quiet),
              R"({"cards":[],"extension":{"example.proctor.quiet":[{"rule":"ADC-12","row":"bleeding",)"
              R"("answered":"2026-06-14T12:00:00Z","outcome":"overridden","reason":"already-ordered",)"
              R"("until":"2026-07-14T12:00:00Z"}]}})");
}

}  // namespace
}  // namespace proctor::hooks::quiet_test
