#include "outbound/address.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace proctor::outbound::address_test {
namespace {

enum class Place { everywhere, inside, nowhere };

Place place_of(const std::string& text) {
    const auto address = parse_address(text);
    if (!address) return ADD_FAILURE() << text, Place::nowhere;
    EXPECT_FALSE(is_public(*address) && is_inside(*address)) << text;
    EXPECT_EQ(may_call(*address, false), is_public(*address)) << text;
    EXPECT_EQ(may_call(*address, true), is_public(*address) || is_inside(*address)) << text;
    if (is_public(*address)) return Place::everywhere;
    return is_inside(*address) ? Place::inside : Place::nowhere;
}

TEST(Address, HasItsPlaceUpToTheEdgesOfEveryBlock) {
    const struct {
        Place place;
        std::vector<std::string> addresses;
    } rows[] = {
        {Place::everywhere,
         {"1.0.0.0",         "8.8.8.8",     "9.255.255.255", "11.0.0.0",      "100.63.255.255",  "100.128.0.0",
          "126.255.255.255", "128.0.0.0",   "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0",
          "172.15.255.255",  "172.32.0.0",  "192.0.1.0",     "192.0.3.0",     "192.167.255.255", "192.169.0.0",
          "198.17.255.255",  "198.20.0.0",  "198.51.99.255", "198.51.101.0",  "203.0.112.255",   "203.0.114.0",
          "223.255.255.255", "2001:200::1", "2600::1",       "2003::1",       "3ffe::1",         "64:ff9b::808:808"}},
        {Place::inside,
         {"10.0.0.0", "10.255.255.255", "127.0.0.1", "127.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0",
          "192.168.255.255", "100.64.0.0", "100.127.255.255", "::1", "fc00::", "fdff:ffff::1"}},
        {Place::nowhere,
         {"0.0.0.0", "0.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.255.255", "168.63.129.16", "192.0.0.0",
          "192.0.0.255", "192.0.2.0", "192.0.2.255", "192.88.99.1", "198.18.0.0", "198.19.255.255", "198.51.100.7",
          "203.0.113.7", "224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.255"}},
        {Place::nowhere,
         {"::",
          "::2",
          "::127.0.0.1",
          "::8.8.8.8",
          "::ffff:127.0.0.1",
          "::ffff:10.0.0.1",
          "::ffff:8.8.8.8",
          "::ffff:0:127.0.0.1",
          "64:ff9b::127.0.0.1",
          "64:ff9b::169.254.169.254",
          "64:ff9b::10.0.0.1",
          "64:ff9b:1::1",
          "64:ff9b:0:1::1",
          "100::1",
          "1fff::1",
          "2001::1",
          "2001:0:7f00:1::1",
          "2001:2::1",
          "2001:10::1",
          "2001:db8::1",
          "2002:7f00:1::1",
          "2002:808:808::1",
          "3fff::1",
          "3fff:fff::1",
          "4000::1",
          "5f00::1",
          "fe00::1",
          "fe80::1",
          "febf::1",
          "fec0::1",
          "ff02::1",
          "ffff::1"}},
    };
    for (const auto& row : rows) {
        for (const auto& text : row.addresses) EXPECT_EQ(place_of(text), row.place) << text;
    }
}

TEST(Address, IsReadInOneSpellingAndPrintedCanonically) {
    EXPECT_EQ(print(*parse_address("2001:DB8:0:0::1")), "2001:db8::1");
    EXPECT_EQ(print(*parse_address("192.0.2.1")), "192.0.2.1");
    for (const char* other :
         {"", "127.1", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.1 ", "[::1]", "::1%lo", "1.2.3", "g::"}) {
        EXPECT_FALSE(parse_address(other)) << other;
    }
    EXPECT_FALSE(parse_address(std::string("127.0.0.1\0x", 11)));
}

TEST(Address, IsReadFromSocketAddressesOfBothFamiliesAlone) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(read_address(reinterpret_cast<const sockaddr&>(in)), parse_address("127.0.0.1"));
    sockaddr_in6 in6{};
    in6.sin6_family = AF_INET6;
    in6.sin6_addr = in6addr_loopback;
    EXPECT_EQ(read_address(reinterpret_cast<const sockaddr&>(in6)), parse_address("::1"));
    sockaddr_un un{};
    un.sun_family = AF_UNIX;
    EXPECT_FALSE(read_address(reinterpret_cast<const sockaddr&>(un)));
}

}  // namespace
}  // namespace proctor::outbound::address_test
