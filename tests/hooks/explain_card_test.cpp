#include "hooks/explain_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hooks/answered.h"

namespace proctor::hooks::explain_card_test {
namespace {

using namespace std::chrono_literals;
using namespace testing;

TEST(ExplainCard, SaysWhyACardIsShownOrNot) {
    HandMade made = bleeding();
    made.content.overrideReasons[1].next = rules::NextTime::ask_again;
    History said = history();
    auto input = made.input();
    input.history = &said;
    const auto& rule = made.content.rules[0];
    const auto card = compose(input).cards[0];
    const auto with = [&](const std::string& reason, fhir::Instant at) {
        said.answers = {answer_to(card, reason, at)};
        return explain_card(input, rule);
    };
    const auto yesterday = k_now - 24h;
    EXPECT_EQ(explain_card(input, rule), "card: shown; nobody answered it\n");
    EXPECT_EQ(with("already-ordered", yesterday),
              "card: held back, answered 2026-06-14T12:00:00Z (overridden, already-ordered) on the same evidence; "
              "shown again from 2026-07-14T12:00:00Z, or at once with new evidence\n");
    EXPECT_EQ(with("patient-declined", yesterday),
              "card: shown; answered 2026-06-14T12:00:00Z (overridden, patient-declined), a reason that does not "
              "last\n");
    EXPECT_EQ(with("", k_now - k_month),
              "card: shown; answered 2026-05-16T12:00:00Z (overridden), which held until 2026-06-15T12:00:00Z\n");
    said.answers[0].evidence = "another";
    EXPECT_EQ(explain_card(input, rule),
              "card: shown; answered 2026-05-16T12:00:00Z (overridden), but on other evidence\n");
    said.salt.clear();
    EXPECT_EQ(explain_card(input, rule),
              "card: shown; it rests on no entry that could be compared with an answered one\n");
    said.quiet = {};
    EXPECT_EQ(explain_card(input, rule), "card: shown; answers hold no card back here (quiet_days)\n");
    said = history();
    made.content.rules[0].rule.decide[0].indicator = rules::Indicator::critical;
    EXPECT_EQ(explain_card(input, rule), "card: shown; critical cards are never held back\n");
    made.outcome.fired.clear();
    EXPECT_EQ(explain_card(input, rule), "");
}

TEST(ExplainCard, FindsARuleOnAnothersCardAndBeyondTheLimit) {
    HandMade made = seven();
    made.fire(made.rule("ADC-57", rules::Indicator::warning));
    made.content.rules[0].rule.decide[0].absorbs = {"ADC-51"};
    EXPECT_EQ(explain_card(made.input(), made.content.rules[1]),
              "card: a line on that of ADC-50, which is shown; answers hold no card back here (quiet_days)\n");
    EXPECT_EQ(explain_card(made.input(), made.content.rules[6]),
              "card: shown; answers hold no card back here (quiet_days); beyond the limit, gathered\n");
}

}  // namespace
}  // namespace proctor::hooks::explain_card_test
