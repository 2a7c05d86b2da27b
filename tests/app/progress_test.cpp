// What is said of how far a command is, by a clock that tests move.
#include "app/progress.h"

#include <gtest/gtest.h>

#include "support/manual_clock.h"

namespace proctor::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Progress, SaysRateAndTimeLeft) {
    struct Row {
        milliseconds passed;
        std::size_t patients, bytes;
        const char* line;
    };
    const Row table[] = {
        {seconds(3), 1200, 60'000'000, "1200 patients, 400/s, 20.0 MB/s, 60 %, 0:02 left"},
        {milliseconds(500), 1, 1'000'000, "1 patients, 2/s, 2.0 MB/s, 1 %, 0:50 left"},
        {seconds(60), 9, 1'000'000, "9 patients, 0/s, 0.0 MB/s, 1 %, 1:39:00 left"},
        {seconds(10), 2000, 100'000'000, "2000 patients, 200/s, 10.0 MB/s, 100 %, 0:00 left"},
        {seconds(10), 2001, 100'000'001, "2001 patients, 200/s, 10.0 MB/s"},  // the file grew
        {seconds(10), 0, 0, "0 patients, 0/s, 0.0 MB/s"},
    };
    for (const auto& row : table) {
        ManualClock clock;
        Progress progress(clock, 100'000'000);
        clock.pass(row.passed);
        EXPECT_EQ(progress.line(row.patients, row.bytes), row.line);
    }
}

TEST(Progress, WithoutASizeNothingIsSaidOfTheTimeLeft) {
    ManualClock clock;
    Progress progress(clock, std::nullopt);
    clock.pass(seconds(2));
    EXPECT_EQ(progress.line(10, 1'000'000), "10 patients, 5/s, 0.5 MB/s");
}

TEST(Progress, ALineIsNotWrittenOverBeforeItCanBeRead) {
    ManualClock clock;
    Progress progress(clock, std::nullopt);
    EXPECT_FALSE(progress.line(1, 1));
    clock.pass(Progress::k_shown - milliseconds(1));
    EXPECT_FALSE(progress.line(1, 1));
    clock.pass(milliseconds(1));
    EXPECT_TRUE(progress.line(1, 1));
    EXPECT_FALSE(progress.line(2, 2));
    clock.pass(Progress::k_shown);
    EXPECT_TRUE(progress.line(3, 3));
}

TEST(Progress, TheEndHasASummaryWhateverTimeItTook) {
    ManualClock clock;
    const Progress progress(clock, 100);
    EXPECT_EQ(progress.summary(2, 10'000), "2 patients in 0:00, 2000/s, 10.0 MB/s");
    clock.pass(seconds(65));
    EXPECT_EQ(progress.summary(6500, 65'000'000), "6500 patients in 1:05, 100/s, 1.0 MB/s");
}

}  // namespace
}  // namespace proctor::app
