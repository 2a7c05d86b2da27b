#include "hooks/found.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hooks/hand_made.h"

namespace proctor::hooks::found_test {
namespace {

using rules::Indicator;
using testing::at;
using testing::HandMade;
using ::testing::HasSubstr;
using testing::moment;
using testing::yes;

TEST(Found, DerivedValuesAreTold) {
    HandMade made;
    auto result = yes({});
    result.value = fhir::Range{12'700'000, std::nullopt};
    const auto days = made.fact("mucus since", rules::DurationFact{}, result);
    result.value = fhir::Range{1'234'567, 1'234'567};
    const auto ratio = made.fact("shock index", rules::RatioFact{}, result);
    made.fire(made.rule("A", Indicator::warning), {days, ratio});
    EXPECT_THAT(made.cards()[0].detail, HasSubstr("- mucus since at least 12 days\n- shock index 1.23\n"));
}

TEST(Found, OneDayAndOnePointAreToldInTheSingular) {
    HandMade made;
    auto result = yes({});
    result.value = fhir::Range{1'900'000, 1'900'000};
    const auto days = made.fact("mucus since", rules::DurationFact{}, result);
    result.value = fhir::Range{0, 1'000'000};
    const auto range = made.fact("discharge since", rules::DurationFact{}, result);
    result.value = fhir::Range{1'000'000, std::nullopt};
    const auto score = made.fact("NEWS2", rules::ScoreFact{}, result);
    made.fire(made.rule("A", Indicator::warning), {days, range, score});
    EXPECT_THAT(made.cards()[0].detail,
                HasSubstr("- mucus since 1 day\n- discharge since 0 to 1 days\n- NEWS2 at least 1 point\n"));
}

TEST(Found, AnAgeUnderTwoYearsIsToldInMonths) {
    struct Row {
        const char *first, *last, *age;
        fhir::Micro years;
    };
    constexpr const char* k_day = "2026-06-15T00:00:00Z";
    for (const Row& row :
         {Row{k_day, k_day, "0 months", 0}, Row{"2026-05-15T00:00:00Z", "2026-05-16T00:00:00Z", "1 month", 84'931},
          Row{"2024-06-16T00:00:00Z", "2024-06-17T00:00:00Z", "23 months", 1'997'260},
          Row{"2024-06-15T00:00:00Z", "2024-06-16T00:00:00Z", "2 years", 2'000'000},
          Row{"2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "1 year", 1'452'054}}) {
        HandMade made;
        auto result = yes({});
        result.value = fhir::Range{row.years, row.years};
        made.record.patient.birth = fhir::TimeSpan{at(row.first), at(row.last)};
        made.fire(made.rule("A", Indicator::warning), {made.fact("age", rules::AgeFact{}, result)});
        EXPECT_THAT(made.cards()[0].detail, HasSubstr(std::string("- age ") + row.age + '\n'));
    }
}

TEST(Found, AnAgeThatIsAssumedIsSaidToBe) {
    HandMade made;
    auto result = yes({});
    result.value = fhir::Range{40'000'000, 40'000'000};
    const auto age = made.fact("age", rules::AgeFact{}, result);
    made.fire(made.rule("A", Indicator::warning), {age});
    EXPECT_THAT(made.cards()[0].detail, HasSubstr("- age not known: no birth date; 40 years assumed\n"));
    made.record.patient.birth = moment("1986-01-01T00:00:00Z");
    EXPECT_THAT(made.cards()[0].detail, HasSubstr("- age 40 years\n"));
}

}  // namespace
}  // namespace proctor::hooks::found_test
