#include "store/closed_months.h"

#include <gtest/gtest.h>

#include <string>

namespace proctor::store::closed_months_test {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;

std::string names(WallTime now, days kept, int most) {
    std::string all;
    for (const auto& month : ClosedMonth::latest(now, kept, most)) {
        all += std::to_string(static_cast<int>(month.name().year())) + '/' +
               std::to_string(static_cast<unsigned>(month.name().month())) + ' ';
    }
    return all;
}

TEST(ClosedMonth, IsOverForTenDays) {
    EXPECT_EQ(names(sys_days(2026y / 3 / 11) - 1ms, days{730}, 2), "2025/12 2026/1 ");
    EXPECT_EQ(names(sys_days(2026y / 3 / 11), days{730}, 2), "2026/1 2026/2 ");
    EXPECT_EQ(names(sys_days(2026y / 4 / 10), days{730}, 2), "2026/1 2026/2 ");
    const auto february = ClosedMonth::latest(sys_days(2026y / 3 / 11), days{730}, 1).front();
    EXPECT_EQ(february.begin(), sys_days(2026y / 2 / 1));
    EXPECT_EQ(february.end(), sys_days(2026y / 3 / 1));
    EXPECT_EQ(february.closed(), sys_days(2026y / 3 / 11));
}

TEST(ClosedMonth, HasLostNothingYet) {
    // What is older than 60 days goes: of January something has gone when the second of March ends, less a day.
    EXPECT_EQ(names(sys_days(2026y / 3 / 11), days{68}, 12), "2026/2 ");
    EXPECT_EQ(names(sys_days(2026y / 3 / 11), days{70}, 12), "2026/1 2026/2 ");
    EXPECT_EQ(names(sys_days(2026y / 3 / 11), days{69}, 12), "2026/2 ") << "a day before it begins to go";
    EXPECT_EQ(names(sys_days(2026y / 3 / 11), days{1}, 12), "");
    EXPECT_EQ(names(sys_days(2026y / 3 / 11), days{730}, 0), "");
}

}  // namespace
}  // namespace proctor::store::closed_months_test
