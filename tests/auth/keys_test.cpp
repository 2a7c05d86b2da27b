#include "auth/keys.h"

#include <gtest/gtest.h>

#include "auth/signing.h"
#include "base/limits.h"

namespace proctor::auth {
namespace {

using signing::encode_base64url;
using signing::keys;
using signing::SigningKey;

std::string set_of(const std::string& jwks) { return R"({"keys":[)" + jwks + "]}"; }

// The kids that are used, in their order; "refused" for the set.
std::string kids_of(const std::string& json) {
    const auto set = parse_jwks(json);
    if (!set) return "refused";
    std::string kids;
    for (const Key& key : set->keys) kids += (kids.empty() ? "" : " ") + key.kid;
    return kids;
}

std::string rsa_jwk(std::string_view n, std::string_view e) {
    return R"({"kid":"a","kty":"RSA","n":")" + encode_base64url(n) + R"(","e":")" + encode_base64url(e) + R"("})";
}

std::string ec_jwk(const std::string& crv, std::string_view x, std::string_view y) {
    return R"({"kid":"a","kty":"EC","crv":")" + crv + R"(","x":")" + encode_base64url(x) + R"(","y":")" +
           encode_base64url(y) + R"("})";
}

// An odd modulus of that many bits: of no use for signing, but of the form of one.
std::string modulus(std::size_t bits) {
    std::string n((bits + 7) / 8, '\xFF');
    n.front() = static_cast<char>(bits % 8 == 0 ? 0x80 : 1U << (bits % 8 - 1));
    return n;
}

TEST(KeySet, FindsAKeyByItsExactName) {
    const auto set = parse_jwks(set_of(keys().rsa.jwk("one") + ',' + keys().p384.jwk("two", R"(,"alg":"ES384")")));
    ASSERT_TRUE(set);
    ASSERT_NE(set->find("one"), nullptr);
    EXPECT_EQ(set->find("one")->alg, std::nullopt);
    ASSERT_NE(set->find("two"), nullptr);
    EXPECT_EQ(set->find("two")->alg, Algorithm::es384);
    for (const char* other : {"", "on", "one ", "One", "three"}) EXPECT_EQ(set->find(other), nullptr) << other;
}

TEST(KeySet, UsesWhatIsMeantForVerifying) {
    const std::pair<std::string, std::string> table[] = {
        {"", "a"},
        {R"(,"use":"sig")", "a"},
        {R"(,"key_ops":["verify"])", "a"},
        {R"(,"key_ops":["sign","verify"],"use":"sig")", "a"},
        {R"(,"alg":"ES384","x5c":["x"],"x5t":"y","ext":true,"iat":1)", "a"},
        {R"(,"use":"enc")", ""},
        {R"(,"use":"SIG")", ""},
        {R"(,"use":["sig"])", ""},
        {R"(,"key_ops":["encrypt"])", ""},
        {R"(,"key_ops":[])", ""},
        {R"(,"key_ops":"verify")", ""},
        {R"(,"key_ops":["verify"],"use":"enc")", ""},
        {R"(,"alg":"ECDH-ES")", ""},
        {R"(,"alg":"ES521")", ""},
        {R"(,"alg":"none")", ""},
        {R"(,"alg":null)", ""},
    };
    for (const auto& [more, kids] : table) {
        EXPECT_EQ(kids_of(set_of(keys().p384.jwk("a", more))), kids) << more;
    }
}

TEST(KeySet, IgnoresKeysItDoesNotKnowOrCannotName) {
    const std::string good = keys().p256.jwk("good");
    for (const std::string other :
         {R"({})", R"({"kid":"a"})", R"({"kid":"a","kty":"oct"})",
          R"({"kid":"a","kty":"AKP","alg":"ML-DSA-65","pub":"AA"})",
          R"({"kid":"a","kty":"EC","crv":"secp256k1","x":"AA","y":"AA"})", R"({"kid":"a","kty":"EC","crv":"P-256"})",
          R"({"kid":"a","kty":"OKP","crv":"X25519","x":"AA"})", R"({"kid":"a","kty":"OKP","crv":"Ed25519","x":"AA"})",
          R"({"kid":"a","kty":"RSA"})", R"({"kid":"a","kty":"RSA","n":1,"e":"AQAB"})"}) {
        EXPECT_EQ(kids_of(set_of(good + ',' + other)), "good") << other;
    }
    const std::string members = keys().p256.jwk_members();
    for (const std::string kid : {R"("kid":"",)", R"("kid":7,)", R"("kid":null,)", R"("kid":"a\u0000",)", ""}) {
        EXPECT_EQ(kids_of(set_of('{' + kid + members + '}')), "") << kid;
    }
    EXPECT_EQ(kids_of(set_of("")), "");
}

