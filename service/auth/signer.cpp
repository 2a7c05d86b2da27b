#include "auth/signer.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "auth/base64url.h"
#include "auth/owned.h"
#include "base/json.h"
#include "base/limits.h"

namespace proctor::auth {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t k_lifetime_seconds = 300;

// What the algorithm signs with (RFC 7518 section 3.1).
struct Scheme {
    const char* digest;
    const char* group;  // OpenSSL's name of the curve; nullptr: RSA
    int number_bytes;   // of r and of s
};

std::optional<Scheme> scheme_of(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::es256: return Scheme{"SHA256", "prime256v1", 32};
        case Algorithm::es384: return Scheme{"SHA384", "secp384r1", 48};
        case Algorithm::rs256: return Scheme{"SHA256", nullptr, 0};
        case Algorithm::rs384: return Scheme{"SHA384", nullptr, 0};
        case Algorithm::rs512:
        case Algorithm::ps256:
        case Algorithm::ps384:
        case Algorithm::ps512:
        case Algorithm::es512:
        case Algorithm::eddsa: return std::nullopt;
    }
    return std::nullopt;
}

using Pkey = Owned<EVP_PKEY, EVP_PKEY_free>;

// OpenSSL would ask for the password on the terminal.
int no_password(char*, int, int, void*) { return -1; }

Pkey read_key(std::string_view pem) {
    const Owned<BIO, BIO_free> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    ERR_set_mark();
    Pkey key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr));
    ERR_pop_to_mark();
    return key;
}

bool is_on(const EVP_PKEY* key, std::string_view group) {
    char name[64];
    std::size_t size = 0;
    return EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, name, sizeof name, &size) == 1 &&
           std::string_view(name, size) == group;
}

bool fits(const EVP_PKEY* key, const Scheme& scheme) {
    if (scheme.group != nullptr) return is_on(key, scheme.group);
    return EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) >= limits::k_rsa_bits_least;
}

unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// RFC 7518 section 3.4: r and s side by side, each as long as the curve's. Empty when it is no DER signature.
std::string raw_of(const std::string& der, int number_bytes) {
    const unsigned char* in = bytes(std::string_view(der));
    const Owned<ECDSA_SIG, ECDSA_SIG_free> pair(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
    if (!pair) return {};
    std::string raw(static_cast<std::size_t>(2 * number_bytes), '\0');
    const bool fitting =
        BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), bytes(raw), number_bytes) == number_bytes &&
        BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), bytes(raw) + number_bytes, number_bytes) == number_bytes;
    return fitting ? raw : std::string();
}

// JOSE's form; empty when OpenSSL fails. RSA's padding is OpenSSL's usual one, PKCS #1 v1.5.
std::string sign_bytes(EVP_PKEY* key, const Scheme& scheme, const std::string& message) {
    const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
    const auto* in = bytes(std::string_view(message));
    std::size_t size = 0;
    if (EVP_DigestSignInit_ex(context.get(), nullptr, scheme.digest, nullptr, nullptr, key, nullptr) != 1) return {};
    if (EVP_DigestSign(context.get(), nullptr, &size, in, message.size()) != 1) return {};
    std::string signature(size, '\0');
    if (EVP_DigestSign(context.get(), bytes(signature), &size, in, message.size()) != 1) return {};
    signature.resize(size);
    return scheme.group == nullptr ? signature : raw_of(signature, scheme.number_bytes);
}

std::string encode(const Json& object) {
    return encode_base64url(object.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string write_header(const SignerSetup& setup) {
    Json header = {{"alg", print(setup.algorithm)}, {"kid", setup.kid}, {"typ", "JWT"}};
    if (!setup.jku.empty()) header["jku"] = setup.jku;
    return encode(header);
}

std::string write_payload(const Claims& claims) {
    Json payload = {{"iss", claims.iss},
                    {"aud", claims.aud},
                    {"exp", claims.iat + k_lifetime_seconds},
                    {"iat", claims.iat},
                    {"jti", claims.jti}};
    if (!claims.tenant.empty()) payload["tenant"] = claims.tenant;
    return encode(payload);
}

// A public number of the key, in at least so many bytes (RFC 7518 section 6); empty when OpenSSL fails.
std::string number_of(const EVP_PKEY* key, const char* parameter, int least_bytes) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key, parameter, &number) != 1) return {};
    const Owned<BIGNUM, BN_free> owned(number);
    const int size = std::max(BN_num_bytes(number), least_bytes);
    std::string text(static_cast<std::size_t>(size), '\0');
    return BN_bn2binpad(number, bytes(text), size) == size ? encode_base64url(text) : std::string();
}

}  // namespace

struct PrivateKey {
    Pkey key;
    Scheme scheme;
};

Result<Signer> Signer::make(std::string_view pem, SignerSetup setup) {
    const auto scheme = scheme_of(setup.algorithm);
    if (!scheme) return Error{"tokens are signed with ES384, RS384, ES256 or RS256", ""};
    Pkey key = read_key(pem);
    if (!key) return Error{"holds no private key in PEM without a password", ""};
    if (!fits(key.get(), *scheme)) return Error{"its key does not fit " + std::string(print(setup.algorithm)), ""};
    return Signer(std::make_shared<PrivateKey>(PrivateKey{std::move(key), *scheme}), std::move(setup));
}

Result<std::string> Signer::public_keys() const {
    const EVP_PKEY* key = key_->key.get();
    const auto& scheme = key_->scheme;
    const bool rsa = scheme.group == nullptr;
    Json jwk = {{"kty", rsa ? "RSA" : "EC"}};
    if (!rsa) jwk["crv"] = setup_.algorithm == Algorithm::es256 ? "P-256" : "P-384";
    jwk[rsa ? "n" : "x"] = number_of(key, rsa ? OSSL_PKEY_PARAM_RSA_N : OSSL_PKEY_PARAM_EC_PUB_X, scheme.number_bytes);
    jwk[rsa ? "e" : "y"] = number_of(key, rsa ? OSSL_PKEY_PARAM_RSA_E : OSSL_PKEY_PARAM_EC_PUB_Y, scheme.number_bytes);
    jwk.update({{"kid", setup_.kid}, {"alg", print(setup_.algorithm)}, {"use", "sig"}});
    for (const Json& member : jwk) {
        if (member.get_ref<const std::string&>().empty()) return Error{"its public key cannot be written", ""};
    }
    return Json{{"keys", Json::array({std::move(jwk)})}}.dump(2, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> Signer::sign(const Claims& claims) const {
    const std::string message = write_header(setup_) + '.' + write_payload(claims);
    const std::string signature = sign_bytes(key_->key.get(), key_->scheme, message);
    if (signature.empty()) return Error{"the token could not be signed", ""};
    return message + '.' + encode_base64url(signature);
}

}  // namespace proctor::auth
