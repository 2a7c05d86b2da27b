#include "store/closed_months.h"

#include <algorithm>

#include "base/limits.h"

namespace proctor::store {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year_month;
using std::chrono::year_month_day;

WallTime begin_of(year_month month) { return sys_days(month / 1); }

}  // namespace

WallTime ClosedMonth::begin() const { return begin_of(month_); }
WallTime ClosedMonth::end() const { return begin_of(month_ + months{1}); }
WallTime ClosedMonth::closed() const { return end() + days{limits::k_month_closes_days}; }

std::vector<ClosedMonth> ClosedMonth::latest(WallTime now, days kept, int most) {
    const year_month_day today(floor<days>(now));
    std::vector<ClosedMonth> all;
    // A day more than is kept: what is being deleted while it is counted does not matter.
    const WallTime oldest = now - kept + days{1};
    for (ClosedMonth month(today.year() / today.month()); month.begin() >= oldest && std::ssize(all) < most;
         month = ClosedMonth(month.name() - months{1})) {
        if (month.closed() <= now) all.push_back(month);
    }
    std::reverse(all.begin(), all.end());
    return all;
}

}  // namespace proctor::store
