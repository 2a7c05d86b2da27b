#include "store/secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <new>
#include <set>

#include "support/fake_entropy.h"

namespace proctor::store::secrets_test {
namespace {

using namespace std::chrono_literals;

std::string unhex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return bytes;
}

std::vector<SecretKey> keys(const std::vector<std::string>& ids) {
    std::vector<SecretKey> all;
    for (const auto& id : ids) all.push_back({id, Wiped(std::string(32, id.back()))});
    return all;
}

// RFC 4231, test cases 1 to 4 and 6.
TEST(Hmac, GivesTheKnownAnswers) {
    struct Row {
        std::string key, text, mac;
    };
    const std::vector<Row> table = {
        {std::string(20, '\x0b'), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {std::string(20, '\xaa'), std::string(50, '\xdd'),
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {unhex("0102030405060708090a0b0c0d0e0f10111213141516171819"), std::string(50, '\xcd'),
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    };
    for (const auto& row : table) EXPECT_EQ(hmac_sha256_hex(row.key, row.text), row.mac);
}

// McGrew and Viega, The Galois/Counter Mode of Operation, test cases 13, 14 and 16; the last of NIST's CAVP.
TEST(Gcm, GivesTheKnownAnswers) {
    struct Row {
        std::string key, nonce, associated, text, sealed;
    };
    const std::vector<Row> table = {
        {std::string(64, '0'), std::string(24, '0'), "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
        {std::string(64, '0'), std::string(24, '0'), "", std::string(32, '0'),
         "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
        {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
         "feedfacedeadbeeffeedfacedeadbeefabaddad2",
         "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de"
         "657ba637b39",
         "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7"
         "a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"},
        {"83688deb4af8007f9b713b47cfa6c73e35ea7a3aa4ecdb414dded03bf7a0fd3a", "0b459724904e010a46901cf3",
         "794a14ccd178c8ebfd1379dc704c5e208f9d8424", "33d893a2114ce06fc15d55e454cf90c3",
         "cc66bee423e3fcd4c0865715e95866960fb291bd3dba94a1dfd8b286cfb97ac5"},
    };
    for (const auto& row : table) {
        const std::string key = unhex(row.key), nonce = unhex(row.nonce), associated = unhex(row.associated);
        const GcmInput with{key, nonce, associated};
        EXPECT_EQ(encrypt_gcm(with, unhex(row.text)), unhex(row.sealed));
        EXPECT_EQ(decrypt_gcm(with, unhex(row.sealed)), unhex(row.text));
    }
}

TEST(IdentityKeys, AHashNamesItsKeyAndNobody) {
    const IdentityKeys identity(keys({"k1", "k0"}));
    const auto hash = identity.hash_patient("north", "t1", "patient-17");
    EXPECT_THAT(hash, ::testing::StartsWith("k1:"));
    EXPECT_EQ(hash.size(), 3U + 64U);
    EXPECT_EQ(hash.find("patient"), std::string::npos);
    EXPECT_EQ(hash, IdentityKeys(keys({"k1"})).hash_patient("north", "t1", "patient-17"));
    EXPECT_EQ(identity.hash_patient("north", "t1", ""), "");
    EXPECT_EQ(identity.hash_user("north", "t1", ""), "");
}

// Whatever differs makes another hash, also where the parts run together to the same.
TEST(IdentityKeys, ClientTenantPurposeAndKeyTellEveryHashApart) {
    const IdentityKeys identity(keys({"k1"})), other(keys({"k2"}));
    const std::set<std::string> all = {
        identity.hash_patient("north", "t1", "17"), identity.hash_patient("nort", "ht1", "17"),
        identity.hash_patient("north", "t", "117"), identity.hash_patient("north", "", "t117"),
        identity.hash_patient("north", "t1", "18"), identity.hash_patient("north", "t1", "17:"),
        identity.hash_user("north", "t1", "17"),    "k1:" + identity.salt_of("north", "t1", "17"),
        other.hash_patient("north", "t1", "17"),    other.hash_patient("north", "t1", "17").replace(0, 2, "k1"),
    };
    EXPECT_EQ(all.size(), 10U);
}

class CommentKeysTest : public ::testing::Test {
protected:
    // The comment, or why not.
    static std::string outcome(const CommentKeys& with, std::string_view sealed, const CommentPlace& place) {
        auto opened = with.open(sealed, place);
        if (auto* text = std::get_if<std::string>(&opened)) return "opened " + *text;
        return std::get<Unopened>(opened) == Unopened::damaged ? "damaged" : "unknown key";
    }

    const CommentPlace k_place{"north", "t1", "card-1", WallTime{1s}};
    FakeEntropy entropy_;
    const CommentKeys comments_{keys({"k1"}), entropy_};
};

TEST_F(CommentKeysTest, WhatIsSealedOpensAgain) {
    for (const std::string& comment : {std::string("seen last week"), std::string(), std::string("\0\xff", 2),
                                       std::string(4096, 'x'), std::string("k1:")})
        EXPECT_EQ(outcome(comments_, comments_.seal(comment, k_place), k_place), "opened " + comment);
}

TEST_F(CommentKeysTest, ASealedCommentShowsItsKeyAloneAndIsNeverTheSameTwice) {
    const auto first = comments_.seal("seen last week", k_place), second = comments_.seal("seen last week", k_place);
    EXPECT_THAT(first, testing::MatchesRegex("k1:[A-Za-z0-9_-]{56}")) << "nonce 12, text 14, tag 16";
    EXPECT_NE(first, second);
    EXPECT_THAT(first, ::testing::StartsWith("k1:AQIDBAUGBwgJCgsM")) << "the nonce is random";
}

TEST_F(CommentKeysTest, AnOlderKeyStillOpensAndANewOneSeals) {
    const auto old = comments_.seal("x", k_place);
    const CommentKeys rotated(keys({"k2", "k1"}), entropy_);
    EXPECT_EQ(outcome(rotated, old, k_place), "opened x");
    EXPECT_THAT(rotated.seal("x", k_place), ::testing::StartsWith("k2:"));
    EXPECT_EQ(outcome(comments_, rotated.seal("x", k_place), k_place), "unknown key");
    const CommentKeys impostor({{"k1", Wiped(std::string(32, 'z'))}}, entropy_);
    EXPECT_EQ(outcome(impostor, old, k_place), "damaged");
}

TEST_F(CommentKeysTest, InAnotherRowItDoesNotOpen) {
    const auto sealed = comments_.seal("x", k_place);
    for (const CommentPlace& other :
         {CommentPlace{"south", "t1", "card-1", WallTime{1s}}, CommentPlace{"north", "t2", "card-1", WallTime{1s}},
          CommentPlace{"north", "t1", "card-2", WallTime{1s}}, CommentPlace{"north", "t1", "card-1", WallTime{2s}},
          CommentPlace{"northt1", "", "card-1", WallTime{1s}}})
        EXPECT_EQ(outcome(comments_, sealed, other), "damaged");
}

TEST_F(CommentKeysTest, EveryFlippedBitIsSeen) {
    const auto sealed = comments_.seal("seen last week", k_place);
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string bent = sealed;
            bent[i] = static_cast<char>(static_cast<unsigned char>(bent[i]) ^ (1U << bit));
            EXPECT_THAT(outcome(comments_, bent, k_place), ::testing::Not(::testing::StartsWith("opened"))) << i;
        }
    }
}

TEST_F(CommentKeysTest, WhatIsNoSealedCommentDoesNotOpen) {
    const auto sealed = comments_.seal("x", k_place);
    EXPECT_EQ(outcome(comments_, "", k_place), "unknown key");
    EXPECT_EQ(outcome(comments_, "x", k_place), "unknown key");
    for (const std::string& bad : {std::string("k1"), std::string("k1:"), "k1:" + std::string(36, 'A'), sealed + "A",
                                   sealed + "=", sealed.substr(0, sealed.size() - 1), "k1:" + sealed})
        EXPECT_EQ(outcome(comments_, bad, k_place), "damaged") << bad;
}

// As when OpenSSL has no memory, which is judged by the same check: it costs the request, not the process.
TEST(EncryptGcm, WhatCannotBeSealedIsThrown) {
    EXPECT_THROW((void)encrypt_gcm({std::string(31, 'k'), std::string(12, 'n'), ""}, "text"), std::bad_alloc);
}

}  // namespace
}  // namespace proctor::store::secrets_test