TEST(KeySet, IsRefusedWholeForWhatNoKeySetHas) {
    const std::string good = keys().p256.jwk("good");
    for (const std::string& json :
         {std::string(), std::string("{}"), std::string(R"({"keys":{}})"), std::string(R"([])"), good,
          R"({"keys":[)" + good + "]} x", R"({"keys":[],"keys":[)" + good + "]}", set_of(good + ",1"),
          set_of(good + ",null"), set_of(good + ",[]"), set_of(good + ',' + good),
          set_of(good + ',' + keys().rsa.jwk("good")), set_of(good + R"(,{"kid":"good","kty":"oct"})"),
          set_of(keys().p256.jwk("a", R"(,"kid":"b")")), set_of(keys().p256.jwk("a", R"(,"kty":"EC")"))}) {
        EXPECT_EQ(kids_of(json), "refused") << json;
    }
    for (const char* secret : {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"}) {
        const std::string member = std::string(",\"") + secret + R"(":"AA")";
        EXPECT_EQ(kids_of(set_of(good + ',' + keys().rsa.jwk("a", member))), "refused") << secret;
        EXPECT_EQ(kids_of(set_of(good + R"(,{"kty":"new")" + member + '}')), "refused") << secret;
    }
}

TEST(KeySet, SaysWhereItWasRefusedAndNotWhatStoodThere) {
    const auto set = parse_jwks(set_of(keys().p256.jwk("a") + ',' + keys().p256.jwk("b", R"(,"d":"c2VjcmV0")")));
    ASSERT_FALSE(set);
    EXPECT_EQ(describe(set.error()), "/keys/1: a key that is private or symmetric");
}

TEST(KeySet, HoldsAsManyKeysAndBytesAsTheLimitsSay) {
    std::string jwks;
    for (std::size_t i = 0; i < limits::k_jwks_keys; ++i) {
        jwks += (i == 0 ? "" : ",") + keys().p256.jwk(std::to_string(i));
    }
    const auto full = parse_jwks(set_of(jwks));
    ASSERT_TRUE(full);
    EXPECT_EQ(full->keys.size(), limits::k_jwks_keys);
    EXPECT_EQ(kids_of(set_of(jwks + ",{}")), "refused");
    std::string padded = set_of(keys().p256.jwk("a"));
    padded.append(limits::k_jwks_bytes - padded.size(), ' ');
    EXPECT_EQ(kids_of(padded), "a");
    EXPECT_EQ(kids_of(padded + ' '), "refused");
}

TEST(RsaKey, HasABoundedOddModulusAndExponent) {
    using namespace std::string_literals;
    const std::string e = "\x01\x00\x01"s;
    std::string even = modulus(2048);
    even.back() = '\xFE';
    const std::tuple<std::string, std::string, bool> table[] = {
        {modulus(2047), e, false},
        {modulus(2048), e, true},
        {modulus(8192), e, true},
        {modulus(8193), e, false},
        {modulus(1024), e, false},
        {modulus(2048), "\x03", true},
        {even, e, false},
        {"\0"s + modulus(2048), e, false},
        {modulus(2048), "\x01", false},
        {modulus(2048), "\x02", false},
        {modulus(2048), ""s, false},
        {modulus(2048), "\0\x01\x00\x01"s, false},
        {modulus(2048), "\x01\x00"s, false},
        {modulus(2048), "\x01\x00\x00\x00\x00\x00\x00\x01"s, true},
        {modulus(2048), "\x01\x00\x00\x00\x00\x00\x00\x00\x01"s, false},
        {""s, e, false},
    };
    for (const auto& [n, exponent, used] : table) {
        EXPECT_EQ(kids_of(set_of(rsa_jwk(n, exponent))), used ? "a" : "") << n.size() << ' ' << exponent.size();
    }
}

// 1 modulo each of the primes, as a power of 65537 is.
TEST(RsaKey, IsNotOfTheCardsWhoseKeysCanBeFactored) {
    const std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> n(BN_new(), BN_free);
    BN_one(n.get());
    for (const BN_ULONG prime : {11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157}) {
        BN_mul_word(n.get(), prime);
    }
    BN_lshift(n.get(), n.get(), 2048 - BN_num_bits(n.get()));
    BN_add_word(n.get(), 1);
    EXPECT_EQ(kids_of(set_of(rsa_jwk(signing::number_bytes(n.get()), "\x03"))), "");
    BN_add_word(n.get(), 2);  // 3, which is no power of 65537 modulo 11
    EXPECT_EQ(kids_of(set_of(rsa_jwk(signing::number_bytes(n.get()), "\x03"))), "a");
}

