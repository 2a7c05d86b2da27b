#include "store/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/limits.h"
#include "support/fake_entropy.h"
#include "support/temp_folder.h"

namespace proctor::store::key_file_test {
namespace {

const std::string k_zeros(64, '0'), k_ones(64, '1');

std::string error_of(const std::string& text) {
    const auto keys = parse_keys(text, "f");
    return keys ? "" : describe(keys.error());
}

TEST(KeyFile, TheFirstLineIsTheCurrentKey) {
    const auto keys = parse_keys("2026-b " + k_ones + "\n2026-a " + k_zeros + "\n", "f");
    ASSERT_TRUE(keys);
    ASSERT_EQ(keys->size(), 2U);
    EXPECT_EQ(keys->front().id, "2026-b");
    EXPECT_EQ(keys->front().bytes.text, std::string(32, '\x11'));
    EXPECT_EQ(keys->back().bytes.text, std::string(32, '\0'));
    EXPECT_EQ(error_of("a " + k_zeros), "") << "the last line needs no end";
}

TEST(KeyFile, WhatIsNoKeyIsRefusedWithItsLineAndNotRepeated) {
    const std::string no_key = "is not an id, a blank and 64 digits of 0-9a-f";
    const std::string good = "a " + k_zeros + "\n";
    for (const std::string& bad :
         {"b" + k_zeros, "b  " + k_zeros, "b\t" + k_zeros, "b " + k_zeros + " ", "b " + k_zeros + "\r",
          "b " + k_zeros.substr(1), "b " + k_zeros + "0", "b " + k_zeros.substr(1) + "g", "b " + std::string(64, 'A'),
          "b:c " + k_zeros, std::string(33, 'b') + " " + k_zeros, " " + k_zeros, std::string(), "b " + k_zeros + "\n\n",
          std::string("# b")})
        EXPECT_THAT(error_of(good + bad + "\n"), ::testing::EndsWith(": " + no_key)) << bad;
    EXPECT_EQ(error_of(good + "secret"), "f line 2: " + no_key);
    EXPECT_EQ(error_of(good + "b " + k_ones + "\n" + good), "f line 3: the id stands twice");
    EXPECT_EQ(error_of(""), "f: holds no key; `proctor store new-key` makes one");
    EXPECT_EQ(error_of(std::string(32, 'b') + " " + k_zeros), "");
}

class KeyFileTest : public ::testing::Test {
protected:
    std::string read(const std::string& text, mode_t mode = 0600) {
        std::ofstream(path_) << text;
        EXPECT_EQ(::chmod(path_.c_str(), mode), 0);
        const auto keys = read_key_file(path_);
        return keys ? "" : keys.error().message;
    }
    TempFolder folder_;
    std::string path_ = folder_.file("keys");
};

TEST_F(KeyFileTest, OnlyTheOwnerMayUseIt) {
    const std::string text = "a " + k_zeros + "\n";
    EXPECT_EQ(read(text), "");
    EXPECT_EQ(read(text, 0400), "");
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
    for (const mode_t mode : {0640U, 0604U, 0620U, 0644U, 0601U})
        EXPECT_EQ(read(text, mode), "others than the owner may use the file; chmod 600") << mode;
}

TEST_F(KeyFileTest, IsAFileOfReasonableSize) {
    EXPECT_EQ(read_key_file(folder_.file("none")).error().message, "cannot be read");
    EXPECT_EQ(read_key_file(folder_.path()).error().message, "is no regular file");
    EXPECT_EQ(read(std::string(limits::k_key_file_bytes + 1, 'a')), "is longer than 16384 bytes");
    EXPECT_EQ(read(std::string(limits::k_key_file_bytes, 'a')), "is not an id, a blank and 64 digits of 0-9a-f");
}

TEST(NewKeyLine, IsALineOfAKeyFileThatNobodyHadBefore) {
    FakeEntropy entropy;
    const auto first = new_key_line("2026-11", entropy), second = new_key_line("2026-12", entropy);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->text, "2026-11 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");
    EXPECT_EQ(error_of(second->text + "\n" + first->text), "");
    for (const std::string id : {"", "a b", "a:b", "a\n", "ä"}) EXPECT_FALSE(new_key_line(id, entropy)) << id;
}

}  // namespace
}  // namespace proctor::store::key_file_test
