// Where requests may go: URLs and addresses that try to lead us inside. Nothing here is ever connected to, but for the
// test's own server.
#include <gmock/gmock.h>

#include "outbound/fetching.h"

namespace proctor::outbound::ssrf_test {
namespace {

using std::chrono::milliseconds;

// Global unicast that nobody has: public, and no packet arrives there.
const std::string k_public = "3000::1";

struct Row {
    std::string url;
    Failure expected;
    bool inside = false;  // Get::private_address
};

using F = Failure;
const std::vector<Row> k_rows = {
    // Literal addresses, each spelling that some library takes
    {"https://169.254.169.254/latest/meta-data/", F::address},
    {"https://169.254.169.254/latest/meta-data/", F::address, true},
    {"https://168.63.129.16/", F::address, true},
    {"https://127.0.0.1/", F::address},
    {"https://127.255.255.254/", F::address},
    {"https://0.0.0.0/", F::address, true},
    {"https://10.0.0.1/", F::address},
    {"https://172.16.0.1/", F::address},
    {"https://172.31.255.255/", F::address},
    {"https://192.168.1.1/", F::address},
    {"https://100.64.0.1/", F::address},
    {"https://100.100.100.200/", F::address},
    {"https://198.18.0.1/", F::address, true},
    {"https://192.0.2.1/", F::address, true},
    {"https://224.0.0.1/", F::address, true},
    {"https://240.0.0.1/", F::address, true},
    {"https://255.255.255.255/", F::address, true},
    {"https://0x7f.1/", F::not_allowed},
    {"https://0x7f.0x0.0x0.0x1/", F::not_allowed},
    {"https://0x7f000001/", F::not_allowed},
    {"https://2130706433/", F::not_allowed},
    {"https://2852039166/", F::not_allowed},
    {"https://017700000001/", F::not_allowed},
    {"https://0251.0376.0251.0376/", F::not_allowed},
    {"https://127.1/", F::not_allowed},
    {"https://127.0.1/", F::not_allowed},
    {"https://127.0.0.1./", F::not_allowed},
    {"https://0/", F::not_allowed},
    {"https://%31%32%37.0.0.1/", F::not_allowed},
    // IPv6
    {"https://[::1]/", F::address},
    {"https://[::]/", F::address, true},
    {"https://[::ffff:7f00:1]/", F::not_allowed},
    {"https://[::ffff:127.0.0.1]/", F::address, true},
    {"https://[::ffff:169.254.169.254]/", F::address, true},
    {"https://[::127.0.0.1]/", F::address, true},
    {"https://[::7f00:1]/", F::not_allowed},
    {"https://[64:ff9b::7f00:1]/", F::address, true},
    {"https://[64:ff9b::a9fe:a9fe]/", F::address, true},
    {"https://[2002:7f00:1::]/", F::address, true},
    {"https://[2001:0:7f00:1::]/", F::address, true},
    {"https://[2001::7f00:1]/", F::address, true},
    {"https://[fe80::1]/", F::address, true},
    {"https://[fe80::1%25eth0]/", F::not_allowed},
    {"https://[fec0::1]/", F::address, true},
    {"https://[fd00::1]/", F::address},
    {"https://[fc00::1]/", F::address},
    {"https://[ff02::1]/", F::address, true},
    {"https://[2001:db8::1]/", F::address, true},
    {"https://[0:0:0:0:0:0:0:1]/", F::not_allowed},
    // Names whose addresses are not public
    {"https://metadata.example/", F::address},
    {"https://metadata.example/", F::address, true},
    {"https://loopback.example/", F::address},
    {"https://private.example/", F::address},
    {"https://mapped.example/", F::address, true},
    {"https://mixed.example/", F::address},
    {"https://mixed-metadata.example/", F::address, true},
    {"https://LOOPBACK.example/", F::address},
    {"https://localhost/", F::address},
    {"https://nowhere.example/", F::unresolved},
    // Hosts in disguise
    {"https://ehr.example@169.254.169.254/", F::not_allowed},
    {"https://ehr.example@evil.example/fhir", F::not_allowed},
    {"https://ehr.example:443@evil.example/fhir", F::not_allowed},
    {"https://evil.example#ehr.example/fhir", F::not_allowed},
    {"https://evil.example\\@ehr.example/fhir", F::not_allowed},
    {"https://ehr.example%2f@evil.example/", F::not_allowed},
    {"https://ehr.example%00.evil.example/", F::not_allowed},
    {"https://ehr.example./fhir", F::not_allowed},
    {"https://loopback\xe3\x80\x82"
     "example/",
     F::not_allowed},
    {"https://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1/", F::not_allowed},
    // Other schemes, ports and shapes
    {"http://ehr.example/fhir", F::not_allowed},
    {"http://169.254.169.254/", F::not_allowed},
    {"file:///etc/passwd", F::not_allowed},
    {"gopher://ehr.example/", F::not_allowed},
    {"//ehr.example/fhir", F::not_allowed},
    {"https://ehr.example:0/fhir", F::not_allowed},
    {"https://ehr.example:65536/fhir", F::not_allowed},
    {"https://ehr.example/fhir\r\nHost: evil.example", F::not_allowed},
    {"https://ehr.example/fhir/%2e%2e/admin", F::not_allowed},
    {"https://ehr.example/fhir/..;/admin", F::not_allowed},
    {"", F::not_allowed},
};

class SsrfMatrix : public FetchingTest {
protected:
    Failure failure_of(const std::string& url, const std::string& base, bool private_address) {
        Get get;
        get.url = url;
        get.base = base;
        get.bearer = "secret-token";
        get.body_bytes = 1000;
        get.private_address = private_address;
        const auto fetched = fetch(get, late());
        const auto* failure = std::get_if<Failure>(&fetched);
        return failure != nullptr ? *failure : (ADD_FAILURE() << url, Failure::protocol);
    }
};

TEST_F(SsrfMatrix, NoUrlLeadsInside) {
    resolver_.answer("metadata.example", {addresses({"169.254.169.254"})});
    resolver_.answer("loopback.example", {addresses({"127.0.0.1"})});
    resolver_.answer("localhost", {addresses({"::1", "127.0.0.1"})});
    resolver_.answer("private.example", {addresses({"10.1.2.3"})});
    resolver_.answer("mapped.example", {addresses({"::ffff:10.1.2.3"})});
    resolver_.answer("mixed.example", {addresses({k_public, "10.1.2.3"})});
    resolver_.answer("mixed-metadata.example", {addresses({k_public, "169.254.169.254"})});
    for (const auto& row : k_rows)
        EXPECT_EQ(print(failure_of(row.url, "", row.inside)), print(row.expected)) << row.url;
}

TEST_F(SsrfMatrix, NothingLeavesItsBase) {
    const std::string base = "https://ehr.example:8443/fhir";
    for (const char* url :
         {"https://ehr.example.evil.com:8443/fhir", "https://evil.ehr.example:8443/fhir", "https://ehr.example/fhir",
          "https://ehr.example:8444/fhir", "https://ehr.example:8443/fhirs/Patient/1", "https://ehr.example:8443/",
          "https://ehr.example:8443/admin", "https://ehr.example:8443/fhir/../admin",
          "https://ehr.example:8443/fhir/%2e%2e/admin", "https://ehr.example:8443/fhir%2f..%2fadmin",
          "https://ehr.example@evil.example:8443/fhir", "https://[::1]:8443/fhir", "https://127.0.0.1:8443/fhir"}) {
        EXPECT_EQ(print(failure_of(url, base, true)), "notAllowed") << url;
    }
    EXPECT_EQ(print(failure_of("https://ehr.example/fhir", "ehr.example", true)), "notAllowed")
        << "a base that is no URL";
    EXPECT_TRUE(resolver_.asked().empty());
}

TEST_F(SsrfMatrix, WhatLiesBelowItsBaseIsFetched) {
    TlsServer server(good_certificate());
    server.on("/fhir/Patient/1", [](Peer& peer) {
        peer.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    });
    Get get = inside(server, "/fhir/Patient/1");
    get.base = inside(server, "/fhir").url;
    EXPECT_EQ(word(fetch(get, late())), "ok {}");
}

class Rebinding : public SsrfMatrix {
protected:
    Rebinding() {
        server_.on("/x", [](Peer& peer) {
            peer.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        });
    }
    TlsServer server_{good_certificate()};
};

TEST_F(Rebinding, TheConnectionGoesToTheAddressThatWasChecked) {
    resolver_.answer("ehr.example", {addresses({k_public}), addresses({"127.0.0.1"})});
    Get get = inside(server_, "/x");
    get.private_address = false;
    const auto failure = std::get<Failure>(fetch(get, in(milliseconds(300))));
    EXPECT_TRUE(failure == Failure::connect || failure == Failure::timeout) << print(failure);
    EXPECT_EQ(resolver_.asked().size(), 1U);
    EXPECT_EQ(word(fetch(get, late())), "address");
    EXPECT_EQ(server_.connections(), 0);
}

TEST_F(Rebinding, AConnectionMadeForOneThatMayIsNotUsedForOneThatMayNot) {
    resolver_.answer("ehr.example", {addresses({"127.0.0.1"}), addresses({k_public})});
    Get get = inside(server_, "/x");
    EXPECT_EQ(word(fetch(get, late())), "ok {}");
    get.private_address = false;
    EXPECT_EQ(word(fetch(get, late())), "address");
    EXPECT_EQ(server_.heads().size(), 1U);
}

TEST_F(Rebinding, OneNameIsAskedForOnceACall) {
    const auto answers = fetcher_->get({inside(server_, "/x"), inside(server_, "/x")}, late());
    for (const auto& answer : answers) EXPECT_EQ(word(answer), "ok {}");
    EXPECT_EQ(resolver_.asked().size(), 1U);
}

}  // namespace
}  // namespace proctor::outbound::ssrf_test
