#include "base/digest.h"

#include <gtest/gtest.h>

namespace proctor {
namespace {

TEST(Digest, Sha256MatchesFips180Examples) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, Sha256OfPartsIsThatOfTheWhole) {
    Sha256 sum;
    for (const char* part : {"a", "", "bc"}) sum.add(part);
    EXPECT_EQ(sum.hex(), sha256_hex("abc"));
    EXPECT_EQ(Sha256().hex(), sha256_hex(""));
}

TEST(Digest, Uuid5MatchesTheExampleOfRfc9562) {
    constexpr const char* k_dns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
    EXPECT_EQ(uuid5(k_dns, "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST(Digest, Uuid5IsTheSameForAnUpperCaseNamespace) {
    EXPECT_EQ(uuid5("6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "x"), uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "x"));
}

TEST(Digest, Uuid5ChangesWithTheNameAndWithTheNamespace) {
    EXPECT_NE(uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "a"), uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "b"));
    EXPECT_NE(uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "a"), uuid5("6ba7b811-9dad-11d1-80b4-00c04fd430c8", "a"));
}

TEST(Digest, Uuid4MatchesTheExampleOfRfc9562) {
    EXPECT_EQ(uuid4({0x91, 0x91, 0x08, 0xF7, 0x52, 0xD1, 0x33, 0x20, 0x5B, 0xAC, 0xF8, 0x47, 0xDB, 0x41, 0x48, 0xA8}),
              "919108f7-52d1-4320-9bac-f847db4148a8");
}

TEST(Digest, Uuid4SetsVersionAndVariantWhateverTheBytes) {
    std::array<std::uint8_t, 16> bytes{};
    EXPECT_EQ(uuid4(bytes), "00000000-0000-4000-8000-000000000000");
    bytes.fill(0xFF);
    EXPECT_EQ(uuid4(bytes), "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

TEST(Digest, IsUuidTakesTheTextFormAlone) {
    EXPECT_TRUE(is_uuid("d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"));
    EXPECT_TRUE(is_uuid("D1577C69-DFBE-44AD-BA6D-3E05E953B2EA"));
    for (const char* other :
         {"", "d1577c69", "d1577c69dfbe44adba6d3e05e953b2ea", "d1577c69-dfbe-44ad-ba6d-3e05e953b2e",
          "d1577c69-dfbe-44ad-ba6d-3e05e953b2eag", "g1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
          "d1577c69-dfbe-44ad-ba6d-3e05e953b2e ", "{1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
          "urn:uuid:d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "d1577c690dfbe-44ad-ba6d-3e05e953b2ea"}) {
        EXPECT_FALSE(is_uuid(other)) << other;
    }
}

}  // namespace
}  // namespace proctor
