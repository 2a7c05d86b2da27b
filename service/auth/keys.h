// A client's public keys (RFC 7517 JWK Set) and the check of a signature with one of them. Verification only: no
// signing, no private key, no symmetric key. It knows no network.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/token.h"
#include "base/result.h"

namespace proctor::auth {

struct Key {
    std::string kid;
    std::optional<Algorithm> alg;                 // the JWK's own, when it states one
    std::shared_ptr<const struct PublicKey> key;  // an OpenSSL key; immutable, shared by all threads
};

struct KeySet {
    std::vector<Key> keys;
    [[nodiscard]] const Key* find(std::string_view kid) const;
};

// At most limits::k_jwks_bytes and limits::k_jwks_keys. Keys of unknown kty, crv or of use "enc" are ignored; an RSA
// key under 2048 bits or a point off its curve is ignored too. Errors (the whole set is refused): no JWK Set, a
// duplicate member or kid, a key with private or symmetric members.
[[nodiscard]] Result<KeySet> parse_jwks(std::string_view json);

// The key's type, curve and alg fit the token's alg (key_unfit), and the signature is of this key, in JOSE's form
// (signature). Nothing: it is.
[[nodiscard]] std::optional<Reason> check_signature(const Token& token, const Key& key);

}  // namespace proctor::auth
