// JSON of a stranger: of tokens and key sets. Gated before it is parsed, and refused where parsers differ about what it
// says. It knows nothing of what the members mean.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace proctor::auth {

// Nothing: no JSON object, a NUL or a byte order mark, deeper than limits::k_json_depth, or any object in it with a
// member twice. The caller bounds the size.
[[nodiscard]] std::optional<nlohmann::json> parse_strict_object(std::string_view text);

// A string's text. Nothing: another type, or U+0000 in it, at which other programs may cut it.
[[nodiscard]] std::optional<std::string> text_of(const nlohmann::json& value);

// The same of a member; nothing when there is none, too.
[[nodiscard]] std::optional<std::string> text_member(const nlohmann::json& object, const char* name);

// A NumericDate (RFC 7519 section 2) without fraction. Nothing: absent, another type, a fraction or exponent, negative,
// or beyond 63 bits.
[[nodiscard]] std::optional<std::int64_t> seconds_member(const nlohmann::json& object, const char* name);

}  // namespace proctor::auth
