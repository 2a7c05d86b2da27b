#include "store/small_cells.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "base/limits.h"

namespace proctor::store {
namespace {

using Counted = std::pair<Cell, std::size_t>;
using Cells = std::vector<Counted>;

constexpr const char* k_other = "other";

bool is_small(const Counted& cell) { return cell.second < limits::k_small_cell; }

bool names_reason(const Cell& cell) { return !cell.reason.empty() && cell.reason != k_other; }

void fold(Counts& counts, const Cells& cells) {
    for (const auto& [cell, count] : cells) {
        counts.erase(cell);
        counts[{cell.outcome, k_other}] += count;
    }
}

Cells small_reasons(const Counts& counts) {
    Cells small;
    std::copy_if(counts.begin(), counts.end(), std::back_inserter(small),
                 [](const Counted& cell) { return names_reason(cell.first) && is_small(cell); });
    return small;
}

// Whether somebody would learn something of the first ones, the smallest, if the others were given.
bool tells(const Cells& cells, std::size_t hidden) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < hidden; ++i) sum += cells[i].second;
    const std::size_t largest = cells[hidden - 1].second;
    return sum < limits::k_small_cell || cells.front().second == largest || cells[hidden].second == largest;
}

Cells to_hide(const Counts& counts) {
    Cells cells(counts.begin(), counts.end());
    std::sort(cells.begin(), cells.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    std::size_t hidden = 0;
    while (hidden < cells.size() && is_small(cells[hidden])) ++hidden;
    while (hidden > 0 && hidden < cells.size() && tells(cells, hidden)) ++hidden;
    cells.resize(hidden);
    return cells;
}

}  // namespace

Counts without_small(Counts counts) {
    fold(counts, small_reasons(counts));
    while (true) {
        const Cells hidden = to_hide(counts);
        if (!hidden.empty() && hidden.size() == counts.size()) return {{Cell{}, 0}};
        Cells named;
        std::copy_if(hidden.begin(), hidden.end(), std::back_inserter(named),
                     [](const Counted& cell) { return names_reason(cell.first); });
        if (named.empty()) {
            for (const auto& [cell, count] : hidden) counts[cell] = 0;
            return counts;
        }
        fold(counts, named);
    }
}

}  // namespace proctor::store
