#include "hooks/merge.h"

#include <gtest/gtest.h>

#include "hooks/hand_made.h"

namespace proctor::hooks::merge_test {
namespace {

using rules::Indicator;
using testing::HandMade;

// "A(B) C | D": cards with what they absorbed, then the gathered ones.
std::string shape(const HandMade& made) {
    const ComposeInput input = made.input();
    const Merged merged = merge(input);
    std::string text;
    const auto add = [&](const std::vector<MergedCard>& cards) {
        for (const auto& card : cards) {
            if (!text.empty()) text += ' ';
            text += card.parts[0].rule().code;
            for (std::size_t i = 1; i < card.parts.size(); ++i)
                text += (i == 1 ? "(" : ",") + card.parts[i].rule().code;
            if (card.parts.size() > 1) text += ')';
        }
    };
    add(merged.cards);
    if (!merged.gathered.empty()) text += " |";
    add(merged.gathered);
    return text;
}

struct Given {
    const char* code;
    Indicator indicator;
    std::vector<std::string> absorbs = {};
    int rank = 0;
};

std::string merged(const std::vector<Given>& table) {
    HandMade made;
    for (const auto& row : table) {
        const auto rule = made.rule(row.code, row.indicator, row.absorbs);
        made.content.rules[rule].rule.rank = row.rank;
        made.fire(rule);
    }
    return shape(made);
}

constexpr auto k_critical = Indicator::critical;
constexpr auto k_warning = Indicator::warning;
constexpr auto k_info = Indicator::info;

TEST(Merge, MostUrgentFirstThenContentOrder) {
    EXPECT_EQ(merged({{"A", k_info}, {"B", k_warning}, {"C", k_critical}, {"D", k_warning}, {"E", k_critical}}),
              "C E B D A");
}

TEST(Merge, AmongTheSameUrgencyTheHighestRankComesFirst) {
    EXPECT_EQ(merged({{"A", k_warning},
                      {"B", k_warning, {}, 1},
                      {"C", k_critical},
                      {"D", k_info, {}, 9},
                      {"E", k_warning, {}, 2}}),
              "C E B A D");
}

TEST(Merge, ARankedCardIsNotGatheredBehindItsEquals) {
    EXPECT_EQ(merged({{"A", k_warning},
                      {"B", k_warning},
                      {"C", k_warning},
                      {"D", k_warning},
                      {"E", k_warning},
                      {"F", k_warning},
                      {"G", k_warning, {}, 1}}),
              "G A B C D | E F");
}

TEST(Merge, OfTwoAbsorbersOfTheSameUrgencyTheHigherRankTakesIt) {
    EXPECT_EQ(merged({{"A", k_warning, {"C"}}, {"B", k_warning, {"C"}, 1}, {"C", k_warning}}), "B(C) A");
}

TEST(Merge, FiredOrderDoesNotMatter) {
    HandMade made;
    made.rule("A", k_warning);
    made.rule("B", k_warning);
    made.fire(1);
    made.fire(0);
    EXPECT_EQ(shape(made), "A B");
}

TEST(Merge, AnAbsorbedRuleLosesItsCard) {
    EXPECT_EQ(merged({{"A", k_critical, {"C", "D"}}, {"B", k_warning}, {"C", k_warning}, {"D", k_info}}), "A(C,D) B");
}

TEST(Merge, TheAbsorberMayComeLaterInTheContent) {
    EXPECT_EQ(merged({{"A", k_warning}, {"B", k_warning}, {"C", k_warning, {"A"}}}), "B C(A)");
}

TEST(Merge, ACriticalCardIsNeverMergedAway) { EXPECT_EQ(merged({{"A", k_critical, {"B"}}, {"B", k_critical}}), "A B"); }

TEST(Merge, AMoreUrgentRuleIsNotAbsorbedByALesser) {
    EXPECT_EQ(merged({{"A", k_info, {"B"}}, {"B", k_warning}}), "B A");
}

TEST(Merge, WhatAnAbsorbedRuleAbsorbsComesAlong) {
    EXPECT_EQ(merged({{"A", k_critical, {"B"}}, {"B", k_warning, {"C"}}, {"C", k_info}}), "A(B,C)");
}

TEST(Merge, TheMostUrgentOfSeveralAbsorbersTakesIt) {
    EXPECT_EQ(merged({{"A", k_warning, {"C"}}, {"B", k_critical, {"C"}}, {"C", k_warning}}), "B(C) A");
}

TEST(Merge, RulesThatAbsorbEachOtherBecomeOneCard) {
    EXPECT_EQ(merged({{"A", k_warning, {"B"}}, {"B", k_warning, {"A"}}}), "A(B)");
}

TEST(Merge, OnlyFiveCardsBesideTheCriticalOnesTheRestIsGathered) {
    EXPECT_EQ(merged({{"A", k_critical},
                      {"B", k_critical},
                      {"C", k_warning},
                      {"D", k_warning},
                      {"E", k_warning},
                      {"F", k_info},
                      {"G", k_info},
                      {"H", k_info},
                      {"I", k_info}}),
              "A B C D E F G | H I");
}

TEST(Merge, OneCardBeyondTheLimitIsShownItself) {
    EXPECT_EQ(
        merged(
            {{"A", k_warning}, {"B", k_warning}, {"C", k_warning}, {"D", k_warning}, {"E", k_warning}, {"F", k_info}}),
        "A B C D E F");
}

TEST(Merge, ManyCriticalCardsAllStay) {
    EXPECT_EQ(merged({{"A", k_critical},
                      {"B", k_critical},
                      {"C", k_critical},
                      {"D", k_critical},
                      {"E", k_critical},
                      {"F", k_critical},
                      {"G", k_critical}}),
              "A B C D E F G");
}

TEST(Merge, DraftAndRetiredRulesAreNotShown) {
    HandMade made;
    for (const char* code : {"A", "B", "C"}) made.fire(made.rule(code, k_critical));
    made.content.rules[0].rule.status = rules::RuleStatus::draft;
    made.content.rules[1].rule.status = rules::RuleStatus::retired;
    EXPECT_EQ(shape(made), "C");
}

TEST(Merge, AProfileChangesTheIndicatorAndWithItTheOrder) {
    HandMade made;
    made.fire(made.rule("A", k_warning));
    made.fire(made.rule("B", k_warning));
    made.content.rules[1].rule.decide[0].profiles["seed"] = k_critical;
    EXPECT_EQ(shape(made), "A B");
    made.settings.profile = "seed";
    EXPECT_EQ(shape(made), "B A");
}

}  // namespace
}  // namespace proctor::hooks::merge_test
