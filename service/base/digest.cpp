#include "base/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <new>
#include <optional>

#include "base/hex.h"

namespace proctor {
namespace {

constexpr std::size_t k_uuid_bytes = 16;
constexpr std::size_t k_uuid_characters = 36;

bool is_hyphen_place(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

struct Digest {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
};

// What EVP_sha1() and EVP_sha256() stand for is looked up in every call; this is found once.
const EVP_MD* found_once(const char* name, const EVP_MD* otherwise) {
    const EVP_MD* found = EVP_MD_fetch(nullptr, name, nullptr);
    return found == nullptr ? otherwise : found;
}

const EVP_MD* sha1() {
    static const EVP_MD* const method = found_once("SHA1", EVP_sha1());
    return method;
}

const EVP_MD* sha256() {
    static const EVP_MD* const method = found_once("SHA256", EVP_sha256());
    return method;
}

Digest digest(std::string_view text, const EVP_MD* method) {
    Digest result;
    if (EVP_Digest(text.data(), text.size(), result.bytes.data(), &result.size, method, nullptr) != 1)
        throw std::bad_alloc();
    return result;
}

std::string hex_of(const Digest& sum) { return write_hex({sum.bytes.data(), sum.size}); }

// RFC 9562, section 4: the first 16 bytes with version and variant set.
std::string print_uuid(const unsigned char* bytes, unsigned version) {
    std::array<std::uint8_t, k_uuid_bytes> set{};
    std::copy_n(bytes, k_uuid_bytes, set.begin());
    set[6] = static_cast<std::uint8_t>((set[6] & 0x0FU) | (version << 4U));
    set[8] = static_cast<std::uint8_t>((set[8] & 0x3FU) | 0x80U);
    const std::span<const std::uint8_t> all(set);
    std::string uuid;
    uuid.reserve(k_uuid_characters);
    append_hex(uuid, all.first(4));
    for (const std::size_t at : {4U, 6U, 8U}) append_hex(uuid.append(1, '-'), all.subspan(at, 2));
    append_hex(uuid.append(1, '-'), all.last(6));
    return uuid;
}

void append_uuid_bytes(std::string& bytes, std::string_view uuid) {
    for (std::size_t i = 0; i < uuid.size(); i += 2) {
        if (uuid[i] == '-') ++i;
        bytes += static_cast<char>(hex_value(uuid[i]) * 16 + hex_value(uuid[i + 1]));
    }
}

}  // namespace

std::string framed(const std::vector<std::string_view>& parts) {
    constexpr std::size_t k_frame = 4;
    std::size_t size = 0;
    for (const auto part : parts) size += part.size() + k_frame;
    std::string text;
    text.reserve(size);
    for (const auto part : parts) text.append(std::to_string(part.size())).append(":").append(part);
    return text;
}

std::string sha256_hex(std::string_view bytes) { return hex_of(digest(bytes, sha256())); }

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    if (!state_->context || EVP_DigestInit_ex(state_->context, sha256(), nullptr) != 1) throw std::bad_alloc();
}

Sha256::~Sha256() { EVP_MD_CTX_free(state_->context); }

void Sha256::add(std::string_view bytes) {
    if (EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) != 1) throw std::bad_alloc();
}

std::string Sha256::hex() {
    Digest sum;
    if (EVP_DigestFinal_ex(state_->context, sum.bytes.data(), &sum.size) != 1) throw std::bad_alloc();
    return hex_of(sum);
}

// RFC 9562, section 5.5: SHA-1 over namespace and name.
std::string uuid5(std::string_view namespace_uuid, std::string_view name) {
    assert(is_uuid(namespace_uuid));
    std::string bytes;
    bytes.reserve(k_uuid_bytes + name.size());
    append_uuid_bytes(bytes, namespace_uuid);
    return print_uuid(digest(bytes.append(name), sha1()).bytes.data(), 5);
}

std::string uuid4(const std::array<std::uint8_t, 16>& random) { return print_uuid(random.data(), 4); }

bool is_uuid(std::string_view text) {
    if (text.size() != k_uuid_characters) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_hyphen_place(i) ? text[i] != '-' : hex_value(text[i]) < 0) return false;
    }
    return true;
}

}  // namespace proctor
