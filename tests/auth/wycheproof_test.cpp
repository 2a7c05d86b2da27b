// Project Wycheproof's vectors for what tokens are signed with. What is decided differently here stands in a table with
// the reason; everything else is as Wycheproof has it, where "acceptable" means refused.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "auth/base64url.h"
#include "auth/keys.h"
#include "auth/signing.h"
#include "base/json.h"

namespace proctor::auth {
namespace {

using Json = nlohmann::json;
using signing::encode_base64url;
namespace fs = std::filesystem;

const fs::path k_vectors = fs::path(PROCTOR_SOURCE_DIR) / ".." / "shared" / "fixtures" / "wycheproof";

// By file and tcId: accepted by Wycheproof and refused here.
using Differences = std::map<int, std::string>;

Json load(const std::string& file) {
    std::ifstream in(k_vectors / file);
    return Json::parse(in);
}

std::string from_hex(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    }
    return bytes;
}

// As long as the curve's coordinates: Wycheproof writes a sign byte, or leaves zeros out.
std::string coordinate(const std::string& hex, std::size_t size) {
    const std::string bytes = std::string(size, '\0') + from_hex(hex);
    return bytes.substr(bytes.size() - size);
}

KeySet set_of(const Json& jwks) {
    const auto set = parse_jwks(jwks.contains("keys") ? jwks.dump() : Json{{"keys", {jwks}}}.dump());
    return set ? *set : KeySet{};
}

KeySet ec_set(const Json& key, std::size_t size) {
    return set_of({{"kty", "EC"},
                   {"kid", "k"},
                   {"crv", size == 32 ? "P-256" : "P-384"},
                   {"x", encode_base64url(coordinate(key["wx"], size))},
                   {"y", encode_base64url(coordinate(key["wy"], size))}});
}

bool verifies(const KeySet& set, Token token) {
    const Key* key = set.find(token.kid);
    return key != nullptr && !check_signature(token, *key);
}

// A JWS without the claims and the typ that a token of ours has.
bool verifies_jws(const KeySet& set, const std::string& jws) {
    const auto first = jws.find('.'), last = jws.rfind('.');
    if (first == last || jws.find('.', first + 1) != last) return false;
    const auto header = decode_base64url(jws.substr(0, first));
    const auto payload = decode_base64url(jws.substr(first + 1, last - first - 1));
    const auto signature = decode_base64url(jws.substr(last + 1));
    const Json json = header ? Json::parse(*header, nullptr, false) : Json();
    if (!json.is_object() || !payload || !signature) return false;
    const auto algorithm = algorithm_named(json.value("alg", ""));
    if (!algorithm) return false;
    Token token;
    token.algorithm = *algorithm;
    token.kid = json.value("kid", "");
    token.signed_part = jws.substr(0, last);
    token.signature = *signature;
    return verifies(set, token);
}

class Wycheproof : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(k_vectors)) GTEST_SKIP() << "no shared/ beside the source: " << k_vectors;
    }

    // `judge` gives of a group what judges its tests.
    template <typename MakeJudge>
    void expect_results(const std::string& file, Differences differences, const MakeJudge& make_judge) {
        const Json document = load(file);
        int met = 0;
        for (const Json& group : document["testGroups"]) {
            const auto judge = make_judge(group);
            for (const Json& test : group["tests"]) {
                const bool valid = test["result"] == "valid";
                const bool different = differences.erase(test["tcId"]) == 1;
                EXPECT_TRUE(valid || !different) << file << ' ' << test["tcId"] << ": only refusals may differ";
                EXPECT_EQ(judge(test), valid && !different) << file << ' ' << test["tcId"] << ' ' << test["comment"];
                ++met;
            }
        }
        EXPECT_EQ(met, document["numberOfTests"]) << file;
        for (const auto& [id, reason] : differences) ADD_FAILURE() << file << ": no test " << id << ", " << reason;
    }

    void expect_jws(const std::string& file, const Differences& differences) {
        expect_results(file, differences, [](const Json& group) {
            const KeySet set = set_of(group.contains("public") ? group["public"] : group["private"]);
            return [set](const Json& test) {
                const Json& text = test.contains("jws") ? test["jws"] : test["jwe"];
                return verifies_jws(set, text.is_string() ? text.get<std::string>() : text.dump());
            };
        });
    }

    void expect_rsa(const std::string& file) {
        expect_results(file, {}, [](const Json& group) {
            Json jwk = group["keyJwk"];
            jwk["kid"] = "k";
            return [set = set_of(jwk)](const Json& test) {
                Token token;
                token.algorithm = Algorithm::rs384;
                token.kid = "k";
                token.signed_part = from_hex(test["msg"]);
                token.signature = from_hex(test["sig"]);
                return verifies(set, token);
            };
        });
    }

    // `as_sent` makes JOSE's signature of the vector's.
    template <typename AsSent>
    void expect_ecdsa(const std::string& file, Algorithm algorithm, std::size_t size, const AsSent& as_sent) {
        expect_results(file, {}, [&, algorithm, size](const Json& group) {
            const Json& key = group.contains("publicKey") ? group["publicKey"] : group["key"];
            return [&as_sent, algorithm, set = ec_set(key, size)](const Json& test) {
                Token token;
                token.algorithm = algorithm;
                token.kid = "k";
                token.signed_part = from_hex(test["msg"]);
                token.signature = as_sent(from_hex(test["sig"]));
                return verifies(set, token);
            };
        });
    }
};

