#include "auth/keys.h"

#include <algorithm>
#include <array>
#include <set>

#include "auth/base64url.h"
#include "auth/public_key.h"
#include "auth/strict_json.h"
#include "base/json.h"
#include "base/limits.h"

namespace proctor::auth {
namespace {

using Json = nlohmann::json;

// RFC 7518 section 6, RFC 8037: what only the owner may know. "priv" is that of newer key types.
constexpr std::array k_secret_members = {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"};

std::string bytes_member(const Json& jwk, const char* name) {
    const auto text = text_member(jwk, name);
    return text ? decode_base64url(*text).value_or("") : "";
}

PublicKeyPtr read_ec_key(const Json& jwk, std::string_view crv) {
    const std::string x = bytes_member(jwk, "x"), y = bytes_member(jwk, "y");
    if (crv == "P-256") return make_ec_key(Curve::p256, x, y);
    if (crv == "P-384") return make_ec_key(Curve::p384, x, y);
    if (crv == "P-521") return make_ec_key(Curve::p521, x, y);
    return nullptr;
}

PublicKeyPtr read_public_key(const Json& jwk) {
    const std::string kty = text_member(jwk, "kty").value_or(""), crv = text_member(jwk, "crv").value_or("");
    if (kty == "RSA") return make_rsa_key(bytes_member(jwk, "n"), bytes_member(jwk, "e"));
    if (kty == "EC") return read_ec_key(jwk, crv);
    if (kty == "OKP" && crv == "Ed25519") return make_ed25519_key(bytes_member(jwk, "x"));
    return nullptr;
}

bool is_for_verifying(const Json& jwk) {
    if (jwk.contains("use") && text_member(jwk, "use") != "sig") return false;
    const auto operations = jwk.find("key_ops");
    if (operations == jwk.end()) return true;
    return operations->is_array() && std::find(operations->begin(), operations->end(), "verify") != operations->end();
}

// Nothing: a key that we do not use.
std::optional<Key> read_key(const Json& jwk) {
    Key key;
    const auto kid = text_member(jwk, "kid");
    if (!kid || kid->empty() || !is_for_verifying(jwk)) return std::nullopt;
    if (jwk.contains("alg")) {
        key.alg = algorithm_named(text_member(jwk, "alg").value_or(""));
        if (!key.alg) return std::nullopt;
    }
    key.kid = *kid;
    key.key = read_public_key(jwk);
    if (!key.key) return std::nullopt;
    return key;
}

bool is_secret(const Json& jwk) {
    return std::any_of(k_secret_members.begin(), k_secret_members.end(),
                       [&](const char* name) { return jwk.contains(name); });
}

// What is wrong with the whole set because of this key. `kids`: those before it.
std::optional<std::string> fault_of(const Json& jwk, std::set<std::string>& kids) {
    if (!jwk.is_object()) return "not a JWK";
    if (is_secret(jwk)) return "a key that is private or symmetric";
    const auto kid = text_member(jwk, "kid");
    if (kid && !kids.insert(*kid).second) return "the kid of another key";
    return std::nullopt;
}

}  // namespace

const Key* KeySet::find(std::string_view kid) const {
    const auto it = std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.kid == kid; });
    return it == keys.end() ? nullptr : &*it;
}

Result<KeySet> parse_jwks(std::string_view json) {
    if (json.size() > limits::k_jwks_bytes) return Error{"larger than a key set may be", ""};
    const auto document = parse_strict_object(json);
    if (!document || !document->contains("keys") || !(*document)["keys"].is_array()) {
        return Error{"not a JWK Set in strict JSON", ""};
    }
    const Json& jwks = (*document)["keys"];
    if (jwks.size() > limits::k_jwks_keys) return Error{"more keys than a set may have", "/keys"};
    std::set<std::string> kids;
    for (std::size_t i = 0; i < jwks.size(); ++i) {
        if (auto fault = fault_of(jwks[i], kids)) return Error{std::move(*fault), "/keys/" + std::to_string(i)};
    }
    KeySet set;
    for (const Json& jwk : jwks) {
        if (auto key = read_key(jwk)) set.keys.push_back(std::move(*key));
    }
    return set;
}

std::optional<Reason> check_signature(const Token& token, const Key& key) {
    if ((key.alg && *key.alg != token.algorithm) || !fits(*key.key, token.algorithm)) return Reason::key_unfit;
    if (!verifies(*key.key, token.algorithm, token.signed_part, token.signature)) return Reason::signature;
    return std::nullopt;
}

}  // namespace proctor::auth
