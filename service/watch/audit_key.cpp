#include "watch/audit_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <optional>
#include <utility>

#include "base/digest.h"
#include "base/hex.h"

namespace proctor::watch {
namespace {

constexpr std::size_t k_key_bytes = 32, k_signature_bytes = 64, k_id_digits = 16;

template <auto Free>
struct Freeing {
    template <typename T>
    void operator()(T* owned) const {
        Free(owned);
    }
};
using Pkey = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Freeing<EVP_MD_CTX_free>>;
using Memory = std::unique_ptr<BIO, Freeing<BIO_free>>;

using Signature = std::array<unsigned char, k_signature_bytes>;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// OpenSSL would ask for the password on the terminal.
int no_password(char*, int, int, void*) { return -1; }

Pkey read_pem(std::string_view pem, bool secret) {
    const Memory in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    ERR_set_mark();
    Pkey key(secret ? PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr)
                    : PEM_read_bio_PUBKEY(in.get(), nullptr, no_password, nullptr));
    ERR_pop_to_mark();
    return key;
}

}  // namespace

struct AuditKey::Held {
    Pkey key;
};

Result<AuditKey> AuditKey::read(std::string_view pem) {
    Pkey key = read_pem(pem, true);
    const bool secret = key != nullptr;
    if (!secret) key = read_pem(pem, false);
    std::string open(k_key_bytes, '\0');
    std::size_t size = open.size();
    const bool fits = key && EVP_PKEY_is_a(key.get(), "ED25519") == 1 &&
                      EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(open.data()), &size) == 1;
    if (!fits) return Error{"holds no Ed25519 key in PEM without a password", ""};
    AuditKey read(std::make_shared<const Held>(Held{std::move(key)}));
    read.id_ = sha256_hex(open).substr(0, k_id_digits);
    read.can_sign_ = secret;
    return read;
}

std::string AuditKey::sign(std::string_view message) const {
    const Context context(EVP_MD_CTX_new());
    Signature signature{};
    std::size_t size = signature.size();
    auto* key = held_->key.get();
    const bool made = context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
                      EVP_DigestSign(context.get(), signature.data(), &size, bytes(message), message.size()) == 1;
    return made ? write_hex(signature) : std::string();
}

bool AuditKey::verify(std::string_view message, std::string_view hex) const {
    Signature signature{};
    if (!read_hex(hex, signature)) return false;
    const Context context(EVP_MD_CTX_new());
    ERR_set_mark();
    const bool right =
        context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, held_->key.get()) == 1 &&
        EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes(message), message.size()) == 1;
    ERR_pop_to_mark();
    return right;
}

}  // namespace proctor::watch
