#include "base/hex.h"

namespace proctor {

void append_hex(std::string& out, std::span<const std::uint8_t> bytes) {
    for (const unsigned byte : bytes) out.append({k_hex_digits[byte >> 4U], k_hex_digits[byte & 0xFU]});
}

std::string write_hex(std::span<const std::uint8_t> bytes) {
    std::string digits;
    digits.reserve(2 * bytes.size());
    append_hex(digits, bytes);
    return digits;
}

bool read_hex(std::string_view digits, std::span<std::uint8_t> into) {
    if (digits.size() != 2 * into.size()) return false;
    for (std::size_t i = 0; i < into.size(); ++i) {
        const auto high = k_hex_digits.find(digits[2 * i]), low = k_hex_digits.find(digits[2 * i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return false;
        into[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return true;
}

}  // namespace proctor
