// Signs a token as a CDS client does (CDS Hooks 3.0, Trusting CDS Clients). Only the integrator's command `fire` uses
// it: the service itself never signs and holds no private key. It knows no file, no network, no clock and no source of
// randomness.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "auth/token.h"
#include "base/result.h"

namespace proctor::auth {

// What stays the same from token to token.
struct SignerSetup {
    Algorithm algorithm = Algorithm::es384;
    std::string kid;
    std::string jku;  // empty: the header has none
};

struct Claims {
    std::string iss, aud, jti;
    std::string tenant;    // empty: none
    std::int64_t iat = 0;  // seconds since 1970; exp is five minutes later
};

// Immutable; copies share the key.
class Signer final {
public:
    // `pem`: one private key without a password, as PKCS#8, SEC 1 or PKCS#1 has it. Errors, which hold nothing of the
    // key: no such key, one that does not fit the algorithm, an RSA key below limits::k_rsa_bits_least, an algorithm
    // other than ES384, RS384, ES256 and RS256.
    [[nodiscard]] static Result<Signer> make(std::string_view pem, SignerSetup setup);

    // "header.payload.signature".
    [[nodiscard]] Result<std::string> sign(const Claims& claims) const;

    // The JWK Set with the public key, for the service that is called (RFC 7517).
    [[nodiscard]] Result<std::string> public_keys() const;

private:
    using Key = std::shared_ptr<const struct PrivateKey>;
    Signer(Key key, SignerSetup setup) : key_(std::move(key)), setup_(std::move(setup)) {}

    Key key_;
    SignerSetup setup_;
};

}  // namespace proctor::auth
