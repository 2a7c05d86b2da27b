#include "watch/audit_key.h"

#include <gtest/gtest.h>

#include "watch/audit_trail.h"

namespace proctor::watch {
namespace {

constexpr const char* k_signature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb0"
    "0d291612bb0c00";

TEST(AuditKey, SignsAsRfc8032Says) {
    const auto key = audit_key();
    EXPECT_TRUE(key.can_sign());
    EXPECT_EQ(key.sign("\x72"), k_signature);
    EXPECT_TRUE(key.verify("\x72", k_signature));
}

TEST(AuditKey, ThePublicHalfHasTheSameNameAndOnlyVerifies) {
    const auto key = audit_key(k_audit_public_pem);
    EXPECT_FALSE(key.can_sign());
    EXPECT_EQ(key.id(), audit_key().id());
    EXPECT_NE(key.id(), audit_key(k_other_pem).id());
    EXPECT_EQ(key.sign("\x72"), "");
    EXPECT_TRUE(key.verify("\x72", k_signature));
}

TEST(AuditKey, OtherMessagesKeysAndSpellingsAreWrong) {
    const std::string right = k_signature;
    std::string upper = right;
    upper[1] = '2', upper[4] = 'A';
    const auto key = audit_key();
    EXPECT_FALSE(key.verify("\x73", right));
    EXPECT_FALSE(audit_key(k_other_pem).verify("\x72", right));
    for (const auto& wrong : {std::string(), right.substr(1), right + "00", upper, std::string(128, '0')})
        EXPECT_FALSE(key.verify("\x72", wrong)) << wrong;
}

TEST(AuditKey, RefusesWhatIsNoEd25519Key) {
    const char* rows[] = {"", "no PEM", "-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----\n",
                          // X25519
                          "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VuAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n"
                          "-----END PUBLIC KEY-----\n"};
    for (const char* pem : rows) {
        const auto key = AuditKey::read(pem);
        ASSERT_FALSE(key.ok()) << pem;
        EXPECT_EQ(key.error().message, "holds no Ed25519 key in PEM without a password");
    }
}

}  // namespace
}  // namespace proctor::watch
