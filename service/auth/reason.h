// Why a caller is refused: a fixed word for the log. The caller never hears it (SECURITY.md, Callers: an answer that
// tells an attacker nothing).
#pragma once

#include <cstdint>
#include <string_view>

namespace proctor::auth {

enum class Reason : std::uint8_t {
    no_token,            // no Authorization header, or not Bearer
    malformed_token,     // not three strict base64url parts, too long, header or payload no JSON object of ours
    algorithm,           // none, HMAC, or not on the client's list
    unknown_issuer,      // no client with this iss
    audience,            // not the address that was called
    expired,             // exp, iat, nbf or the lifetime outside what is allowed
    jti,                 // missing, or no text of 1 to 256 characters
    tenant,              // not one of the client's
    jku,                 // not one of the client's registered addresses
    unknown_key,         // no key with this kid in the client's key set
    key_unfit,           // the key's type, curve, size or alg does not fit the token's alg
    signature,           // does not verify
    replayed,            // this jti was used before
    before_restart,      // issued before an unclean stop, when jtis could have been lost
    keys_unavailable,    // the client's key set could not be had, and no copy is recent enough
    replay_unavailable,  // the replay store is away and replay.strict is set
    certificate,         // mutual TLS: not the client's certificate
    too_many_failures,   // this source failed too often; 429
};
[[nodiscard]] std::string_view print(Reason reason);  // "unknownIssuer"

// 401, but 429 for too_many_failures and 503 for replay_unavailable.
[[nodiscard]] int status_of(Reason reason);

}  // namespace proctor::auth
