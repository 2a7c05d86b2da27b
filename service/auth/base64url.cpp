#include "auth/base64url.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace proctor::auth {
namespace {

// By character; -1 where it is none of the alphabet (RFC 4648, section 5). A table: branches on a token's characters
// cannot be foreseen, and take the processor four times as long.
constexpr std::array<std::int16_t, 256> k_values = [] {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::array<std::int16_t, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int16_t>(i);
    return values;
}();

}  // namespace

std::string encode_base64url(std::string_view plain) {
    std::string text((plain.size() + 2) / 3 * 4 + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
    text.resize(static_cast<std::size_t>(size));
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    std::erase(text, '=');
    return text;
}

std::optional<std::string> decode_base64url(std::string_view text) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    unsigned left = 0;  // the bits that do not fill a byte yet
    unsigned count = 0;
    for (const char c : text) {
        const int value = k_values[static_cast<unsigned char>(c)];
        if (value < 0) return std::nullopt;
        left = (left << 6U) | static_cast<unsigned>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(left >> count);
        left &= (1U << count) - 1U;
    }
    if (left != 0) return std::nullopt;
    return bytes;
}

}  // namespace proctor::auth
