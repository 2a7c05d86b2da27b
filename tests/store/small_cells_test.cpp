#include "store/small_cells.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <vector>

#include "base/limits.h"

namespace proctor::store::small_cells_test {
namespace {

const Cell k_accepted{"accepted", ""}, k_none{"none", ""}, k_quiet{"quiet", ""}, k_not_now{"overridden", "not-now"},
    k_wrong{"overridden", "data-wrong"}, k_other{"overridden", "other"};

TEST(SmallCells, AReasonThatWouldHaveToBeHiddenIsCountedAsOther) {
    // Hidden, "not-now" would be known to be at least 11, and so the other one to be 1.
    EXPECT_EQ(without_small({{k_accepted, 30}, {k_not_now, 11}, {k_wrong, 1}}),
              (Counts{{k_accepted, 30}, {k_other, 12}}));
    EXPECT_EQ(without_small({{k_accepted, 30}, {k_not_now, 12}, {k_quiet, 3}, {k_none, 20}}),
              (Counts{{k_accepted, 30}, {k_other, 0}, {k_quiet, 0}, {k_none, 20}}));
}

TEST(SmallCells, WhatIsNotSmallIsGiven) {
    const Counts counts{{k_accepted, 11}, {k_not_now, 11}, {k_wrong, 12}, {k_none, 40}};
    EXPECT_EQ(without_small(counts), counts);
    EXPECT_EQ(without_small({}), Counts());
}

TEST(SmallCells, HiddenOnesAreNotAllAlikeNorAsLargeAsOneThatIsGiven) {
    EXPECT_EQ(without_small({{k_accepted, 10}, {k_quiet, 10}, {k_none, 20}, {k_other, 30}}),
              (Counts{{k_accepted, 0}, {k_quiet, 0}, {k_none, 0}, {k_other, 30}}));
    EXPECT_EQ(without_small({{k_accepted, 3}, {k_quiet, 20}, {k_none, 20}, {k_other, 30}}),
              (Counts{{k_accepted, 0}, {k_quiet, 0}, {k_none, 0}, {k_other, 30}}));
}

TEST(SmallCells, WhereAllWouldBeHiddenNothingIsSaidOfThem) {
    for (const Counts& counts :
         {Counts{{k_quiet, 3}}, {{k_quiet, 1}, {k_none, 1}, {k_wrong, 1}}, {{k_quiet, 3}, {k_none, 50}}})
        EXPECT_EQ(without_small(counts), (Counts{{Cell{}, 0}}));
}

// Every table of these cells with this sum.
void each_table(const std::vector<Cell>& cells, std::size_t sum, const std::function<void(const Counts&)>& use) {
    Counts table;
    const std::function<void(std::size_t, std::size_t)> fill = [&](std::size_t at, std::size_t left) {
        const bool last = at + 1 == cells.size();
        for (std::size_t count = last ? left : 0; count <= left; ++count) {
            if (count == 0)
                table.erase(cells[at]);
            else
                table[cells[at]] = count;
            if (last)
                use(table);
            else
                fill(at + 1, left - count);
        }
        table.erase(cells[at]);
    };
    fill(0, sum);
}

std::size_t count_of(const Counts& table, const Cell& cell) {
    const auto found = table.find(cell);
    return found == table.end() ? 0 : found->second;
}

// Somebody knows the sum of the group from elsewhere, how the cells are chosen, and which there may be: he goes through
// all tables that give what he sees. A small count that they have in common he has learned.
int learned(const std::vector<Cell>& cells, std::size_t sum) {
    std::map<Counts, std::vector<std::set<std::size_t>>> possible;  // by what is given: the counts of each cell
    each_table(cells, sum, [&](const Counts& table) {
        auto& seen = possible[without_small(table)];
        seen.resize(cells.size());
        for (std::size_t i = 0; i < cells.size(); ++i) seen[i].insert(count_of(table, cells[i]));
    });
    int small = 0;
    for (const auto& [given, seen] : possible) {
        for (const auto& counts : seen)
            small += counts.size() == 1 && *counts.begin() > 0 && *counts.begin() < limits::k_small_cell ? 1 : 0;
    }
    return small;
}

// Of "other" nobody knows which reasons are in it: a client may send any code, this one, too.
TEST(SmallCells, NoSmallCountCanBeReconstructedFromTheSum) {
    for (std::size_t sum = 1; sum <= 45; ++sum) EXPECT_EQ(learned({k_accepted, k_not_now, k_other}, sum), 0) << sum;
    for (std::size_t sum = 1; sum <= 34; ++sum) {
        EXPECT_EQ(learned({k_accepted, k_quiet, k_not_now, k_other}, sum), 0) << sum;
        EXPECT_EQ(learned({k_accepted, k_quiet, k_none, k_other}, sum), 0) << sum;
    }
}

}  // namespace
}  // namespace proctor::store::small_cells_test
