// Which counts of a group of cards can be given, so that whoever knows the sum of the group, and how these are chosen,
// learns no small count. It knows no store and no file.
#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace proctor::store {

// What became of cards.
struct Cell {
    std::string outcome, reason;
    friend auto operator<=>(const Cell&, const Cell&) = default;
};
using Counts = std::map<Cell, std::size_t>;  // cards, at least one

// The cells to be given; 0: hidden. Counts are under limits::k_small_cell, or not small.
// - A reason whose count is small, or would have to be hidden, is counted as "other". So of a reason that is not named
//   nobody knows whether it was there, and a hidden cell has no reason whose count is known to be not small.
// - A small cell is hidden, with the next smallest ones until together they are no small count, are not all alike, and
//   none that is given is as large as the largest of them. So any of them may be the small one.
// - Where all would be hidden, one hidden cell without outcome stands for the group: which ones there are says
// something
//   of a small group.
[[nodiscard]] Counts without_small(Counts counts);

}  // namespace proctor::store
