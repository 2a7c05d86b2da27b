#include "outbound/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace proctor::outbound {
namespace {

struct Block {
    Address start;
    int bits;
};

Address v4(std::uint8_t a, std::uint8_t b = 0, std::uint8_t c = 0, std::uint8_t d = 0) { return {{a, b, c, d}, false}; }

Address v6(std::uint16_t a, std::uint16_t b = 0) {
    const auto high = [](std::uint16_t group) { return static_cast<std::uint8_t>(group >> 8U); };
    const auto low = [](std::uint16_t group) { return static_cast<std::uint8_t>(group & 0xffU); };
    return {{high(a), low(a), high(b), low(b)}, true};
}

bool within(const Address& address, const Block& block) {
    if (address.v6 != block.start.v6) return false;
    for (int bit = 0; bit < block.bits; ++bit) {
        const auto byte = static_cast<std::size_t>(bit / 8);
        const unsigned mask = 0x80U >> static_cast<unsigned>(bit % 8);
        if (((address.bytes.at(byte) ^ block.start.bytes.at(byte)) & mask) != 0) return false;
    }
    return true;
}

bool within_any(const Address& address, const std::vector<Block>& blocks) {
    return std::any_of(blocks.begin(), blocks.end(), [&](const Block& block) { return within(address, block); });
}

const std::vector<Block>& inside() {
    static const std::vector<Block> blocks = {
        {v4(10), 8},        {v4(172, 16), 12},  // RFC 1918
        {v4(192, 168), 16},                     // RFC 1918
        {v4(127), 8},       {v4(100, 64), 10},  // loopback, shared
        {v6(0xfc00), 7},                        // unique local
    };
    return blocks;
}

const std::vector<Block>& special() {
    static const std::vector<Block> blocks = {
        {v4(0), 8},                  // this network
        {v4(169, 254), 16},          // link-local, cloud metadata
        {v4(192), 24},               // IETF protocols
        {v4(192, 0, 2), 24},         // documentation
        {v4(198, 51, 100), 24},      // documentation
        {v4(203, 0, 113), 24},       // documentation
        {v4(192, 88, 99), 24},       // 6to4 relays
        {v4(198, 18), 15},           // benchmarks
        {v4(168, 63, 129, 16), 32},  // Azure's platform on every machine there
        {v4(224), 3},                // multicast, reserved, broadcast
        {v6(0x2001), 23},            // IETF protocols: Teredo, ORCHID, benchmarks
        {v6(0x2001, 0xdb8), 32},     // documentation
        {v6(0x3fff), 20},            // documentation
        {v6(0x2002), 16},            // 6to4
    };
    return blocks;
}

bool is_loopback6(const Address& address) {
    Address loopback = v6(0);
    loopback.bytes.back() = 1;
    return address == loopback;
}

// RFC 6052: the IPv4 address in the last four bytes of the well-known prefix.
std::optional<Address> carried_by_nat64(const Address& address) {
    if (!within(address, {v6(0x64, 0xff9b), 96})) return std::nullopt;
    const auto& b = address.bytes;
    return v4(b[12], b[13], b[14], b[15]);
}

}  // namespace

std::optional<Address> parse_address(const std::string& text) {
    Address address;
    if (text.find('\0') != std::string::npos) return std::nullopt;
    if (inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) return address;
    address.v6 = true;
    if (inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) return address;
    return std::nullopt;
}

std::optional<Address> read_address(const sockaddr& from) {
    Address address;
    if (from.sa_family == AF_INET) {
        const auto& in = reinterpret_cast<const sockaddr_in&>(from).sin_addr;
        std::memcpy(address.bytes.data(), &in, sizeof in);
        return address;
    }
    if (from.sa_family != AF_INET6) return std::nullopt;
    const auto& in = reinterpret_cast<const sockaddr_in6&>(from).sin6_addr;
    std::memcpy(address.bytes.data(), &in, sizeof in);
    address.v6 = true;
    return address;
}

std::string print(const Address& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), text.data(), text.size());
    return text.data();
}

bool is_public(const Address& address) {
    if (const auto carried = carried_by_nat64(address)) return is_public(*carried);
    if (address.v6 && !within(address, {v6(0x2000), 3})) return false;
    return !within_any(address, inside()) && !within_any(address, special());
}

bool is_inside(const Address& address) { return within_any(address, inside()) || is_loopback6(address); }

bool may_call(const Address& address, bool private_address) {
    return is_public(address) || (private_address && is_inside(address));
}

}  // namespace proctor::outbound
