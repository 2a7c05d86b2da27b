// What every target needs: its input as text, and a claim that must hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

namespace proctor::fuzz {

inline void require(bool holds) {
    if (!holds) std::abort();
}

inline std::string text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// The first line and what follows it; all of it when there is no line feed.
inline std::pair<std::string, std::string> split_line(const std::string& text) {
    const auto line = text.find('\n');
    if (line == std::string::npos) return {text, {}};
    return {text.substr(0, line), text.substr(line + 1)};
}

}  // namespace proctor::fuzz
