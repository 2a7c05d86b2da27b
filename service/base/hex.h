// Bytes as lower-case hexadecimal digits, and back. It knows no digest and no key.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace proctor {

inline constexpr std::string_view k_hex_digits = "0123456789abcdef";

// Two digits a byte. A caller that has reserved enough leaves no copy behind in a smaller buffer.
void append_hex(std::string& out, std::span<const std::uint8_t> bytes);
[[nodiscard]] std::string write_hex(std::span<const std::uint8_t> bytes);

// False: not exactly two digits of 0-9a-f for each byte; what is in `into` then is anything.
[[nodiscard]] bool read_hex(std::string_view digits, std::span<std::uint8_t> into);

}  // namespace proctor