const char* const k_symmetric = "a symmetric key: its set is refused";
const char* const k_other_alg = "the key is for PS256, the header says PS384";
const char* const k_no_alg = "the key is for an algorithm that does not exist, ES521";

TEST_F(Wycheproof, JwsAreDecidedAsExpected) {
    expect_jws("json_web_signature_test.json", {{1, k_symmetric},
                                                {346, k_other_alg},
                                                {347, k_no_alg},
                                                {348, k_symmetric},
                                                {350, k_other_alg},
                                                {351, k_no_alg},
                                                {352, k_symmetric},
                                                {357, k_symmetric},
                                                {358, k_symmetric},
                                                {359, k_symmetric},
                                                {372, k_symmetric},
                                                {373, k_symmetric},
                                                {376, k_symmetric},
                                                {377, k_symmetric}});
}

TEST_F(Wycheproof, JwsWhoseKeyContradictsThemVerifyOnceItDoesNot) {
    const Json document = load("json_web_signature_test.json");
    int met = 0;
    for (Json group : document["testGroups"]) {
        if (!group.contains("public") || group["comment"].get<std::string>().find("rfc7520") != 0) continue;
        group["public"].erase("alg");
        for (const Json& test : group["tests"]) {
            EXPECT_TRUE(verifies_jws(set_of(group["public"]), test["jws"])) << test["tcId"];
            ++met;
        }
    }
    EXPECT_EQ(met, 6);
}

TEST_F(Wycheproof, JsonWebCryptoIsDecidedAsExpected) {
    expect_jws("json_web_crypto_test.json",
               {{1, k_symmetric}, {48, k_symmetric}, {50, "encrypted: no JWS"}, {67, "encrypted: no JWS"}});
}

TEST_F(Wycheproof, JsonWebKeysAreDecidedAsExpected) {
    expect_jws("json_web_key_test.json", {{2, k_symmetric}, {13, k_symmetric}, {14, k_symmetric}, {15, k_symmetric}});
}

TEST_F(Wycheproof, EcdsaSignaturesAreDecidedAsExpected) {
    const auto same = [](const std::string& signature) { return signature; };
    expect_ecdsa("ecdsa_secp256r1_sha256_p1363_test.json", Algorithm::es256, 32, same);
    expect_ecdsa("ecdsa_secp384r1_sha384_p1363_test.json", Algorithm::es384, 48, same);
}

// JOSE has no DER. Read strictly and put side by side, r and s must be decided the same way.
TEST_F(Wycheproof, EcdsaSignaturesInDerAreDecidedAsExpectedOnceSideBySide) {
    const auto side_by_side = [](const std::string& der) { return signing::raw_of(der, 48); };
    expect_ecdsa("ecdsa_secp384r1_sha384_test.json", Algorithm::es384, 48, side_by_side);
}

TEST_F(Wycheproof, RsaSignaturesAreDecidedAsExpected) {
    expect_rsa("rsa_signature_2048_sha384_test.json");
    expect_rsa("rsa_signature_3072_sha384_test.json");
}

}  // namespace
}  // namespace proctor::auth
