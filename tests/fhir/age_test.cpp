#include "fhir/age.h"

#include <gtest/gtest.h>

#include "fhir/instant.h"

namespace proctor::fhir {
namespace {

using namespace std::chrono;
constexpr Micro k_one = 1'000'000;

local_days day(std::string_view text) {
    const auto span = read_time(text, Zone{});
    EXPECT_TRUE(span) << text;
    return span ? Zone{}.day_of(span->earliest) : local_days{};
}

Micro age(std::string_view on, std::string_view born) { return age_on(day(on), day(born)); }

TEST(Age, OfEveryThresholdBeginsOnTheBirthdayAndNotADayBefore) {
    constexpr year_month_day k_today{June / 15 / 2026};
    for (const int years_old : {1, 2, 3, 5, 12, 15, 16, 18, 40, 45, 50, 60, 100}) {
        const local_days born{k_today - years{years_old}};
        EXPECT_EQ(age_on(local_days{k_today}, born), years_old * k_one);
        EXPECT_LT(age_on(local_days{k_today} - days{1}, born), years_old * k_one);
        EXPECT_GE(age_on(local_days{k_today} - days{1}, born), (years_old - 1) * k_one);
        EXPECT_LT(age_on(local_days{k_today} + days{364}, born), (years_old + 1) * k_one);
    }
}

struct Row {
    std::string_view on, born;
    Micro age;
};

TEST(Age, CountsThePartOfTheRunningYearInItsOwnDaysRoundedDown) {
    const Row rows[] = {
        {"2026-06-15", "2026-06-15", 0},          {"2026-06-16", "2026-06-15", 2'739},       // 1 of 365
        {"2024-06-14", "2023-06-15", 997'267},                                               // 365 of 366
        {"2024-06-15", "2023-06-15", 1'000'000},  {"2026-06-14", "2008-06-15", 17'997'260},  // 364 of 365
        {"2024-03-01", "2006-03-02", 17'997'267},  // the running year has a 29 February
        {"2026-01-01", "2024-12-31", 1'002'739},  {"2026-06-15", "1926-06-15", 100'000'000},
        {"2026-06-14", "2026-06-15", -2'740},  // tomorrow's child
    };
    for (const Row& row : rows) EXPECT_EQ(age(row.on, row.born), row.age) << row.on << " born " << row.born;
}

TEST(Age, OfWhoeverWasBornOn29FebruaryTurnsOn1MarchInCommonYears) {
    const Row rows[] = {
        {"2026-02-28", "2008-02-29", 17'997'260}, {"2026-03-01", "2008-02-29", 18'000'000},
        {"2024-02-28", "2008-02-29", 15'997'260}, {"2024-02-29", "2008-02-29", 16'000'000},
        {"2025-02-28", "2008-02-29", 16'997'267}, {"2100-03-01", "2096-02-29", 4'000'000},
    };
    for (const Row& row : rows) EXPECT_EQ(age(row.on, row.born), row.age) << row.on << " born " << row.born;
}

TEST(Age, InMonthsIsCompletedOnTheDayOfTheMonth) {
    const struct {
        std::string_view on, born;
        int months;
    } rows[] = {
        {"2026-06-15", "2026-06-15", 0}, {"2026-07-14", "2026-06-15", 0},  {"2026-07-15", "2026-06-15", 1},
        {"2026-02-28", "2026-01-31", 0}, {"2026-03-01", "2026-01-31", 1},  {"2026-01-01", "2025-12-31", 0},
        {"2026-01-31", "2025-12-31", 1}, {"2026-06-15", "2025-06-15", 12}, {"2026-06-14", "2024-06-15", 23},
    };
    for (const auto& row : rows)
        EXPECT_EQ(months_on(day(row.on), day(row.born)), row.months) << row.on << " born " << row.born;
}

}  // namespace
}  // namespace proctor::fhir
