#include "outbound/url.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "outbound/address.h"

namespace proctor::outbound {
namespace {

constexpr std::string_view k_scheme = "https://";
constexpr std::string_view k_hex = "0123456789ABCDEF";
constexpr std::size_t k_host_characters = 253;
constexpr std::size_t k_label_characters = 63;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_unreserved(char c) {
    return is_digit(c) || is_lower(c) || is_upper(c) || std::string_view("-._~").find(c) != std::string_view::npos;
}
char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

// The byte that "%XX" at `at` stands for.
std::optional<unsigned char> decoded(std::string_view text, std::size_t at) {
    unsigned value = 0;
    if (at + 3 > text.size()) return std::nullopt;
    const char* end = text.data() + at + 3;
    const auto [rest, error] = std::from_chars(text.data() + at + 1, end, value, 16);
    if (error != std::errc() || rest != end) return std::nullopt;
    return static_cast<unsigned char>(value);
}

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > k_label_characters || label.front() == '-' || label.back() == '-') return false;
    return std::all_of(label.begin(), label.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

bool is_name(std::string_view host) {
    if (host.size() > k_host_characters) return false;
    while (true) {
        const auto dot = host.find('.');
        const auto label = host.substr(0, dot);
        if (!is_label(label)) return false;
        // No top-level domain begins with a digit; what does is a number to some resolver (127.1, 0x7f.1).
        if (dot == std::string_view::npos) return !is_digit(label.front());
        host.remove_prefix(dot + 1);
    }
}

// In lower case.
bool is_host(const std::string& host) {
    const bool literal = host.size() > 2 && host.front() == '[' && host.back() == ']';
    const std::string number = literal ? host.substr(1, host.size() - 2) : host;
    if (const auto address = parse_address(number)) return address->v6 == literal && print(*address) == number;
    return !literal && is_name(host);
}

std::optional<std::uint16_t> read_port(std::string_view text) {
    std::uint16_t port = 0;
    if (text.empty() || text.front() == '0' || !is_digit(text.front())) return std::nullopt;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
    return port;
}

bool read_authority(std::string_view text, Url& url) {
    const auto bracket = text.rfind(']');
    const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    url.host = text.substr(0, colon);
    std::transform(url.host.begin(), url.host.end(), url.host.begin(), to_lower);
    if (!is_host(url.host)) return false;
    if (colon == std::string_view::npos) return true;
    const auto port = read_port(text.substr(colon + 1));
    url.port = port.value_or(0);
    return port.has_value();
}

// RFC 3986 pchar and what a query may have beside; FHIR servers leave | as it is in their paging links.
bool has_only(std::string_view text, std::string_view others) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '%' && !decoded(text, i)) return false;
        if (c != '%' && !is_unreserved(c) && others.find(c) == std::string_view::npos) return false;
    }
    return true;
}

// Encoded controls, and what a server could decode into path syntax: dots, slashes, percent signs and the like.
bool hides_syntax(std::string_view path) {
    for (auto at = path.find('%'); at != std::string_view::npos; at = path.find('%', at + 1)) {
        const auto byte = decoded(path, at);
        if (!byte || *byte < 0x20 || *byte == 0x7f) return true;
        if (std::string_view("./\\%;?#").find(static_cast<char>(*byte)) != std::string_view::npos) return true;
    }
    return false;
}

// Some servers drop ";parameters" of a segment before they look at its dots.
bool has_dot_segment(std::string_view path) {
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto segment = path.substr(0, path.find('/'));
        const auto name = segment.substr(0, segment.find(';'));
        if (name == "." || name == "..") return true;
        path.remove_prefix(segment.size());
    }
    return false;
}

bool read_path(std::string_view text, Url& url) {
    const auto question = std::min(text.find('?'), text.size());
    url.path = question == 0 ? "/" : text.substr(0, question);
    url.query = text.substr(question);
    constexpr std::string_view k_path = "/!$&'()*+,;=:@";
    constexpr std::string_view k_query = "/!$&'()*+,;=:@?|";
    return has_only(url.path, k_path) && !hides_syntax(url.path) && !has_dot_segment(url.path) &&
           has_only(url.query, k_query);
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
    if (text.size() > limits::k_url_bytes || text.substr(0, k_scheme.size()) != k_scheme) return std::nullopt;
    text.remove_prefix(k_scheme.size());
    const auto authority = std::min(text.find_first_of("/?"), text.size());
    Url url;
    if (!read_authority(text.substr(0, authority), url) || !read_path(text.substr(authority), url)) return std::nullopt;
    return url;
}

std::string print(const Url& url) { return origin(url) + url.path + url.query; }

std::string origin(const Url& url) { return std::string(k_scheme) + url.host + ':' + std::to_string(url.port); }

bool is_below(const Url& base, const Url& url) {
    if (url.host != base.host || url.port != base.port) return false;
    if (hides_syntax(url.path) || has_dot_segment(url.path)) return false;
    std::string_view folder = base.path;
    while (!folder.empty() && folder.back() == '/') folder.remove_suffix(1);
    if (url.path.compare(0, folder.size(), folder) != 0) return false;
    return url.path.size() == folder.size() || url.path[folder.size()] == '/';
}

std::string percent_encode(std::string_view value) {
    std::string out;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_unreserved(c)) {
            out += c;
        } else {
            out += {'%', k_hex[byte >> 4U], k_hex[byte & 0xfU]};
        }
    }
    return out;
}

}  // namespace proctor::outbound
