// Tokens of the tests' client, right but for what a test changes in their text, and the verifier's steps in their
// order.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "auth/keys.h"
#include "auth/signing.h"
#include "auth/token.h"

namespace proctor::auth::signing {

inline constexpr std::int64_t k_now = 1'781'524'800;
inline const std::string k_issuer = "https://ehr.example/cds";
inline const std::string k_audience = "https://cds.example/cds-services/anorectal";
inline const std::string k_jku = "https://ehr.example/jwks.json";

using Members = std::vector<std::pair<std::string, std::string>>;  // a name and JSON; empty JSON: no such member

inline std::string object_text(Members members, const Members& changes) {
    for (const auto& [name, json] : changes) {
        const auto same = [&, wanted = name](const auto& member) { return member.first == wanted; };
        const auto it = std::find_if(members.begin(), members.end(), same);
        if (it == members.end()) {
            members.emplace_back(name, json);
        } else {
            it->second = json;
        }
    }
    std::string text;
    for (const auto& [name, json] : members) {
        if (!json.empty()) text += (text.empty() ? "{\"" : ",\"") + name + "\":" + json;
    }
    return text + '}';
}

inline std::string text_json(const std::string& text) { return '"' + text + '"'; }

inline std::string header_text(const Members& changes = {}) {
    return object_text({{"alg", R"("ES384")"}, {"kid", R"("p384")"}, {"typ", R"("JWT")"}}, changes);
}

inline std::string payload_text(const Members& changes = {}) {
    return object_text({{"iss", text_json(k_issuer)},
                        {"aud", text_json(k_audience)},
                        {"exp", std::to_string(k_now + 300)},
                        {"iat", std::to_string(k_now)},
                        {"jti", R"("7b2d7f0e-5c1c-4b6e-9d2b-0f5a3f0c9a11")"}},
                       changes);
}

// An Authorization header with what alg and kid say: the client's key p384 and ES384, or as given.
inline std::string bearer(const std::string& header, const std::string& payload, const SigningKey& key = keys().p384,
                          Algorithm algorithm = Algorithm::es384) {
    return "Bearer " + sign_token(key, algorithm, header, payload);
}

// The set that the client publishes.
inline const KeySet& client_keys() {
    static const KeySet set = [] {
        static const SigningKey small = SigningKey::rsa(1024);
        const std::string jwks = keys().rsa.jwk("rsa") + ',' + keys().rsa.jwk("rs256only", R"(,"alg":"RS256")") + ',' +
                                 keys().p256.jwk("p256") + ',' + keys().p384.jwk("p384") + ',' +
                                 keys().p521.jwk("p521") + ',' + keys().ed25519.jwk("ed25519") + ',' +
                                 small.jwk("rsa1024") + ',' + keys().p384.jwk("forEncryption", R"(,"use":"enc")");
        return parse_jwks(R"({"keys":[)" + jwks + "]}").value();
    }();
    return set;
}

inline TokenPolicy default_policy() {
    TokenPolicy policy;
    policy.jkus = {k_jku};
    return policy;
}

inline TokenPolicy open_policy() {
    TokenPolicy policy = default_policy();
    policy.algorithms = {Algorithm::rs256, Algorithm::rs384, Algorithm::rs512, Algorithm::ps256, Algorithm::ps384,
                         Algorithm::ps512, Algorithm::es256, Algorithm::es384, Algorithm::es512, Algorithm::eddsa};
    return policy;
}

inline WallTime now() { return WallTime(std::chrono::seconds(k_now)); }

// Every step of the verifier but the replay store. Nothing: accepted.
inline std::optional<Reason> judge(std::string_view authorization, const TokenPolicy& policy = default_policy()) {
    const auto parsed = parse_token(authorization);
    if (const auto* reason = std::get_if<Reason>(&parsed)) return *reason;
    const Token& token = std::get<Token>(parsed);
    if (token.iss != k_issuer) return Reason::unknown_issuer;
    if (const auto reason = check_claims(token, policy, {k_audience}, now())) return reason;
    const Key* key = client_keys().find(token.kid);
    return key == nullptr ? Reason::unknown_key : check_signature(token, *key);
}

}  // namespace proctor::auth::signing
