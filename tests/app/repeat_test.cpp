#include "app/repeat.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <new>

namespace proctor::app {
namespace {

using namespace std::chrono_literals;

TEST(Repeat, BeginsAtOnceAndDoesItAgainAndAgainWhateverHappens) {
    std::latch times(3);
    Repeat repeat(
        [&](const std::stop_token&) {
            if (!times.try_wait()) times.count_down();
            throw std::bad_alloc();
        },
        1ms);
    times.wait();
    EXPECT_TRUE(repeat.end(1min));
}

TEST(Repeat, EndsWithoutWaitingForTheNextTime) {
    std::atomic<int> times = 0;
    Repeat repeat([&](const std::stop_token&) { ++times; }, 1h);
    EXPECT_TRUE(repeat.end(1min));
    EXPECT_TRUE(repeat.end(0ms));
    EXPECT_LE(times, 1);
}

TEST(Repeat, SaysWhenItsWorkIsNotDoneInTime) {
    std::latch working(1), go_on(1);
    Repeat repeat(
        [&](const std::stop_token& stop) {
            working.count_down();
            go_on.wait();
            EXPECT_TRUE(stop.stop_requested());
        },
        1h);
    working.wait();
    EXPECT_FALSE(repeat.end(0ms));
    go_on.count_down();
    EXPECT_TRUE(repeat.end(1min));
}

}  // namespace
}  // namespace proctor::app
