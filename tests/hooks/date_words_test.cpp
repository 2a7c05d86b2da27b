#include "hooks/date_words.h"

#include <gtest/gtest.h>

namespace proctor::hooks::date_words_test {
namespace {

std::string said(const char* text, const char* zone = "Europe/London") {
    const auto named = fhir::Zone::named(zone);
    if (!named.ok()) return "no zone";
    const auto span = fhir::read_time(text, named.value());
    return span ? print_date(*span, named.value()) : "no date";
}

TEST(DateWords, SaysNoMoreThanTheChart) {
    EXPECT_EQ(said("2026"), "2026");
    EXPECT_EQ(said("2026-06"), "Jun 2026");
    EXPECT_EQ(said("2026-12"), "Dec 2026");
    EXPECT_EQ(said("2026-06-15"), "15 Jun 2026");
    EXPECT_EQ(said("2026-03-29"), "29 Mar 2026");  // 23 hours long
    EXPECT_EQ(said("2026-10-25"), "25 Oct 2026");  // 25 hours long
    EXPECT_EQ(said("2024-02"), "Feb 2024");
}

TEST(DateWords, SaysTimesInTheZoneOfTheSite) {
    EXPECT_EQ(said("2026-06-15T12:00:00Z"), "15 Jun 2026 13:00");
    EXPECT_EQ(said("2026-01-15T12:05:09Z"), "15 Jan 2026 12:05");
    EXPECT_EQ(said("2026-06-15T23:30:00Z"), "16 Jun 2026 00:30");
    EXPECT_EQ(said("2026-06-15T02:00:00Z", "America/New_York"), "14 Jun 2026 22:00");
    EXPECT_EQ(said("2026-06-15T12:00:00Z", "Asia/Kathmandu"), "15 Jun 2026 17:45");
    EXPECT_EQ(said("2026-03-29T12:00:00Z"), "29 Mar 2026 13:00");  // the clock went forward that night
    EXPECT_EQ(said("2026-10-25T12:00:00Z"), "25 Oct 2026 12:00");  // and back
}

TEST(DateWords, SaysAnyOtherIntervalWithBothEnds) {
    const fhir::TimeSpan span{fhir::read_instant("2026-06-10T00:00:00Z").value(),
                              fhir::read_instant("2026-06-13T00:00:00Z").value()};
    EXPECT_EQ(print_date(span, fhir::Zone()), "10 Jun 2026 to 13 Jun 2026");
}

}  // namespace
}  // namespace proctor::hooks::date_words_test
