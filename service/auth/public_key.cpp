#include "auth/public_key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <new>
#include <string>

#include "auth/owned.h"
#include "base/limits.h"
#include "base/memory.h"

namespace proctor::auth {
namespace {

using Pkey = Owned<EVP_PKEY, EVP_PKEY_free>;
using PkeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Number = Owned<BIGNUM, BN_free>;
using ParamBuild = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;

enum class KeyType : std::uint8_t { rsa, p256, p384, p521, ed25519 };

constexpr std::size_t k_ed25519_bytes = 32;
constexpr std::size_t k_exponent_bytes = 8;  // OpenSSL's own limit for large moduli, too

// What fails here is an answer, and leaves nothing in the thread's queue of errors.
class QuietErrors {
public:
    QuietErrors() { ERR_set_mark(); }
    ~QuietErrors() { ERR_pop_to_mark(); }
    QuietErrors(const QuietErrors&) = delete;
    QuietErrors& operator=(const QuietErrors&) = delete;
};

// A failure that may be one of memory is none of the key or the signature.
template <typename Call>
auto answer_of(Call call) {
    const QuietErrors quiet;
    const auto before = crypto_shortages();
    auto answer = call();
    if (!answer && crypto_shortages() != before) throw std::bad_alloc();
    return answer;
}

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Number number(std::string_view text) { return Number(BN_bin2bn(bytes(text), static_cast<int>(text.size()), nullptr)); }

bool is_odd(std::string_view big_endian) { return (static_cast<unsigned char>(big_endian.back()) & 1U) != 0; }

bool is_minimal(std::string_view big_endian) { return !big_endian.empty() && big_endian.front() != '\0'; }

Pkey build_key(const char* type, OSSL_PARAM_BLD* build) {
    const Owned<OSSL_PARAM, OSSL_PARAM_free> params(OSSL_PARAM_BLD_to_param(build));
    const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
    if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) return nullptr;
    return Pkey(key);
}

// ROCA (CVE-2017-15361): smart cards made primes that are powers of 65537 modulo every small prime. So are their
// moduli, which can be factored. These are the primes for which few numbers are such powers.
bool can_be_factored(const BIGNUM* modulus) {
    static constexpr BN_ULONG k_primes[] = {11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157};
    return std::all_of(std::begin(k_primes), std::end(k_primes), [&](BN_ULONG prime) {
        const BN_ULONG rest = BN_mod_word(modulus, prime);
        BN_ULONG power = 1;
        do power = power * 65537 % prime;
        while (power != rest && power != 1);
        return power == rest;
    });
}

struct CurveFacts {
    KeyType type;
    const char* group;
    std::size_t coordinate_bytes;
};

CurveFacts facts_of(Curve curve) {
    switch (curve) {
        case Curve::p256: return {KeyType::p256, "P-256", 32};
        case Curve::p384: return {KeyType::p384, "P-384", 48};
        case Curve::p521: return {KeyType::p521, "P-521", 66};
    }
    return {};
}

// The order of the curve's group, as long as a coordinate; empty when it cannot be had.
std::string order_of(const EVP_PKEY* key, std::size_t size) {
    BIGNUM* order = nullptr;
    if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_ORDER, &order) != 1) return {};
    const Number owned(order);
    std::string text(size, '\0');
    const int written = BN_bn2binpad(order, reinterpret_cast<unsigned char*>(text.data()), static_cast<int>(size));
    return written == static_cast<int>(size) ? text : std::string();
}

struct Scheme {
    KeyType type;
    const char* digest;  // nullptr: the algorithm's own
    bool pss = false;
};

Scheme scheme_of(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::rs256: return {KeyType::rsa, "SHA256"};
        case Algorithm::rs384: return {KeyType::rsa, "SHA384"};
        case Algorithm::rs512: return {KeyType::rsa, "SHA512"};
        case Algorithm::ps256: return {KeyType::rsa, "SHA256", true};
        case Algorithm::ps384: return {KeyType::rsa, "SHA384", true};
        case Algorithm::ps512: return {KeyType::rsa, "SHA512", true};
        case Algorithm::es256: return {KeyType::p256, "SHA256"};
        case Algorithm::es384: return {KeyType::p384, "SHA384"};
        case Algorithm::es512: return {KeyType::p521, "SHA512"};
        case Algorithm::eddsa: return {KeyType::ed25519, nullptr};
    }
    return {};
}

// RFC 7518 section 3.5: the salt is as long as the digest, and the mask is made with the same digest (the default).
bool set_padding(EVP_PKEY_CTX* context, bool pss) {
    if (!pss) return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

bool digest_verifies(EVP_PKEY* key, const Scheme& scheme, std::string_view message, std::string_view signature) {
    const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
    if (!context) return false;
    EVP_PKEY_CTX* inner = nullptr;  // the context's own
    if (EVP_DigestVerifyInit_ex(context.get(), &inner, scheme.digest, nullptr, nullptr, key, nullptr) != 1) {
        return false;
    }
    if (scheme.type == KeyType::rsa && !set_padding(inner, scheme.pss)) return false;
    return EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(message), message.size()) == 1;
}

