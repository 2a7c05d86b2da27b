// What is kept about people in another form than it came: patients and users as keyed hashes, comments sealed. Whoever
// has the store and not the keys learns neither. It knows no store; it alone in this room includes OpenSSL.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "store/key_file.h"

namespace proctor::store {

// With the first key of a file. A new first key makes everybody somebody else.
class IdentityKeys final {
public:
    // At least one.
    explicit IdentityKeys(std::vector<SecretKey> keys) : keys_(std::move(keys)) {}

    // "<key id>:<hex HMAC-SHA256>"; empty for an empty id. The same person has another hash at each client and tenant,
    // and as patient another than as user.
    [[nodiscard]] std::string hash_patient(std::string_view client, std::string_view tenant, std::string_view id) const;
    [[nodiscard]] std::string hash_user(std::string_view client, std::string_view tenant, std::string_view id) const;
    // For hooks::History::salt; never stored, and not to be had from what is.
    [[nodiscard]] std::string salt_of(std::string_view client, std::string_view tenant, std::string_view patient) const;

private:
    [[nodiscard]] std::string hash(const std::vector<std::string_view>& purpose_and_person) const;
    std::vector<SecretKey> keys_;
};

// Which row a comment belongs to: sealed for one, it opens in no other.
struct CommentPlace {
    std::string_view client, tenant, card;
    WallTime outcome_at{};
};

enum class Unopened : std::uint8_t {
    unknown_key,  // none of ours sealed it
    damaged,      // or of another row
};

class CommentKeys final {
public:
    // At least one. Refers to the entropy.
    CommentKeys(std::vector<SecretKey> keys, Entropy& entropy) : keys_(std::move(keys)), entropy_(&entropy) {}

    // With the first key: "<key id>:<base64url of nonce, ciphertext and tag>", AES-256-GCM with a random nonce of 96
    // bits, so a key may seal 2^32 comments (NIST SP 800-38D, section 8.3).
    [[nodiscard]] std::string seal(std::string_view comment, const CommentPlace& place) const;
    [[nodiscard]] std::variant<std::string, Unopened> open(std::string_view sealed, const CommentPlace& place) const;

private:
    std::vector<SecretKey> keys_;
    Entropy* entropy_;
};

// What these are made of, for known answers (RFC 2104; NIST SP 800-38D with a tag of 128 bits).
[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view text);
struct GcmInput {
    std::string_view key, nonce, associated;  // 32 bytes, 12 bytes, any
};
// Ciphertext and tag.
[[nodiscard]] std::string encrypt_gcm(const GcmInput& with, std::string_view text);
// Nothing: not made with these.
[[nodiscard]] std::optional<std::string> decrypt_gcm(const GcmInput& with, std::string_view ciphertext_and_tag);

}  // namespace proctor::store
