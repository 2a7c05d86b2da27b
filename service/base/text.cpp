#include "base/text.h"

#include <algorithm>
#include <cstdint>

namespace proctor {
namespace {

constexpr std::string_view k_ellipsis = "\xE2\x80\xA6";     // U+2026
constexpr std::string_view k_replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr char32_t k_invalid = 0xFFFFFFFF;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

struct Decoded {
    char32_t point = 0;
    std::size_t size = 1;
};

std::size_t sequence_size(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead < 0xE0) return 2;
    if (lead >= 0xE0 && lead < 0xF0) return 3;
    if (lead >= 0xF0 && lead < 0xF5) return 4;
    return 0;
}

// The character at `at`; a byte that begins none is k_invalid, of size 1.
Decoded decode(std::string_view utf8, std::size_t at) {
    const auto lead = static_cast<unsigned char>(utf8[at]);
    const std::size_t size = sequence_size(lead);
    if (size == 1) return {lead, 1};
    if (size == 0 || at + size > utf8.size()) return {k_invalid, 1};
    char32_t point = lead & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if (!is_continuation(utf8[at + i])) return {k_invalid, 1};
        point = (point << 6U) | (static_cast<unsigned char>(utf8[at + i]) & 0x3FU);
    }
    const bool overlong = (size == 3 && point < 0x800) || (size == 4 && point < 0x10000);
    const bool outside = point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF);
    return overlong || outside ? Decoded{k_invalid, 1} : Decoded{point, size};
}

// Controls, and separators that some renderers take for a new line.
bool is_blank(char32_t point) {
    return point <= 0x20 || (point >= 0x7F && point <= 0xA0) || point == 0x2028 || point == 0x2029;
}

// Characters that show nothing but change how others show: zero width, soft hyphen, directional controls,
// tags, fillers, variation selectors. They can reorder or hide text of a card.
bool is_hidden(char32_t point) {
    return point == 0xAD || point == 0x034F || point == 0x061C || point == 0x115F || point == 0x1160 ||
           point == 0x17B4 || point == 0x17B5 || (point >= 0x180B && point <= 0x180F) ||
           (point >= 0x200B && point <= 0x200F) || (point >= 0x202A && point <= 0x202E) ||
           (point >= 0x2060 && point <= 0x206F) || point == 0x3164 || (point >= 0xFE00 && point <= 0xFE0F) ||
           point == 0xFEFF || point == 0xFFA0 || (point >= 0xFFF9 && point <= 0xFFFB) ||
           (point >= 0xE0000 && point <= 0xE0FFF);
}

bool among(std::string_view set, char32_t point) {
    return point < 0x80 && set.find(static_cast<char>(point)) != std::string_view::npos;
}

// Active wherever they stand. Parentheses and "!" are not: they need a bracket, which is escaped.
bool is_active(char32_t point) { return among("\\`*_{}[]#|~$^", point); }

// Active where a block begins: lists, rules, heading underlines.
bool opens_block(char32_t point) { return among("+-=", point); }

// HTML characters as entities: they stay text even where Markdown's backslash is not understood.
std::string_view entity(char32_t point) {
    switch (point) {
        case U'<': return "&lt;";
        case U'>': return "&gt;";
        case U'&': return "&amp;";
        default: return {};
    }
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Never active, wherever it stands.
bool is_plain(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

// GFM links "www.", "http://" and "a@b" without any markup, and some renderers every "word.tld". As entities,
// the characters that join them read the same and link nothing.
std::string_view autolink_breaker(char32_t point, std::string_view rest) {
    const bool joins = !rest.empty() && (is_letter(rest.front()) || rest.front() == '/');
    if (point == U'@') return "&#64;";
    if (point == U':' && joins) return "&#58;";
    if (point == U'.' && joins) return "&#46;";
    return {};
}

// "1." and "1)" begin a list.
bool numbers_list(std::string_view out, char32_t point) {
    return among(".)", point) && !out.empty() && out.find_first_not_of("0123456789") == std::string_view::npos;
}

bool needs_backslash(std::string_view out, char32_t point) {
    return is_active(point) || (out.empty() && opens_block(point)) || numbers_list(out, point);
}

void append_blank(std::string& out) {
    if (!out.empty() && out.back() != ' ') out += ' ';
}

void append_escaped(std::string& out, std::string_view character, char32_t point, std::string_view rest) {
    if (const auto html = entity(point); !html.empty()) {
        out += html;
    } else if (const auto breaker = autolink_breaker(point, rest); !breaker.empty()) {
        out += breaker;
    } else {
        if (needs_backslash(out, point)) out += '\\';
        out += character;
    }
}

char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), lower_letter);
    return text;
}

bool same_letters(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::ranges::equal(a, b, {}, lower_letter, lower_letter);
}

std::size_t characters(std::string_view utf8) {
    std::size_t count = 0;
    for (const char c : utf8) count += is_continuation(c) ? 0 : 1;
    return count;
}

std::string replace_invalid(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t at = 0; at < utf8.size();) {
        const Decoded one = decode(utf8, at);
        out += one.point == k_invalid || one.point == 0 ? k_replacement : utf8.substr(at, one.size);
        at += one.size;
    }
    return out;
}

std::string shorten(std::string_view utf8, std::size_t limit) {
    if (characters(utf8) <= limit) return std::string(utf8);
    if (limit == 0) return {};
    std::size_t at = 0;
    for (std::size_t kept = 0; kept + 1 < limit; ++kept) at += decode(utf8, at).size;
    while (at > 0 && utf8[at - 1] == ' ') --at;
    return std::string(utf8.substr(0, at)).append(k_ellipsis);
}

std::string escape_markdown(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size() + utf8.size() / 8);
    for (std::size_t at = 0; at < utf8.size();) {
        const auto plain = std::ranges::find_if_not(utf8.substr(at), is_plain) - utf8.begin();
        out += utf8.substr(at, static_cast<std::size_t>(plain) - at);
        at = static_cast<std::size_t>(plain);
        if (at == utf8.size()) break;
        const Decoded decoded = decode(utf8, at);
        const std::string_view character = utf8.substr(at, decoded.size);
        at += decoded.size;
        if (decoded.point == k_invalid) {
            out += k_replacement;
        } else if (is_blank(decoded.point)) {
            append_blank(out);
        } else if (!is_hidden(decoded.point)) {
            append_escaped(out, character, decoded.point, utf8.substr(at));
        }
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

}  // namespace proctor
