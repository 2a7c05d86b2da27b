// IP addresses as values, and which of them may be called. It knows no names and no sockets.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

struct sockaddr;

namespace proctor::outbound {

struct Address {
    std::array<std::uint8_t, 16> bytes{};  // an IPv4 address has the first four, the others are zero
    bool v6 = false;
    friend bool operator==(const Address&, const Address&) = default;
};

// The forms of inet_pton: four decimal numbers, or IPv6 without brackets and zone. Nothing for every other spelling.
[[nodiscard]] std::optional<Address> parse_address(const std::string& text);
// Nothing for another family than IPv4 and IPv6. What is behind `from` is as long as its family says.
[[nodiscard]] std::optional<Address> read_address(const sockaddr& from);
// The canonical form (RFC 5952).
[[nodiscard]] std::string print(const Address& address);

// An address of the public internet (IANA special-purpose registries). IPv6 is global unicast alone; of the forms that
// carry an IPv4 address only NAT64 (64:ff9b::/96) is one, when what it carries is public.
[[nodiscard]] bool is_public(const Address& address);

// Loopback, RFC 1918, shared (RFC 6598) or unique local: what a hospital's own servers have. Link-local is never one:
// cloud metadata live there.
[[nodiscard]] bool is_inside(const Address& address);

// Public, or inside and `private_address` (Get).
[[nodiscard]] bool may_call(const Address& address, bool private_address);

}  // namespace proctor::outbound
