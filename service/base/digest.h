// SHA-256 and name-based UUIDs (RFC 9562, version 5), on OpenSSL.
#pragma once

#include <string>
#include <string_view>

namespace proctor {

[[nodiscard]] std::string sha256_hex(std::string_view bytes);

// Lower-case UUIDv5 of a name in the namespace with this UUID text.
[[nodiscard]] std::string uuid5(std::string_view namespace_uuid, std::string_view name);

[[nodiscard]] bool is_uuid(std::string_view text);

}  // namespace proctor
