// Work shared by threads: order, bounds and ends, without patients.
#include "batch/in_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <latch>
#include <mutex>
#include <optional>
#include <vector>

namespace proctor::batch {
namespace {

constexpr std::size_t k_numbers[] = {1, 2, 3, 16};

// Numbers from 0, doubled.
struct Doubling {
    int items = 0;
    int enough = -1;  // after that many were taken

    std::vector<int> run(std::size_t threads) {
        std::vector<int> taken;
        InOrder<int, int> work({[&] { return read < items ? std::optional<int>(read++) : std::nullopt; },
                                [](const int& item) { return 2 * item; },
                                [&](const int& item, int& made) {
                                    EXPECT_EQ(made, 2 * item);
                                    taken.push_back(made);
                                    return static_cast<int>(taken.size()) != enough;
                                }});
        work.run(threads);
        return taken;
    }

    int read = 0;
};

TEST(InOrder, ResultsComeInTheOrderOfTheItems) {
    std::vector<int> expected(500);
    std::generate(expected.begin(), expected.end(), [next = 0]() mutable { return 2 * next++; });
    for (const auto threads : k_numbers) {
        Doubling doubling{500};
        EXPECT_EQ(doubling.run(threads), expected) << threads;
    }
}

TEST(InOrder, NothingIsMadeOfNothing) {
    for (const auto threads : k_numbers) EXPECT_TRUE(Doubling{0}.run(threads).empty());
}

TEST(InOrder, WhenItIsEnoughNothingMoreIsTakenAndOnlyWhatWasBegunWasRead) {
    for (const auto threads : k_numbers) {
        Doubling doubling{1000, 10};
        EXPECT_EQ(doubling.run(threads).size(), 10U);
        EXPECT_LE(doubling.read, 10 + static_cast<int>(threads));
    }
}

TEST(InOrder, NoMoreItemsAreInMemoryThanThereAreThreads) {
    for (const auto threads : k_numbers) {
        std::size_t read = 0, taken = 0, most = 0;
        std::mutex mutex;
        InOrder<int, int> work({[&]() -> std::optional<int> {
                                    const std::lock_guard lock(mutex);
                                    if (read == 300) return std::nullopt;
                                    ++read;
                                    most = std::max(most, read - taken);
                                    return 0;
                                },
                                [](const int&) { return 0; },
                                [&](const int&, int&) {
                                    const std::lock_guard lock(mutex);
                                    ++taken;
                                    return true;
                                }});
        work.run(threads);
        EXPECT_EQ(taken, 300U);
        EXPECT_LE(most, threads);
    }
}

TEST(InOrder, ASlowItemHoldsTheLaterOnesAndLosesNone) {
    // The first is made only when all others of the threads were: they wait for their turn, not for it.
    std::latch others(3);
    std::vector<int> taken;
    int next = 0;
    InOrder<int, int> work({[&] { return next < 4 ? std::optional<int>(next++) : std::nullopt; },
                            [&](const int& item) {
                                if (item == 0)
                                    others.wait();
                                else
                                    others.count_down();
                                return item;
                            },
                            [&](const int&, int& made) {
                                taken.push_back(made);
                                return true;
                            }});
    work.run(4);
    EXPECT_EQ(taken, (std::vector<int>{0, 1, 2, 3}));
}

}  // namespace
}  // namespace proctor::batch
