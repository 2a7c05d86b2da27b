#include "base/trace.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/hex.h"

namespace proctor {
namespace {

// "00-<trace-id>-<parent-id>-<trace-flags>"
constexpr std::size_t k_trace_begin = 3, k_trace_digits = 32, k_parent_begin = 36, k_parent_digits = 16;
constexpr std::size_t k_flags_begin = 53, k_length = 55;

bool is_hex(std::string_view text) { return text.find_first_not_of(k_hex_digits) == std::string_view::npos; }

bool is_id(std::string_view text) { return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos; }

// `digits`: twice the bytes. Never all zero.
std::string random_id(std::size_t digits, Entropy& entropy) {
    std::array<std::uint8_t, k_trace_digits / 2> bytes{};
    const std::span used(bytes.data(), digits / 2);
    while (std::ranges::all_of(used, [](auto byte) { return byte == 0; })) entropy.fill(used);
    return write_hex(used);
}

}  // namespace

std::optional<Trace> read_traceparent(std::string_view header) {
    if (header.size() != k_length || !header.starts_with("00-")) return std::nullopt;
    if (header[k_parent_begin - 1] != '-' || header[k_flags_begin - 1] != '-') return std::nullopt;
    const auto id = header.substr(k_trace_begin, k_trace_digits);
    const auto flags = header.substr(k_flags_begin);
    if (!is_id(id) || !is_id(header.substr(k_parent_begin, k_parent_digits)) || !is_hex(flags)) return std::nullopt;
    // The lowest bit is "sampled"; what the others mean nobody knows yet, so they are not passed on.
    return Trace{std::string(id), k_hex_digits.find(flags.back()) % 2 == 1};
}

Trace new_trace(Entropy& entropy) { return {random_id(k_trace_digits, entropy), false}; }

std::string write_traceparent(const Trace& trace, Entropy& entropy) {
    return "00-" + trace.id + '-' + random_id(k_parent_digits, entropy) + (trace.sampled ? "-01" : "-00");
}

}  // namespace proctor