// RFC 7518 section 3.4: r and s in the curve's length, each from 1 to the order less one. Empty when they are not.
std::string der_of(std::string_view signature, std::string_view order) {
    if (order.empty() || signature.size() != 2 * order.size()) return {};
    const std::string_view r = signature.substr(0, order.size()), s = signature.substr(order.size());
    const std::string zero(order.size(), '\0');
    if (r == zero || s == zero || r >= order || s >= order) return {};
    const Owned<ECDSA_SIG, ECDSA_SIG_free> pair(ECDSA_SIG_new());
    Number first = number(r), second = number(s);
    if (!pair || !first || !second) return {};
    ECDSA_SIG_set0(pair.get(), first.release(), second.release());
    const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
    if (size <= 0) return {};
    std::string der(static_cast<std::size_t>(size), '\0');
    auto* out = reinterpret_cast<unsigned char*>(der.data());
    i2d_ECDSA_SIG(pair.get(), &out);
    return der;
}

}  // namespace

struct PublicKey {
    KeyType type;
    Pkey key;
    std::string order;  // of an elliptic curve: r and s are below it
};

namespace {

PublicKeyPtr build_rsa_key(std::string_view n, std::string_view e) {
    if (!is_minimal(n) || !is_minimal(e) || n.size() * 8 > limits::k_rsa_bits_most) return nullptr;
    if (!is_odd(n) || !is_odd(e) || e == "\x01" || e.size() > k_exponent_bytes) return nullptr;
    const Number modulus = number(n), exponent = number(e);
    if (!modulus || !exponent || can_be_factored(modulus.get())) return nullptr;
    const ParamBuild build(OSSL_PARAM_BLD_new());
    if (!build) return nullptr;
    OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
    OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
    Pkey key = build_key("RSA", build.get());
    if (!key || EVP_PKEY_get_bits(key.get()) < limits::k_rsa_bits_least) return nullptr;
    return std::make_shared<PublicKey>(PublicKey{KeyType::rsa, std::move(key), {}});
}

PublicKeyPtr build_ec_key(Curve curve, std::string_view x, std::string_view y) {
    const CurveFacts facts = facts_of(curve);
    if (x.size() != facts.coordinate_bytes || y.size() != facts.coordinate_bytes) return nullptr;
    const std::string point = std::string("\x04").append(x).append(y);  // SEC 1 section 2.3.3, uncompressed
    const ParamBuild build(OSSL_PARAM_BLD_new());
    if (!build) return nullptr;
    OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, facts.group, 0);
    OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    Pkey key = build_key("EC", build.get());
    if (!key) return nullptr;
    const PkeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    if (!check || EVP_PKEY_public_check(check.get()) != 1) return nullptr;
    std::string order = order_of(key.get(), facts.coordinate_bytes);
    if (order.empty()) return nullptr;
    return std::make_shared<PublicKey>(PublicKey{facts.type, std::move(key), std::move(order)});
}

PublicKeyPtr build_ed25519_key(std::string_view x) {
    if (x.size() != k_ed25519_bytes) return nullptr;
    Pkey key(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, bytes(x), x.size()));
    if (!key) return nullptr;
    return std::make_shared<PublicKey>(PublicKey{KeyType::ed25519, std::move(key), {}});
}

bool check(const PublicKey& key, Algorithm algorithm, std::string_view message, std::string_view signature) {
    const Scheme scheme = scheme_of(algorithm);
    switch (key.type) {
        case KeyType::p256:
        case KeyType::p384:
        case KeyType::p521: {
            const std::string der = der_of(signature, key.order);
            return !der.empty() && digest_verifies(key.key.get(), scheme, message, der);
        }
        case KeyType::rsa:
        case KeyType::ed25519:
            return signature.size() == static_cast<std::size_t>(EVP_PKEY_get_size(key.key.get())) &&
                   digest_verifies(key.key.get(), scheme, message, signature);
    }
    return false;
}

}  // namespace

PublicKeyPtr make_rsa_key(std::string_view n, std::string_view e) {
    return answer_of([&] { return build_rsa_key(n, e); });
}

PublicKeyPtr make_ec_key(Curve curve, std::string_view x, std::string_view y) {
    return answer_of([&] { return build_ec_key(curve, x, y); });
}

PublicKeyPtr make_ed25519_key(std::string_view x) {
    return answer_of([&] { return build_ed25519_key(x); });
}

bool fits(const PublicKey& key, Algorithm algorithm) { return key.type == scheme_of(algorithm).type; }

bool verifies(const PublicKey& key, Algorithm algorithm, std::string_view message, std::string_view signature) {
    return answer_of([&] { return check(key, algorithm, message, signature); });
}

}  // namespace proctor::auth
