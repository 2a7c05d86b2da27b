#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/limits.h"
#include "outbound/call.h"
#include "outbound/tls_server.h"
#include "support/temp_folder.h"

namespace proctor::outbound::call_tls_test {
namespace {

using ::testing::HasSubstr;

std::string reply(const std::string& status, const std::string& more, const std::string& body = "") {
    return "HTTP/1.1 " + status + "\r\n" + more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

const Certificate& localhost() {
    static const Certificate made = make_certificate("DNS:localhost");
    return made;
}

class CallTest : public ::testing::Test {
protected:
    CallTest() { std::ofstream(ca_file_) << pem(localhost()); }

    Call to(const TlsServer& server, const std::string& path) const {
        Call request;
        request.url = "https://localhost:" + std::to_string(server.port()) + path;
        request.ca_file = ca_file_;
        return request;
    }
    static std::string failure(const Call& request) {
        const auto answer = call(request);
        return answer ? "" : answer.error().message;
    }

    TempFolder folder_;
    const std::string ca_file_ = folder_.file("ca.pem");
};

TEST_F(CallTest, GivesStatusTypeBodyAndTheHeadersThatAnAnalystAsksFor) {
    TlsServer server(localhost());
    server.on("/", says("HTTP/1.1 103 Early Hints\r\nRetry-After: 1\r\n\r\n" +
                        reply("503 Busy",
                              "Content-Type: application/fhir+json\r\nRETRY-AFTER:  2 \r\nSet-Cookie: a=b\r\n"
                              "Access-Control-Allow-Origin: https://ehr.example\r\nWWW-Authenticate: Bearer\r\n",
                              "{}")));
    const auto answer = call(to(server, "/"));
    ASSERT_TRUE(answer) << describe(answer.error());
    EXPECT_EQ(answer.value().status, 503);
    EXPECT_EQ(answer.value().content_type, "application/fhir+json");
    EXPECT_EQ(answer.value().body, "{}");
    using Header = std::pair<std::string, std::string>;
    EXPECT_THAT(
        answer.value().headers,
        ::testing::ElementsAre(Header("retry-after", "2"), Header("access-control-allow-origin", "https://ehr.example"),
                               Header("www-authenticate", "Bearer")));
}

TEST_F(CallTest, SendsGetOrPostWithItsHeaders) {
    TlsServer server(localhost());
    server.on("/", says(reply("200 OK", "Connection: close\r\n")));
    Call request = to(server, "/");
    request.headers = {"Accept: application/json", "Authorization: Bearer t"};
    ASSERT_TRUE(call(request));
    request.body = "{\"hook\":1}";
    ASSERT_TRUE(call(request));
    const auto heads = server.heads();
    ASSERT_EQ(heads.size(), 2U);
    for (const auto& head : heads) EXPECT_THAT(head, HasSubstr("Accept: application/json\r\nAuthorization: Bearer t"));
    EXPECT_THAT(heads[0], ::testing::StartsWith("GET / HTTP/1.1"));
    EXPECT_THAT(heads[1], ::testing::StartsWith("POST / HTTP/1.1"));
    EXPECT_THAT(heads[1], HasSubstr("Content-Length: 10\r\n"));
}

TEST_F(CallTest, FollowsNoRedirection) {
    TlsServer server(localhost());
    server.on("/", says(reply("302 Found", "Location: /other\r\n")));
    const auto answer = call(to(server, "/"));
    ASSERT_TRUE(answer) << describe(answer.error());
    EXPECT_EQ(answer.value().status, 302);
    EXPECT_EQ(server.heads().size(), 1U);
}

TEST_F(CallTest, ReadsABodyUpToTheLimit) {
    TlsServer server(localhost());
    server.on("/most", says(reply("200 OK", "", std::string(limits::k_reply_bytes, 'x'))));
    server.on("/more", says(reply("200 OK", "", std::string(limits::k_reply_bytes + 1, 'x'))));
    const auto most = call(to(server, "/most"));
    ASSERT_TRUE(most) << describe(most.error());
    EXPECT_EQ(most.value().body.size(), limits::k_reply_bytes);
    EXPECT_THAT(failure(to(server, "/more")), HasSubstr("longer than 8388608 bytes"));
}

TEST_F(CallTest, SaysWhatIsWrongWithTheCertificate) {
    const Certificate expired = make_certificate("DNS:localhost", "20010101000000Z");
    const Certificate other = make_certificate("DNS:ehr.example");
    std::ofstream(ca_file_, std::ios::app) << pem(expired) << pem(other);
    TlsServer good(localhost()), late(expired), wrong(other);
    Call untrusting = to(good, "/");
    untrusting.ca_file = "";
    EXPECT_THAT(failure(untrusting),
                HasSubstr("not trusted: name the file of the authority that issued it as ca_file"));
    untrusting.ca_file = folder_.file("missing.pem");
    EXPECT_THAT(failure(untrusting), HasSubstr("ca_file cannot be read"));
    EXPECT_THAT(failure(to(late, "/")), HasSubstr("has expired"));
    EXPECT_THAT(failure(to(wrong, "/")), HasSubstr("another name"));
}

TEST_F(CallTest, SaysWhatIsWrongWithTheConnection) {
    TlsServer old(localhost(), TLS1_1_VERSION), server(localhost());
    server.on("/cut", [](Peer& peer) { peer.cut(); });
    server.on("/half", [](Peer& peer) {
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
        peer.close();
    });
    server.on("/silent", [](Peer& peer) { peer.await_end(); });
    server.on("/other", [](Peer& peer) {
        peer.write("SSH-2.0-server\r\n\r\n");
        peer.close();
    });
    Call silent = to(server, "/silent");
    silent.deadline = std::chrono::milliseconds(200);
    EXPECT_THAT(failure(silent), HasSubstr("no answer within 200 ms"));
    EXPECT_THAT(failure(to(server, "/cut")), HasSubstr("closed before all of the answer came"));
    EXPECT_THAT(failure(to(server, "/half")), HasSubstr("closed before all of the answer came"));
    EXPECT_THAT(failure(to(server, "/other")), HasSubstr("does not speak HTTP"));
    EXPECT_THAT(failure(to(old, "/")), HasSubstr("no TLS 1.2 or newer"));
}

}  // namespace
}  // namespace proctor::outbound::call_tls_test
