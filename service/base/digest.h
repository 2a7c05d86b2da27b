// SHA-256 and UUIDs (RFC 9562): name-based ones (version 5) and those of random bytes (version 4), on OpenSSL. It knows
// no source of randomness.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace proctor {

[[nodiscard]] std::string sha256_hex(std::string_view bytes);

// One text of several, for digests: each part is preceded by its length, so no content of a part can imitate a border
// between two. ("ab", "c") and ("a", "bc") differ.
[[nodiscard]] std::string framed(const std::vector<std::string_view>& parts);

// The same of bytes that come one after another.
class Sha256 final {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    void add(std::string_view bytes);
    // Of all that was added; the last call.
    [[nodiscard]] std::string hex();

private:
    struct State;
    std::unique_ptr<State> state_;
};

// Lower-case UUIDv5 of a name in the namespace with this UUID text.
[[nodiscard]] std::string uuid5(std::string_view namespace_uuid, std::string_view name);

// Lower-case UUIDv4 of random bytes.
[[nodiscard]] std::string uuid4(const std::array<std::uint8_t, 16>& random);

[[nodiscard]] bool is_uuid(std::string_view text);

}  // namespace proctor
