#include "fhir/instant.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace proctor::fhir {
namespace {

Instant at(std::string_view text) {
    const auto instant = read_instant(text);
    EXPECT_TRUE(instant) << text;
    return instant ? *instant : Instant{};
}

Zone zone(std::string_view name) {
    const auto found = Zone::named(name);
    EXPECT_TRUE(found) << name;
    return found ? *found : Zone{};
}

struct Spoken {
    std::string_view text, earliest, latest;
};

TEST(ReadTime, GivesTheIntervalThatTheTextLeavesOpen) {
    const Spoken table[] = {
        {"2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"},
        {"2026-06", "2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z"},
        {"2025-12", "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z"},
        {"2026-06-15", "2026-06-15T00:00:00Z", "2026-06-16T00:00:00Z"},
        {"2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"},
        {"2026-06-15T12:00:00Z", "2026-06-15T12:00:00Z", "2026-06-15T12:00:00Z"},
        {"2026-06-15T12:00:00+02:00", "2026-06-15T10:00:00Z", "2026-06-15T10:00:00Z"},
        {"2026-06-15T23:30:00-05:30", "2026-06-16T05:00:00Z", "2026-06-16T05:00:00Z"},
        {"2026-06-15T12:00:00.5Z", "2026-06-15T12:00:00.500Z", "2026-06-15T12:00:00.500Z"},
        {"2026-06-15T12:00:00.1239999Z", "2026-06-15T12:00:00.123Z", "2026-06-15T12:00:00.123Z"},
        {"2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", "2016-12-31T23:59:59Z"},
        {"1969-12-31", "1969-12-31T00:00:00Z", "1970-01-01T00:00:00Z"},
    };
    for (const auto& row : table) {
        const auto span = read_time(row.text, Zone{});
        ASSERT_TRUE(span) << row.text;
        EXPECT_EQ(*span, (TimeSpan{at(row.earliest), at(row.latest)})) << row.text;
    }
}

TEST(ReadTime, GivesNothingForImpossibleDatesAndOtherForms) {
    for (const std::string_view text : {"",
                                        " ",
                                        "text",
                                        "26",
                                        "202",
                                        "20260615",
                                        "0000",
                                        "0000-01-01",
                                        "2026-",
                                        "2026-6",
                                        "2026-00",
                                        "2026-13",
                                        "2026-06-",
                                        "2026-06-0",
                                        "2026-06-00",
                                        "2026-06-31",
                                        "2026-02-30",
                                        "2025-02-29",
                                        "2026-06-15 ",
                                        " 2026-06-15",
                                        "2026-06-15T",
                                        "2026-06-15T12",
                                        "2026-06-15T12:",
                                        "2026-06-15T24:00:00Z",
                                        "2026-06-15T12:60:00Z",
                                        "2026-06-15T12:00:61Z",
                                        "2026-06-15T12:00:00.Z",
                                        "2026-06-15T12:00:00z",
                                        "2026-06-15t12:00:00Z",
                                        "2026-06-15T12:00:00+02",
                                        "2026-06-15T12:00:00+14:01",
                                        "2026-06-15T12:00:00+02:60",
                                        "2026-06-15 12:00:00Z",
                                        "2026-06-15T12:00:00ZZ",
                                        "2026-06T12:00:00Z",
                                        "-2026-06-15",
                                        "+2026",
                                        "2026-02-30T12:00:00Z",
                                        "2026/06/15"}) {
        EXPECT_FALSE(read_time(text, Zone{})) << text;
    }
}

TEST(ReadTime, ReadsAnOffsetWithoutItsColon) {
    EXPECT_EQ(read_time("2026-06-15T12:00:00.000+0200", Zone{}), read_time("2026-06-15T12:00:00+02:00", Zone{}));
    EXPECT_EQ(read_time("2026-06-15T12:00:00-0330", Zone{}), read_time("2026-06-15T12:00:00-03:30", Zone{}));
    for (const std::string_view text : {"2026-06-15T12:00:00+020", "2026-06-15T12:00:00+0260"})
        EXPECT_FALSE(read_time(text, Zone{})) << text;
}

TEST(ReadTime, ReadsWhatHasNoOffsetInTheZone) {
    const auto berlin = zone("Europe/Berlin");
    EXPECT_EQ(*read_time("2026-06-15", berlin), (TimeSpan{at("2026-06-14T22:00:00Z"), at("2026-06-15T22:00:00Z")}));
    EXPECT_EQ(read_time("2026-01-15T12:00:00", berlin)->earliest, at("2026-01-15T11:00:00Z"));
    EXPECT_EQ(read_time("2026-01-15T12:00", berlin)->earliest, at("2026-01-15T11:00:00Z"));
    EXPECT_EQ(read_time("2026-01-15T12:00:00Z", berlin)->earliest, at("2026-01-15T12:00:00Z"));
    EXPECT_EQ(*read_time("2026-03", berlin), (TimeSpan{at("2026-02-28T23:00:00Z"), at("2026-03-31T22:00:00Z")}));
}

TEST(ReadTime, KnowsDaysOf23And25Hours) {
    const auto berlin = zone("Europe/Berlin");
    const auto spring = *read_time("2026-03-29", berlin), autumn = *read_time("2026-10-25", berlin);
    EXPECT_EQ(spring.latest - spring.earliest, std::chrono::hours{23});
    EXPECT_EQ(autumn.latest - autumn.earliest, std::chrono::hours{25});
}

TEST(ReadTime, TakesTheChangeForASkippedTimeAndTheFirstOfATimeShownTwice) {
    const auto berlin = zone("Europe/Berlin");
    EXPECT_EQ(read_time("2026-03-29T02:30:00", berlin)->earliest, at("2026-03-29T01:00:00Z"));
    EXPECT_EQ(read_time("2026-10-25T02:30:00", berlin)->earliest, at("2026-10-25T00:30:00Z"));
}

TEST(ReadTime, BeginsADayWithoutMidnightAtItsFirstInstant) {
    EXPECT_EQ(read_time("2018-11-04", zone("America/Sao_Paulo"))->earliest, at("2018-11-04T03:00:00Z"));
}

TEST(ZoneDayOf, IsTheDayThatTheCalendarOnTheWallShows) {
    const std::tuple<std::string_view, std::string_view, std::string_view> table[] = {
        {"UTC", "2026-06-14T23:59:59Z", "2026-06-14"},
        {"Europe/Berlin", "2026-06-14T21:59:59Z", "2026-06-14"},
        {"Europe/Berlin", "2026-06-14T22:00:00Z", "2026-06-15"},
        {"America/New_York", "2026-06-15T03:59:59Z", "2026-06-14"},
        {"America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-04"},  // a day without midnight
        {"UTC", "1969-12-31T23:00:00Z", "1969-12-31"},
    };
    for (const auto& [name, instant, day] : table) {
        const auto midnight = read_time(day, Zone{})->earliest.time_since_epoch();
        EXPECT_EQ(zone(name).day_of(at(instant)).time_since_epoch(), midnight) << name << ' ' << instant;
    }
}

TEST(ZoneNamed, RefusesWhatTheDatabaseLacks) {
    EXPECT_EQ(zone("UTC").name(), "UTC");
    EXPECT_EQ(zone("Europe/Berlin").name(), "Europe/Berlin");
    EXPECT_FALSE(Zone::named("Europe/Nowhere"));
    EXPECT_FALSE(Zone::named(""));
}

TEST(ReadInstant, NeedsDateTimeSecondsAndOffset) {
    EXPECT_EQ(print_instant(at("2026-06-15T12:00:00+02:00")), "2026-06-15T10:00:00Z");
    for (const std::string_view text :
         {"", "2026", "2026-06-15", "2026-06-15T12:00:00", "2026-06-15T12:00Z", "2026-02-30T12:00:00Z"}) {
        EXPECT_FALSE(read_instant(text)) << text;
    }
}

TEST(PrintInstant, ShowsMillisecondsOnlyWhenThereAreAny) {
    for (const std::string_view text :
         {"2026-06-15T12:00:00Z", "2026-06-15T12:00:00.120Z", "1969-12-31T23:59:59.999Z", "0001-01-01T00:00:00Z"}) {
        EXPECT_EQ(print_instant(at(text)), text);
    }
}

TEST(ReadDuration, ReadsWeeksDaysHoursAndMinutes) {
    using std::chrono::hours, std::chrono::minutes;
    const std::pair<std::string_view, Duration> table[] = {{"P30D", hours{720}},
                                                           {"P2W", hours{336}},
                                                           {"PT60M", hours{1}},
                                                           {"PT72H", hours{72}},
                                                           {"P0D", hours{0}},
                                                           {"P1DT12H", hours{36}},
                                                           {"P1W1DT1H1M", hours{193} + minutes{1}},
                                                           {"P36500D", hours{876000}}};
    for (const auto& [text, duration] : table) {
        const auto read = read_duration(text);
        ASSERT_TRUE(read) << text;
        EXPECT_EQ(*read, duration) << text;
    }
}

TEST(ReadDuration, RefusesEverythingElse) {
    for (const std::string_view text :
         {"",     "P",     "PT",    "30D",    "P30",  "P-1D",    "P1.5D", "P1M",   "P1Y",   "PT1S",         "P1H",
          "PT1D", "P1D1W", "P1D1D", "PT1M1H", "P1DT", "P1DTT1H", "p30d",  "P30D ", " P30D", "P99999999999D"}) {
        EXPECT_FALSE(read_duration(text)) << text;
    }
}

TEST(PrintDuration, SpeaksAsCliniciansDo) {
    const std::pair<std::string_view, std::string_view> table[] = {
        {"P30D", "30 days"},   {"P2W", "14 days"},  {"PT60M", "60 minutes"}, {"PT72H", "72 hours"},
        {"P1D", "24 hours"},   {"PT2H", "2 hours"}, {"PT90M", "90 minutes"}, {"PT1M", "1 minute"},
        {"PT0M", "0 minutes"}, {"P10D", "10 days"}};
    for (const auto& [text, words] : table) EXPECT_EQ(print_duration(*read_duration(text)), words) << text;
}

// The lexical cases of google/fhir. We differ on purpose in one way: a dateTime without an offset is valid here.
class GoogleFhir : public testing::Test {
protected:
    static std::vector<std::string> strings(const std::string& name) {
        const auto path =
            std::filesystem::path(PROCTOR_SOURCE_DIR) / "../shared/fixtures/google-fhir-primitives" / name;
        std::ifstream file(path);
        std::vector<std::string> texts;
        for (std::string line; std::getline(file, line);) {
            if (line.size() >= 2 && line.front() == '"') texts.push_back(line.substr(1, line.find('"', 1) - 1));
        }
        return texts;
    }
    void SetUp() override {
        if (strings("date.valid.ndjson").empty()) GTEST_SKIP() << "the google-fhir primitives are not here";
    }
};

TEST_F(GoogleFhir, ValidDatesAndTimesAreRead) {
    for (const std::string name : {"date.valid.ndjson", "date_time.valid.ndjson", "instant.valid.ndjson"}) {
        for (const auto& text : strings(name)) EXPECT_TRUE(read_time(text, Zone{})) << name << " " << text;
    }
    for (const auto& text : strings("instant.valid.ndjson")) EXPECT_TRUE(read_instant(text)) << text;
}

TEST_F(GoogleFhir, InvalidOnesAreNotUnlessOnlyTheOffsetIsMissing) {
    for (const auto& text : strings("date.invalid.ndjson")) EXPECT_FALSE(read_time(text, Zone{})) << text;
    for (const auto& text : strings("instant.invalid.ndjson")) EXPECT_FALSE(read_instant(text)) << text;
    for (const auto& text : strings("date_time.invalid.ndjson")) {
        EXPECT_TRUE(read_time(text, Zone{})) << text;
        EXPECT_TRUE(read_time(text + "Z", Zone{})) << text;
    }
}

}  // namespace
}  // namespace proctor::fhir
