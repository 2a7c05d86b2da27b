// Counts, and whoever tries to learn a small one from them.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <sstream>

#include "base/limits.h"
#include "store/export.h"
#include "store/feedback_values.h"
#include "support/fake_feedback_store.h"

namespace proctor::store::export_counts_test {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;

constexpr WallTime k_january = sys_days(2026y / 1 / 15), k_february = sys_days(2026y / 2 / 15);
constexpr WallTime k_march_11 = sys_days(2026y / 3 / 11), k_april_10 = sys_days(2026y / 4 / 11);

class ExportCountsTest : public ::testing::Test {
protected:
    // Cards that were shown then, each overridden for this reason a day later, accepted ("accepted"), held back
    // ("quiet") or left alone ("").
    void add(int cards, WallTime at, const std::string& said, const std::string& rule = "ADC-12") {
        for (int i = 0; i < cards; ++i) {
            const std::string name = "c" + std::to_string(seen_.shown.size());
            auto card = card_shown(name);
            card.at = at;
            card.rule = rule;
            card.quiet = said == "quiet";
            seen_.shown.push_back(card);
            if (said.empty() || card.quiet) continue;
            auto answer = said == "accepted" ? card_accepted(name) : card_overridden(name);
            answer.reason_code = said == "accepted" ? "" : said;
            answer.outcome_at = answer.received_at = at + days{1};
            seen_.kept.push_back({std::to_string(seen_.kept.size()), answer, true});
        }
    }
    std::string counts(WallTime now, int months = 12) {
        std::string text;
        const auto done = export_counts(store_, ExportFormat::csv, ClosedMonth::latest(now, days{730}, months),
                                        [&](std::string_view bytes) { return text.append(bytes), true; });
        EXPECT_TRUE(done);
        return text.substr(text.find('\n') + 1);
    }
    FakeStore::Seen seen_;
    FakeStore store_{seen_};
};

TEST_F(ExportCountsTest, CountsByMonthClientRuleVersionOutcomeAndReason) {
    add(20, k_january, "");
    add(12, k_january, "accepted");
    add(13, k_january, "already-ordered");
    add(11, k_january, "quiet");
    add(14, k_february, "", "ADC-13");
    EXPECT_EQ(counts(k_march_11),
              "2026-01,north,ADC-12,1.0.0,accepted,,12\r\n"
              "2026-01,north,ADC-12,1.0.0,none,,20\r\n"
              "2026-01,north,ADC-12,1.0.0,overridden,already-ordered,13\r\n"
              "2026-01,north,ADC-12,1.0.0,quiet,,11\r\n"
              "2026-02,north,ADC-13,1.0.0,none,,14\r\n");
    EXPECT_EQ(counts(k_march_11 - 1ms).find("2026-02"), std::string::npos) << "it is not closed";
    EXPECT_EQ(counts(k_march_11, 1).find("2026-01"), std::string::npos);
}

TEST_F(ExportCountsTest, ASmallCellIsHiddenWithTheNextSmallest) {
    add(50, k_january, "");
    add(30, k_january, "accepted");
    add(3, k_january, "quiet");
    EXPECT_EQ(counts(k_march_11),
              "2026-01,north,ADC-12,1.0.0,accepted,,suppressed\r\n"
              "2026-01,north,ADC-12,1.0.0,none,,50\r\n"
              "2026-01,north,ADC-12,1.0.0,quiet,,suppressed\r\n");
}

TEST_F(ExportCountsTest, HiddenCellsTogetherAreNoSmallCountEither) {
    add(50, k_january, "");
    add(30, k_january, "accepted");
    add(3, k_january, "quiet");
    add(4, k_january, "x");
    const auto text = counts(k_march_11);
    EXPECT_NE(text.find("accepted,,suppressed"), std::string::npos) << text;
    EXPECT_NE(text.find("none,,50"), std::string::npos) << text;
}

TEST_F(ExportCountsTest, ARareReasonIsNotNamed) {
    add(50, k_january, "");
    add(15, k_january, "already-ordered");
    for (int i = 0; i < 20; ++i) add(1, k_january, "mrn-" + std::to_string(i));
    EXPECT_EQ(counts(k_march_11),
              "2026-01,north,ADC-12,1.0.0,none,,50\r\n"
              "2026-01,north,ADC-12,1.0.0,overridden,already-ordered,15\r\n"
              "2026-01,north,ADC-12,1.0.0,overridden,other,20\r\n");
}

TEST_F(ExportCountsTest, WhatIsSaidAfterAMonthWasClosedChangesNothing) {
    add(30, k_january, "");
    const auto before = counts(k_march_11);
    auto late = card_accepted("c0");
    late.outcome_at = k_january;
    late.received_at = k_march_11;
    seen_.kept.push_back({"late", late, true});
    EXPECT_EQ(counts(k_march_11 + 1h), before);
    EXPECT_NE(before.find(",none,,30"), std::string::npos);
}

using Cells = std::map<std::string, std::size_t>;  // what is given

Cells given(const std::string& csv) {
    Cells cells;
    std::istringstream lines(csv);
    for (std::string line; std::getline(lines, line);) {
        const auto comma = line.rfind(',');
        if (line.find("suppressed") == std::string::npos)
            cells[line.substr(0, comma)] = std::stoul(line.substr(comma + 1));
    }
    return cells;
}

std::string group_of(const std::string& cell) {
    std::size_t end = 0;
    for (int i = 0; i < 4; ++i) end = cell.find(',', end + 1);
    return cell.substr(0, end);
}

// Somebody has two exports of overlapping periods, made at different times with answers coming in between, and knows
// besides, from elsewhere, how many cards each rule showed in each month. Whatever he subtracts is no small count.
TEST_F(ExportCountsTest, NothingSmallCanBeReconstructedByDifference) {
    std::mt19937 random(20261126);
    const std::vector<std::string> said = {"", "accepted", "quiet", "a", "b", "c", "d"};
    for (const WallTime month : {k_january, k_february, WallTime(sys_days(2026y / 3 / 15))}) {
        for (int rule = 0; rule < 20; ++rule) {
            for (const auto& one : said) {
                const int cards = static_cast<int>(random() % (random() % 3 == 0 ? 40 : 12));
                add(cards, month, one, "ADC-" + std::to_string(rule));
            }
        }
    }
    const auto first_text = counts(k_march_11, 2);
    auto late = card_accepted("c0");
    late.received_at = k_march_11 + 1h;
    seen_.kept.push_back({"late", late, true});
    const auto second_text = counts(k_april_10, 3);
    const auto first = given(first_text), second = given(second_text);
    ASSERT_GT(first.size(), 20U);
    ASSERT_NE(first_text.find("suppressed"), std::string::npos);
    for (const auto& [cell, count] : second) EXPECT_GE(count, limits::k_small_cell) << cell;
    for (const auto& [cell, count] : first) {
        ASSERT_TRUE(second.contains(cell)) << "hidden in one and given in the other: " << cell;
        EXPECT_EQ(second.at(cell), count) << cell;
    }
    for (const auto& [cell, count] : second) EXPECT_TRUE(first.contains(cell) || cell.starts_with("2026-03")) << cell;
    // The true sums, and what is left of them without what is given.
    Cells left;
    for (const auto& card : seen_.shown) {
        const auto month = card.at == k_january ? "2026-01" : card.at == k_february ? "2026-02" : "2026-03";
        ++left[month + (",north," + card.rule + ",1.0.0")];
    }
    Cells hidden_cells;
    std::istringstream lines(second_text);
    for (std::string line; std::getline(lines, line);) {
        if (line.find("suppressed") != std::string::npos) ++hidden_cells[group_of(line)];
    }
    Cells given_cells;
    for (const auto& [cell, count] : second) {
        left[group_of(cell)] -= count;
        ++given_cells[group_of(cell)];
    }
    for (const auto& [group, rest] : left) {
        if (given_cells[group] == 0) continue;  // nothing is given: there is nothing to subtract
        EXPECT_TRUE(rest == 0 || (rest >= limits::k_small_cell && hidden_cells[group] >= 2)) << group << ' ' << rest;
    }
}

TEST_F(ExportCountsTest, AStoreThatIsAwayIsAnError) {
    seen_.there = false;
    EXPECT_FALSE(export_counts(store_, ExportFormat::csv, {}, [](std::string_view) { return true; }));
}

}  // namespace
}  // namespace proctor::store::export_counts_test
