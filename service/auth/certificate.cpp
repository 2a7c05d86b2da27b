#include "auth/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <memory>
#include <optional>

#include "auth/owned.h"
#include "base/digest.h"

namespace proctor::auth {
namespace {

std::optional<unsigned> hex(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    return std::nullopt;
}

std::string unescape(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto high = text[i] == '%' && i + 2 < text.size() ? hex(text[i + 1]) : std::nullopt;
        const auto low = high ? hex(text[i + 2]) : std::nullopt;
        plain.push_back(low ? static_cast<char>(*high << 4U | *low) : text[i]);
        if (low) i += 2;
    }
    return plain;
}

}  // namespace

std::string fingerprint_of(std::string_view escaped_pem) {
    if (escaped_pem.empty()) return {};
    const std::string pem = unescape(escaped_pem);
    const Owned<BIO, BIO_free> bytes(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!bytes) return {};
    const Owned<X509, X509_free> certificate(PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr));
    if (!certificate) return {};
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate.get(), &der);
    if (size <= 0) return {};
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owned(
        der, [](unsigned char* memory) { OPENSSL_free(memory); });
    return sha256_hex({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
}

bool holds_certificates(const std::string& file) {
    const Owned<X509_STORE, X509_STORE_free> authorities(X509_STORE_new());
    const bool read = authorities && X509_STORE_load_file(authorities.get(), file.c_str()) == 1;
    ERR_clear_error();
    return read;
}

}  // namespace proctor::auth
