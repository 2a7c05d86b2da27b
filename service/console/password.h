// Passwords of the console as scrypt hashes (RFC 7914), on OpenSSL: "scrypt$N$r$p$salt$hash", salt and hash in
// hexadecimal digits. It knows no users and no files.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace proctor::console {

using Salt = std::array<std::uint8_t, 16>;

class Password final {
public:
    // Of a new password. Takes about a tenth of a second and 32 MiB. Error: OpenSSL gives no hash.
    [[nodiscard]] static Result<Password> of(std::string_view password, const Salt& salt);
    // Error: no such text, or weaker or costlier than this service works with.
    [[nodiscard]] static Result<Password> parse(std::string_view text);

    [[nodiscard]] std::string print() const;
    // The same work whatever is given, and no word about how much of it was right.
    [[nodiscard]] bool matches(std::string_view password) const;

private:
    using Hash = std::array<std::uint8_t, 32>;
    struct Cost {
        std::uint64_t n, r, p;
    };
    Password(Cost cost, const Salt& salt, const Hash& hash) : cost_(cost), salt_(salt), hash_(hash) {}
    [[nodiscard]] static bool derive(std::string_view password, const Salt& salt, Cost cost, Hash& into);

    Cost cost_;
    Salt salt_;
    Hash hash_;
};

}  // namespace proctor::console
