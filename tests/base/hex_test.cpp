#include "base/hex.h"

#include <gtest/gtest.h>

#include <array>

namespace proctor {
namespace {

TEST(Hex, IsWrittenInLowerCaseAndReadBack) {
    const std::array<std::uint8_t, 4> bytes{0x00, 0x0f, 0xa5, 0xff};
    EXPECT_EQ(write_hex(bytes), "000fa5ff");
    std::array<std::uint8_t, 4> read{};
    EXPECT_TRUE(read_hex("000fa5ff", read));
    EXPECT_EQ(read, bytes);
}

TEST(Hex, AnotherLengthOrAnotherDigitIsNone) {
    std::array<std::uint8_t, 2> into{};
    for (const char* wrong : {"", "abc", "abcde", "abcd00", "ABCD", "abcg", " abc", "0xab"})
        EXPECT_FALSE(read_hex(wrong, into)) << wrong;
}

}  // namespace
}  // namespace proctor
