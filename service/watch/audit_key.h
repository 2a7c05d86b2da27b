// The key that signs the audit trail: Ed25519, so that whoever checks it with the public half cannot write one. It
// knows no files.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace proctor::watch {

// Immutable; copies share the key. Safe to use from every thread.
class AuditKey final {
public:
    // PEM without a password, as of `openssl genpkey -algorithm ed25519`; or its public half, which cannot sign.
    [[nodiscard]] static Result<AuditKey> read(std::string_view pem);

    // The first 16 hex digits of SHA-256 of the public key.
    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] bool can_sign() const { return can_sign_; }
    // 128 hex digits; empty when OpenSSL fails.
    [[nodiscard]] std::string sign(std::string_view message) const;
    [[nodiscard]] bool verify(std::string_view message, std::string_view hex) const;

private:
    struct Held;
    explicit AuditKey(std::shared_ptr<const Held> held) : held_(std::move(held)) {}
    std::shared_ptr<const Held> held_;
    std::string id_;
    bool can_sign_ = false;
};

}  // namespace proctor::watch
