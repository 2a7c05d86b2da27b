// Keys and signatures for the tests: what a client has and the service does not. Keys are made once a process.
#pragma once

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>
#include <string_view>

#include "auth/token.h"

namespace proctor::auth::signing {

inline std::string encode_base64url(std::string_view bytes) {
    static constexpr std::string_view k_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    unsigned left = 0, count = 0;
    for (const char c : bytes) {
        left = (left << 8U) | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; left &= (1U << count) - 1U) text += k_alphabet[left >> (count -= 6)];
    }
    if (count != 0) text += k_alphabet[left << (6 - count)];
    return text;
}

inline unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
inline const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// Big-endian, as long as `size`, or as short as it can be.
inline std::string number_bytes(const BIGNUM* number, int size = 0) {
    std::string text(static_cast<std::size_t>(size == 0 ? BN_num_bytes(number) : size), '\0');
    BN_bn2binpad(number, bytes(text), static_cast<int>(text.size()));
    return text;
}

// r and s side by side, from DER; empty when it is not the one DER of the two, or a number does not fit.
inline std::string raw_of(std::string_view der, int size) {
    const unsigned char* in = bytes(der);
    const std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> pair(
        d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())), ECDSA_SIG_free);
    if (!pair || in != bytes(der) + der.size()) return {};
    std::string again(static_cast<std::size_t>(i2d_ECDSA_SIG(pair.get(), nullptr)), '\0');
    unsigned char* out = bytes(again);
    i2d_ECDSA_SIG(pair.get(), &out);
    if (again != der) return {};
    const BIGNUM* r = ECDSA_SIG_get0_r(pair.get());
    const BIGNUM* s = ECDSA_SIG_get0_s(pair.get());
    if (BN_is_negative(r) || BN_is_negative(s) || BN_num_bytes(r) > size || BN_num_bytes(s) > size) return {};
    return number_bytes(r, size) + number_bytes(s, size);
}

inline std::string hmac(const char* digest, std::string_view secret, std::string_view message) {
    std::string sum(EVP_MAX_MD_SIZE, '\0');
    std::size_t size = 0;
    EVP_Q_mac(nullptr, "HMAC", nullptr, digest, nullptr, secret.data(), secret.size(), bytes(message), message.size(),
              bytes(sum), sum.size(), &size);
    return sum.substr(0, size);
}

class SigningKey {
public:
    static SigningKey rsa(std::size_t bits) { return SigningKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits)); }
    static SigningKey ec(const char* curve) { return SigningKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve)); }
    static SigningKey ed25519() { return SigningKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }

    // The members of its JWK but kid and what else is to be said: `"kty":"EC","crv":"P-256",...`.
    [[nodiscard]] std::string jwk_members() const {
        if (is("RSA"))
            return R"("kty":"RSA","n":")" + param(OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" + param(OSSL_PKEY_PARAM_RSA_E) +
                   '"';
        if (is("EC"))
            return R"("kty":"EC","crv":"P-)" + std::to_string(EVP_PKEY_get_bits(key_.get())) + R"(","x":")" +
                   param(OSSL_PKEY_PARAM_EC_PUB_X, size()) + R"(","y":")" + param(OSSL_PKEY_PARAM_EC_PUB_Y, size()) +
                   '"';
        std::string x(32, '\0');
        std::size_t length = x.size();
        EVP_PKEY_get_raw_public_key(key_.get(), bytes(x), &length);
        return R"("kty":"OKP","crv":"Ed25519","x":")" + encode_base64url(x) + '"';
    }

    [[nodiscard]] std::string jwk(const std::string& kid, const std::string& more = "") const {
        return R"({"kid":")" + kid + R"(",)" + jwk_members() + more + '}';
    }

    // JOSE's signature; with the algorithm's digest and padding, whatever key this is.
    [[nodiscard]] std::string sign(Algorithm algorithm, std::string_view message) const {
        const std::string signature = sign_der(algorithm, message);
        return is("EC") ? raw_of(signature, size()) : signature;
    }

    // As OpenSSL has it: DER for ECDSA.
    [[nodiscard]] std::string sign_der(Algorithm algorithm, std::string_view message) const {
        const std::string digest = "SHA" + std::string(print(algorithm).substr(2));
        const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
        EVP_PKEY_CTX* inner = nullptr;
        EVP_DigestSignInit_ex(context.get(), &inner, is("ED25519") ? nullptr : digest.c_str(), nullptr, nullptr,
                              key_.get(), nullptr);
        if (print(algorithm).starts_with("PS")) {
            EVP_PKEY_CTX_set_rsa_padding(inner, RSA_PKCS1_PSS_PADDING);
            EVP_PKEY_CTX_set_rsa_pss_saltlen(inner, RSA_PSS_SALTLEN_DIGEST);
        }
        std::size_t length = 0;
        EVP_DigestSign(context.get(), nullptr, &length, bytes(message), message.size());
        std::string signature(length, '\0');
        EVP_DigestSign(context.get(), bytes(signature), &length, bytes(message), message.size());
        return signature.substr(0, length);
    }

    [[nodiscard]] std::string public_pem() const {
        return written([&](BIO* out) { PEM_write_bio_PUBKEY(out, key_.get()); });
    }

    // PKCS#8, with a password when one is given.
    [[nodiscard]] std::string private_pem(const char* password = nullptr) const {
        return written([&](BIO* out) {
            PEM_write_bio_PKCS8PrivateKey(out, key_.get(), password == nullptr ? nullptr : EVP_aes_256_cbc(), nullptr,
                                          0, nullptr, const_cast<char*>(password));
        });
    }
    // SEC 1 or PKCS#1.
    [[nodiscard]] std::string traditional_pem() const {
        return written([&](BIO* out) {
            PEM_write_bio_PrivateKey_traditional(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
    }

    // A number of the key, in base64url.
    [[nodiscard]] std::string param(const char* name, int length = 0) const {
        return encode_base64url(number_param(name, length));
    }
    [[nodiscard]] std::string number_param(const char* name, int length = 0) const {
        BIGNUM* number = nullptr;
        EVP_PKEY_get_bn_param(key_.get(), name, &number);
        const std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> owned(number, BN_free);
        return number_bytes(number, length);
    }

private:
    explicit SigningKey(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}
    template <typename Write>
    static std::string written(Write write) {
        const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), BIO_free);
        write(out.get());
        char* text = nullptr;
        const auto length = BIO_get_mem_data(out.get(), &text);
        return {text, static_cast<std::size_t>(length)};
    }
    [[nodiscard]] bool is(const char* type) const { return EVP_PKEY_is_a(key_.get(), type) == 1; }
    [[nodiscard]] int size() const { return (EVP_PKEY_get_bits(key_.get()) + 7) / 8; }

    std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
};

struct Keys {
    SigningKey rsa = SigningKey::rsa(2048);
    SigningKey p256 = SigningKey::ec("P-256"), p384 = SigningKey::ec("P-384"), p521 = SigningKey::ec("P-521");
    SigningKey ed25519 = SigningKey::ed25519();
};
inline const Keys& keys() {
    static const Keys made;
    return made;
}

// "header.payload.signature" of texts.
inline std::string sign_token(const SigningKey& key, Algorithm algorithm, std::string_view header,
                              std::string_view payload) {
    const std::string signed_part = encode_base64url(header) + '.' + encode_base64url(payload);
    return signed_part + '.' + encode_base64url(key.sign(algorithm, signed_part));
}

}  // namespace proctor::auth::signing
