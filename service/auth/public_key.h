// A public key and the signatures that it verifies. Alone in this room it knows OpenSSL; it knows no JSON and no token.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "auth/token.h"

namespace proctor::auth {

struct PublicKey;  // immutable, used by all threads at once
using PublicKeyPtr = std::shared_ptr<const PublicKey>;

enum class Curve : std::uint8_t { p256, p384, p521 };

// From the bytes of a JWK's members (RFC 7518 section 6, RFC 8037), in RFC 7518's form: numbers big-endian without a
// leading zero, coordinates as long as the curve's. nullptr: another form, a size outside limits::k_rsa_bits, an even
// or tiny exponent, a modulus known to be factored (ROCA), or a point that is not on the curve.
// bad_alloc: memory was short.
[[nodiscard]] PublicKeyPtr make_rsa_key(std::string_view n, std::string_view e);
[[nodiscard]] PublicKeyPtr make_ec_key(Curve curve, std::string_view x, std::string_view y);
[[nodiscard]] PublicKeyPtr make_ed25519_key(std::string_view x);

// The key has the type, and the curve, that the algorithm is for.
[[nodiscard]] bool fits(const PublicKey& key, Algorithm algorithm);

// `signature`: as JOSE has it, r and s side by side for ECDSA. The key fits the algorithm. bad_alloc: memory was short,
// and nothing is known of the signature.
[[nodiscard]] bool verifies(const PublicKey& key, Algorithm algorithm, std::string_view message,
                            std::string_view signature);

}  // namespace proctor::auth
