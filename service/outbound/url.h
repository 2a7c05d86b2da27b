// URLs that may be called, read more strictly than RFC 3986 so that no two readers see different hosts in one. It knows
// no addresses and no configuration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace proctor::outbound {

struct Url {
    std::string host;          // lower case: a name, four decimal numbers, or canonical IPv6 in brackets
    std::uint16_t port = 443;  // 1 to 65535
    std::string path;          // begins with a slash
    std::string query;         // with its question mark; empty: none
    friend bool operator==(const Url&, const Url&) = default;
};

// Nothing unless it is "https://host[:port][/path][?query]" of at most limits::k_url_bytes in printable ASCII: no user
// information, fragment, backslash, trailing dot, percent-encoded host, nor a number for a host in any other form than
// the canonical one. The path has no dot segments, and nothing encoded in it that servers decode into path syntax.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

[[nodiscard]] std::string print(const Url& url);   // always with the port
[[nodiscard]] std::string origin(const Url& url);  // "https://ehr.example:443"

// Same host and port, and the same path or one below it, at a slash.
[[nodiscard]] bool is_below(const Url& base, const Url& url);

// For a query's names and values: RFC 3986 unreserved characters stay, every other byte becomes %XX.
[[nodiscard]] std::string percent_encode(std::string_view value);

}  // namespace proctor::outbound
