#include "auth/base64url.h"

#include <gtest/gtest.h>

#include <set>

#include "auth/signing.h"

namespace proctor::auth {
namespace {

// RFC 4648 section 10, and the two characters that base64 has otherwise.
TEST(Base64url, DecodesWhatTheStandardShows) {
    const std::pair<std::string_view, std::string_view> table[] = {
        {"", ""},           {"Zg", "f"},          {"Zm8", "fo"},          {"Zm9v", "foo"},
        {"Zm9vYg", "foob"}, {"Zm9vYmE", "fooba"}, {"Zm9vYmFy", "foobar"}, {"-_-_", "\xFB\xFF\xBF"},
    };
    for (const auto& [text, bytes] : table) EXPECT_EQ(decode_base64url(text), bytes) << text;
}

TEST(Base64url, RefusesEveryOtherSpelling) {
    for (const std::string text : {"Zg==", "Zg=", "Zm8=", "=", "Z", "Zm9vY", "+/+/", "Zm9v ", " Zm9v", "Zm 9v",
                                   "Zm9v\n", "Zm9v\r\n", "Zm.9v", "Zm9\xC3", "Zh", "Zn", "Z_", "Zm9", "Zm-"}) {
        EXPECT_EQ(decode_base64url(text), std::nullopt) << text;
    }
    EXPECT_EQ(decode_base64url(std::string_view("Zm9v\0", 5)), std::nullopt);
    EXPECT_EQ(decode_base64url(std::string_view("\0\0\0\0", 4)), std::nullopt);
}

// Of all 64 * 64 texts of two characters, each of the 256 bytes has one.
TEST(Base64url, GivesEachValueOneSpelling) {
    std::set<std::string> met;
    int accepted = 0;
    for (int a = 0; a < 256; ++a) {
        for (int b = 0; b < 256; ++b) {
            const auto bytes = decode_base64url(std::string{static_cast<char>(a), static_cast<char>(b)});
            if (!bytes) continue;
            ++accepted;
            met.insert(*bytes);
        }
    }
    EXPECT_EQ(accepted, 256);
    EXPECT_EQ(met.size(), 256U);
}

TEST(Base64url, ReadsBackWhatTheTestsWrite) {
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        EXPECT_EQ(decode_base64url(signing::encode_base64url(bytes)), bytes);
        bytes += static_cast<char>(i * 7);
    }
}

}  // namespace
}  // namespace proctor::auth
