#include "auth/signer.h"

#include <gtest/gtest.h>

#include "auth/attacks.h"

namespace proctor::auth {
namespace {

using namespace signing;

const Claims k_claims = {k_issuer, k_audience, "7b2d7f0e-5c1c-4b6e-9d2b-0f5a3f0c9a11", "", k_now};

struct Client {
    Algorithm algorithm;
    const char* kid;
    const SigningKey& key;
};
std::vector<Client> clients() {
    return {{Algorithm::es384, "p384", keys().p384},
            {Algorithm::es256, "p256", keys().p256},
            {Algorithm::rs384, "rsa", keys().rsa},
            {Algorithm::rs256, "rsa", keys().rsa}};
}

std::string signed_by(const Client& client, const std::string& pem, const Claims& claims = k_claims) {
    const auto signer = Signer::make(pem, {client.algorithm, client.kid, k_jku});
    if (!signer) return describe(signer.error());
    return "Bearer " + signer.value().sign(claims).value();
}

std::string refusal(const std::string& pem, Algorithm algorithm) {
    const auto signer = Signer::make(pem, {algorithm, "k", ""});
    return signer ? "" : describe(signer.error());
}

TEST(Signer, SignsWhatTheServiceAccepts) {
    for (const Client& client : clients()) {
        for (const auto& pem : {client.key.private_pem(), client.key.traditional_pem()})
            EXPECT_EQ(verdict(judge(signed_by(client, pem))), "accepted") << print(client.algorithm);
    }
}

// r or s is shorter than the curve's one time in 128.
TEST(Signer, WritesShortNumbersInTheirFullLength) {
    const auto signer = Signer::make(keys().p256.private_pem(), {Algorithm::es256, "p256", ""}).value();
    for (int i = 0; i < 600; ++i) ASSERT_EQ(verdict(judge("Bearer " + signer.sign(k_claims).value())), "accepted") << i;
}

TEST(Signer, SaysWhatItWasGivenAndLastsFiveMinutes) {
    Claims claims = k_claims;
    claims.tenant = "ward \"ä\"";
    const auto parsed = parse_token(signed_by(clients().front(), keys().p384.private_pem(), claims));
    const Token& token = std::get<Token>(parsed);
    EXPECT_EQ(token.jku, k_jku);
    EXPECT_EQ(token.tenant, claims.tenant);
    EXPECT_EQ(token.jti, claims.jti);
    EXPECT_EQ(token.iat, k_now);
    EXPECT_EQ(token.exp, k_now + 300);
}

TEST(Signer, LeavesOutWhatIsEmpty) {
    const auto signer = Signer::make(keys().p384.private_pem(), {Algorithm::es384, "p384", ""}).value();
    const auto parsed = parse_token("Bearer " + signer.sign(k_claims).value());
    EXPECT_EQ(std::get<Token>(parsed).jku, "");
    EXPECT_EQ(std::get<Token>(parsed).tenant, "");
}

TEST(Signer, WritesTheKeySetThatItsTokensAreCheckedWith) {
    for (const Client& client : clients()) {
        const auto signer = Signer::make(client.key.private_pem(), {client.algorithm, client.kid, ""}).value();
        const auto text = signer.public_keys();
        ASSERT_TRUE(text) << describe(text.error());
        const auto keys = parse_jwks(*text);
        ASSERT_TRUE(keys) << describe(keys.error());
        const Key* key = keys->find(client.kid);
        ASSERT_NE(key, nullptr) << print(client.algorithm);
        const auto token = parse_token("Bearer " + signer.sign(k_claims).value());
        EXPECT_EQ(check_signature(std::get<Token>(token), *key), std::nullopt) << print(client.algorithm);
    }
}

TEST(Signer, RefusesAKeyThatDoesNotFit) {
    static const SigningKey small = SigningKey::rsa(1024);
    const std::tuple<const SigningKey&, Algorithm, const char*> table[] = {
        {keys().p256, Algorithm::es384, "its key does not fit ES384"},
        {keys().p384, Algorithm::es256, "its key does not fit ES256"},
        {keys().rsa, Algorithm::es384, "its key does not fit ES384"},
        {keys().p384, Algorithm::rs384, "its key does not fit RS384"},
        {keys().ed25519, Algorithm::es384, "its key does not fit ES384"},
        {small, Algorithm::rs256, "its key does not fit RS256"},
        {keys().rsa, Algorithm::ps384, "tokens are signed with ES384, RS384, ES256 or RS256"},
        {keys().p521, Algorithm::es512, "tokens are signed with ES384, RS384, ES256 or RS256"}};
    for (const auto& [key, algorithm, expected] : table)
        EXPECT_EQ(refusal(key.private_pem(), algorithm), expected) << print(algorithm);
}

// Never a prompt: the command may run where nobody answers.
TEST(Signer, RefusesWhatIsNoReadablePrivateKey) {
    const std::string pem = keys().p384.private_pem();
    for (const auto& text : {std::string(), std::string("x"), keys().p384.public_pem(), pem.substr(0, pem.size() / 2),
                             keys().p384.private_pem("a password")})
        EXPECT_EQ(refusal(text, Algorithm::es384), "holds no private key in PEM without a password") << text.size();
}

}  // namespace
}  // namespace proctor::auth