TEST(EcKey, IsAPointOfItsCurveInFullLength) {
    using namespace std::string_literals;
    const std::string x = keys().p256.number_param(OSSL_PKEY_PARAM_EC_PUB_X, 32);
    const std::string y = keys().p256.number_param(OSSL_PKEY_PARAM_EC_PUB_Y, 32);
    std::string off = y;
    off.back() = static_cast<char>(off.back() ^ 1);
    const std::string ones(32, '\xFF'), zeros(32, '\0');
    EXPECT_EQ(kids_of(set_of(ec_jwk("P-256", x, y))), "a");
    const std::tuple<std::string, std::string, std::string> table[] = {
        {"P-256", x, off},
        {"P-256", y, x},
        {"P-384", x, y},
        {"P-521", x, y},
        {"p-256", x, y},
        {"P-256", "\0"s + x, y},
        {"P-256", x, "\0"s + y},
        {"P-256", x.substr(1), y},
        {"P-256", x, y.substr(1)},
        {"P-256", zeros, zeros},
        {"P-256", ones, y},
        {"P-256", x, ones},
        {"P-256", "", ""},
        {"P-256", x, ""},
        {"P-384", std::string(16, '\0') + x, std::string(16, '\0') + y},
    };
    for (const auto& [crv, first, second] : table) {
        EXPECT_EQ(kids_of(set_of(ec_jwk(crv, first, second))), "") << crv << ' ' << first.size();
    }
}

// Keys whose coordinates begin with a zero come once in 256; they keep it.
TEST(EcKey, KeepsTheLeadingZeroOfACoordinate) {
    for (int i = 0; i < 10'000; ++i) {
        const SigningKey key = SigningKey::ec("P-256");
        const std::string x = key.number_param(OSSL_PKEY_PARAM_EC_PUB_X, 32);
        if (x.front() != '\0') continue;
        const std::string y = key.number_param(OSSL_PKEY_PARAM_EC_PUB_Y, 32);
        EXPECT_EQ(kids_of(set_of(ec_jwk("P-256", x, y))), "a");
        EXPECT_EQ(kids_of(set_of(ec_jwk("P-256", x.substr(1), y))), "");
        return;
    }
    FAIL() << "no such key in 10,000";
}

TEST(Ed25519Key, HasThirtyTwoBytes) {
    const auto jwk = [](std::size_t size) {
        return R"({"kid":"a","kty":"OKP","crv":"Ed25519","x":")" + encode_base64url(std::string(size, '\x07')) +
               R"("})";
    };
    EXPECT_EQ(kids_of(set_of(keys().ed25519.jwk("a"))), "a");
    for (const std::size_t size : {0U, 31U, 33U, 57U}) EXPECT_EQ(kids_of(set_of(jwk(size))), "") << size;
}

// A P-521 number has 66 bytes of which the first is 0 or 1: the length in which implementations go wrong.
TEST(Signature, VerifiesWithEveryAlgorithmAndNoOtherMessage) {
    const auto set =
        parse_jwks(set_of(keys().rsa.jwk("rsa") + ',' + keys().p256.jwk("p256") + ',' + keys().p384.jwk("p384") + ',' +
                          keys().p521.jwk("p521") + ',' + keys().ed25519.jwk("ed25519")));
    ASSERT_TRUE(set);
    const std::tuple<Algorithm, const SigningKey*, const char*> table[] = {
        {Algorithm::rs256, &keys().rsa, "rsa"},   {Algorithm::rs384, &keys().rsa, "rsa"},
        {Algorithm::rs512, &keys().rsa, "rsa"},   {Algorithm::ps256, &keys().rsa, "rsa"},
        {Algorithm::ps384, &keys().rsa, "rsa"},   {Algorithm::ps512, &keys().rsa, "rsa"},
        {Algorithm::es256, &keys().p256, "p256"}, {Algorithm::es384, &keys().p384, "p384"},
        {Algorithm::es512, &keys().p521, "p521"}, {Algorithm::eddsa, &keys().ed25519, "ed25519"},
    };
    for (const auto& [algorithm, key, kid] : table) {
        Token token;
        token.algorithm = algorithm;
        token.signed_part = "a.b";
        token.signature = key->sign(algorithm, "a.b");
        for (const Key& other : set->keys) {
            const auto expected = other.kid == kid ? std::nullopt : std::optional(Reason::key_unfit);
            EXPECT_EQ(check_signature(token, other), expected) << print(algorithm) << " with " << other.kid;
        }
        token.signed_part = "a.c";
        EXPECT_EQ(check_signature(token, *set->find(kid)), Reason::signature) << print(algorithm);
    }
}

}  // namespace
}  // namespace proctor::auth
