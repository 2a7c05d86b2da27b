#include "fhir/decimal.h"

#include <gtest/gtest.h>

#include <limits>

namespace proctor::fhir {
namespace {

TEST(ReadMicro, IsExact) {
    const std::pair<std::string_view, Micro> table[] = {
        {"0", 0},
        {"-0", 0},
        {"0.0", 0},
        {"1", 1'000'000},
        {"37.8", 37'800'000},
        {"37.80", 37'800'000},
        {"0.1", 100'000},
        {"-6.5", -6'500'000},
        {"1.5e2", 150'000'000},
        {"1.5E+2", 150'000'000},
        {"15e-1", 1'500'000},
        {"0.000001", 1},
        {"1E-22", 0},
        {"1e-6", 1},
        {"1e-7", 0},
        {"0e999999999999999999999", 0},
        {"0.0e-5", 0},
        {"9223372036854.775807", std::numeric_limits<Micro>::max()},
        {"0.00000000000000000000000000000000000000000000000000001e53", 1'000'000}};
    for (const auto& [token, value] : table) EXPECT_EQ(read_micro(token), value) << token;
}

TEST(ReadMicro, RoundsTheSeventhDecimalHalfToEven) {
    const std::pair<std::string_view, Micro> table[] = {{"0.0000005", 0},
                                                        {"0.00000050000000000001", 1},
                                                        {"0.0000015", 2},
                                                        {"0.0000025", 2},
                                                        {"0.0000024999999999", 2},
                                                        {"-0.0000015", -2},
                                                        {"-0.0000005", 0},
                                                        {"5e-7", 0},
                                                        {"6e-7", 1},
                                                        {"5e-8", 0},
                                                        {"9e-8", 0},
                                                        {"0.9999999", 1'000'000}};
    for (const auto& [token, value] : table) EXPECT_EQ(read_micro(token), value) << token;
}

TEST(ReadMicro, GivesNothingOutOfRange) {
    for (const std::string_view token : {"9223372036854.775808", "-9223372036854.7758085", "1E+245", "1e400", "-1e400",
                                         "12345678901234567890123", "1e99999999999999999999"}) {
        EXPECT_FALSE(read_micro(token)) << token;
    }
}

TEST(ReadMicro, GivesNothingForWhatIsNoJsonNumber) {
    for (const std::string_view token :
         {"",     "-",   "+1", ".5", "1.",  "01",       "00",    "-01", "1e",    "1e+", "1.e1",
          "0x10", "1,5", " 1", "1 ", "NaN", "Infinity", "1_000", "--1", "1e1.5", "true"}) {
        EXPECT_FALSE(read_micro(token)) << token;
    }
}

TEST(PrintMicro, IsTheShortestText) {
    const std::pair<Micro, std::string_view> table[] = {{37'800'000, "37.8"},
                                                        {0, "0"},
                                                        {1, "0.000001"},
                                                        {-1, "-0.000001"},
                                                        {-6'500'000, "-6.5"},
                                                        {70'000'000, "70"},
                                                        {100'000, "0.1"},
                                                        {std::numeric_limits<Micro>::max(), "9223372036854.775807"},
                                                        {std::numeric_limits<Micro>::min(), "-9223372036854.775808"}};
    for (const auto& [value, text] : table) EXPECT_EQ(print_micro(value), text);
}

TEST(Scale, RoundsHalfToEvenAndRefusesOverflow) {
    EXPECT_EQ(scale(7'800'000, 10, 1), 78'000'000);
    EXPECT_EQ(scale(68'400'000, 5, 9), 38'000'000);
    EXPECT_EQ(scale(1, 1, 2), 0);
    EXPECT_EQ(scale(3, 1, 2), 2);
    EXPECT_EQ(scale(-3, 1, 2), -2);
    EXPECT_EQ(scale(3, 1, -2), -2);
    EXPECT_EQ(scale(-5, -1, 2), 2);
    EXPECT_EQ(scale(std::numeric_limits<Micro>::max(), 10, 10), std::numeric_limits<Micro>::max());
    EXPECT_FALSE(scale(std::numeric_limits<Micro>::max(), 2, 1));
    EXPECT_FALSE(scale(1, 1, 0));
}

}  // namespace
}  // namespace proctor::fhir
