#include "console/password.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <charconv>
#include <span>
#include <vector>

#include "base/hex.h"

namespace proctor::console {
namespace {

// RFC 7914; OWASP's advice for passwords at the least.
constexpr std::uint64_t k_n = 1U << 15U, k_r = 8, k_p = 1;
// What a line may ask for: more would be a way to stop the service.
constexpr std::uint64_t k_n_most = 1U << 18U, k_r_most = 16, k_p_most = 4;
// scrypt takes 128 * N * r bytes and a little more.
constexpr std::uint64_t k_memory_bytes = 128 * k_n_most * k_r_most + (1U << 20U);

// In either case, as somebody may have written them.
bool read_digits(std::string_view text, std::span<std::uint8_t> into) {
    if (text.size() != into.size() * 2) return false;
    for (std::size_t i = 0; i < into.size(); ++i) {
        const char* digits = text.data() + 2 * i;
        if (std::from_chars(digits, digits + 2, into[i], 16).ptr != digits + 2) return false;
    }
    return true;
}

bool read_number(std::string_view text, std::uint64_t& into) {
    const char* end = text.data() + text.size();
    return !text.empty() && std::from_chars(text.data(), end, into).ptr == end;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t end = 0; end != std::string_view::npos; text = text.substr(end + 1)) {
        end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
    }
    return parts;
}

}  // namespace

Result<Password> Password::of(std::string_view password, const Salt& salt) {
    Hash hash{};
    const Cost cost{k_n, k_r, k_p};
    if (!derive(password, salt, cost, hash)) return Error{"the password cannot be hashed", ""};
    return Password(cost, salt, hash);
}

Result<Password> Password::parse(std::string_view text) {
    const auto parts = split(text, '$');
    Cost cost{};
    Salt salt{};
    Hash hash{};
    const bool readable = parts.size() == 6 && parts[0] == "scrypt" && read_number(parts[1], cost.n) &&
                          read_number(parts[2], cost.r) && read_number(parts[3], cost.p) &&
                          read_digits(parts[4], salt) && read_digits(parts[5], hash);
    if (!readable) return Error{"must be scrypt$N$r$p$salt$hash, as `proctor console-user` writes it", ""};
    const bool power = (cost.n & (cost.n - 1)) == 0;
    if (!power || cost.n < k_n || cost.r < k_r || cost.p < k_p)
        return Error{"is weaker than this service works with; make a new one with `proctor console-user`", ""};
    if (cost.n > k_n_most || cost.r > k_r_most || cost.p > k_p_most)
        return Error{"takes longer than this service works with; make a new one with `proctor console-user`", ""};
    return Password(cost, salt, hash);
}

std::string Password::print() const {
    return "scrypt$" + std::to_string(cost_.n) + '$' + std::to_string(cost_.r) + '$' + std::to_string(cost_.p) + '$' +
           write_hex(salt_) + '$' + write_hex(hash_);
}

bool Password::matches(std::string_view password) const {
    Hash hash{};
    const bool derived = derive(password, salt_, cost_, hash);
    return derived && CRYPTO_memcmp(hash.data(), hash_.data(), hash.size()) == 0;
}

bool Password::derive(std::string_view password, const Salt& salt, Cost cost, Hash& into) {
    return EVP_PBE_scrypt(password.data(), password.size(), salt.data(), salt.size(), cost.n, cost.r, cost.p,
                          k_memory_bytes, into.data(), into.size()) == 1;
}

}  // namespace proctor::console
