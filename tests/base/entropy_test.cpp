#include "base/entropy.h"

#include <gtest/gtest.h>

#include <array>

namespace proctor {
namespace {

TEST(SystemEntropy, FillsAllAndNeverTwiceTheSame) {
    SystemEntropy entropy;
    std::array<std::uint8_t, 1000> first{}, second{};
    entropy.fill(first);
    entropy.fill(second);
    EXPECT_NE(first, second);
    int zeros = 0;
    for (const auto byte : first) zeros += byte == 0 ? 1 : 0;
    EXPECT_LT(zeros, 100) << "about four are usual";
    entropy.fill({});
}

}  // namespace
}  // namespace proctor
