#include "rules/fold.h"

#include <utf8proc.h>

#include <algorithm>
#include <vector>

namespace proctor::rules {
namespace {

bool reads_so(std::string_view text) {
    char before = 'x';
    for (const char c : text) {
        if (static_cast<unsigned char>(c) >= 0x80 || c == '\t' || (c == ' ' && before == ' ')) return false;
        before = c;
    }
    return true;
}

// Canonical, not compatible: U+2116 would become "No".
std::string plain_letters(std::string_view utf8) {
    constexpr auto k_how = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK |
                                                          UTF8PROC_IGNORE | UTF8PROC_LUMP | UTF8PROC_NLF2LF);
    const auto* text = reinterpret_cast<const utf8proc_uint8_t*>(utf8.data());
    const auto size = static_cast<utf8proc_ssize_t>(utf8.size());
    std::vector<utf8proc_int32_t> points(utf8.size() + 1);
    const auto decompose = [&] {
        return utf8proc_decompose(text, size, points.data(), static_cast<utf8proc_ssize_t>(points.size() - 1), k_how);
    };
    utf8proc_ssize_t count = decompose();
    if (count >= static_cast<utf8proc_ssize_t>(points.size())) {
        points.resize(static_cast<std::size_t>(count) + 1);
        count = decompose();
    }
    const utf8proc_ssize_t bytes = count < 0 ? count : utf8proc_reencode(points.data(), count, k_how);
    if (bytes < 0) return std::string(utf8);
    return {reinterpret_cast<const char*>(points.data()), static_cast<std::size_t>(bytes)};
}

}  // namespace

std::string_view fold(std::string_view utf8, std::string& room) {
    if (reads_so(utf8)) return utf8;
    room = plain_letters(utf8);
    std::ranges::replace(room, '\t', ' ');
    const auto rest = std::ranges::unique(room, [](char a, char b) { return a == ' ' && b == ' '; });
    room.erase(rest.begin(), rest.end());
    return room;
}

}  // namespace proctor::rules
