// A JWT (RFC 7519, RFC 7515 compact serialisation) as CDS Hooks clients send it, read strictly, and the cheap checks
// that need no key. Nothing in a Token is trusted until check_signature() (keys.h) has passed. It knows no HTTP, no
// network, no clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "auth/reason.h"
#include "base/clock.h"

namespace proctor::auth {

// RFC 7518 section 3.1, RFC 8037. There is no none and no HMAC: they cannot be expressed.
enum class Algorithm : std::uint8_t { rs256, rs384, rs512, ps256, ps384, ps512, es256, es384, es512, eddsa };
[[nodiscard]] std::string_view print(Algorithm algorithm);  // "RS384"
[[nodiscard]] std::optional<Algorithm> algorithm_named(std::string_view name);

struct Token {
    Algorithm algorithm{};
    std::string kid, jku;           // jku: empty when absent
    std::string iss, jti, tenant;   // tenant: empty when absent
    std::vector<std::string> aud;   // one, or an array's
    std::int64_t exp = 0, iat = 0;  // seconds since 1970
    std::optional<std::int64_t> nbf;
    std::string signed_part;  // header.payload as sent
    std::string signature;    // decoded bytes, at least one
};

// What one client's tokens have to satisfy. From the configuration.
struct TokenPolicy {
    std::vector<Algorithm> algorithms = {Algorithm::es384, Algorithm::rs384, Algorithm::es256, Algorithm::rs256};
    std::vector<std::string> jkus;       // registered addresses, compared byte for byte; a token without jku is fine
    std::vector<std::string> tenants;    // empty: tenant is not looked at
    std::chrono::seconds lifetime{300};  // exp at most now + lifetime + 60 s; at most 3600
    bool several_audiences = false;      // an aud array may hold others beside ours
};

// `authorization`: the one Authorization header's value, at most limits::k_authorization_bytes. The header has alg,
// kid, typ "JWT" and perhaps jku, and nothing else; the payload has iss, aud, exp, iat, jti, perhaps nbf and tenant,
// and what else it likes. Reasons: no_token; algorithm for a name that Algorithm has not; jti for one that is missing
// or has not 1 to limits::k_token_id_characters; malformed_token for everything else.
[[nodiscard]] std::variant<Token, Reason> parse_token(std::string_view authorization);

// What needs no key, in this order: algorithm, jku, aud, then exp, iat and nbf, tenant. The caller has found the
// client, and so the policy, by iss. `audiences`: the addresses that the caller may have meant; for most calls exactly
// one. Nothing: fine so far.
[[nodiscard]] std::optional<Reason> check_claims(const Token& token, const TokenPolicy& policy,
                                                 const std::vector<std::string>& audiences, WallTime now);

}  // namespace proctor::auth
