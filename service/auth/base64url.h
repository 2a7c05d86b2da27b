// Base64url as JOSE has it (RFC 7515 section 2), read strictly, so that one value has one spelling and a signed text
// cannot be respelled. It knows nothing of tokens.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace proctor::auth {

// Without padding.
[[nodiscard]] std::string encode_base64url(std::string_view plain);

// The bytes. Nothing: padding, white space, '+', '/', any other foreign character, an impossible length, or bits left
// over that are not zero.
[[nodiscard]] std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace proctor::auth
