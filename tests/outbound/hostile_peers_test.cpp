// What servers may do to us: each row a script over real TLS and the failure it must end in.
#include <gmock/gmock.h>

#include "base/limits.h"
#include "outbound/fetching.h"

namespace proctor::outbound::hostile_peers_test {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string k_json = "Content-Type: application/fhir+json\r\n";

std::string reply(const std::string& head, const std::string& body) {
    return "HTTP/1.1 200 OK\r\n" + head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string only_status(const std::string& status, const std::string& head = "") {
    return "HTTP/1.1 " + status + "\r\n" + k_json + head + "Content-Length: 2\r\n\r\n{}";
}

Script says_and_cuts(const std::string& text) {
    return [text](Peer& peer) {
        peer.write(text);
        peer.cut();
    };
}
Script says_and_closes(const std::string& text) {
    return [text](Peer& peer) {
        peer.write(text);
        peer.close();
    };
}
Script drips(const std::string& text, const std::string& piece) {
    return [text, piece](Peer& peer) {
        peer.write(text);
        peer.drip(piece);
    };
}
// Until the client has had enough.
Script repeats(const std::string& text, const std::string& piece) {
    return [text, piece](Peer& peer) {
        if (!peer.write(text)) return;
        for (int i = 0; i < 100'000 && peer.write(piece); ++i) continue;
        peer.write("\r\n");
    };
}

struct Row {
    const char* name;
    Script script;
    const char* expected;
    bool hangs = false;
};

const std::vector<Row> k_rows = {
    {"ok", says(reply(k_json, "{}")), "ok {}"},
    {"empty", says(reply(k_json, "")), "ok "},
    {"chunked",
     says("HTTP/1.1 200 OK\r\n" + k_json + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"), "ok {}"},
    {"trailer",
     says("HTTP/1.1 200 OK\r\n" + k_json +
          "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nContent-Type: text/html\r\n\r\n"),
     "ok {}"},
    {"interim", says("HTTP/1.1 103 Early Hints\r\nContent-Type: text/html\r\n\r\n" + reply(k_json, "{}")), "ok {}"},
    {"at-limit", says(reply(k_json, std::string(1000, ' '))), nullptr},
    // Slow
    {"silent", [](Peer& peer) { peer.await_end(); }, "timeout", true},
    {"slow-head", drips("HTTP/1.1 200 OK\r\n", "X: 1\r\n"), "timeout", true},
    {"slow-status", drips("HTTP", "/"), "timeout", true},
    {"slow-body", drips("HTTP/1.1 200 OK\r\n" + k_json + "Content-Length: 900\r\n\r\n", " "), "timeout", true},
    {"half-body", drips("HTTP/1.1 200 OK\r\n" + k_json + "Content-Length: 900\r\n\r\n{", ""), "timeout", true},
    {"endless-interim", drips("", "HTTP/1.1 100 Continue\r\n\r\n"), "timeout", true},
    // Too much
    {"above-limit", says(reply(k_json, std::string(1001, ' '))), "tooLarge"},
    {"announced", drips("HTTP/1.1 200 OK\r\n" + k_json + "Content-Length: 99999999\r\n\r\n", ""), "tooLarge"},
    {"endless-chunks", repeats("HTTP/1.1 200 OK\r\n" + k_json + "Transfer-Encoding: chunked\r\n\r\n", "5\r\n     \r\n"),
     "tooLarge"},
    {"long-reason", says(only_status("200 " + std::string(30'000, 'x'))), "tooLarge"},
    {"many-headers", repeats("HTTP/1.1 200 OK\r\n" + k_json, "X-A: b\r\n"), "tooLarge"},
    {"long-header", repeats("HTTP/1.1 200 OK\r\nX-A: ", std::string(1000, 'a')), "tooLarge"},
    {"many-interims", repeats("", "HTTP/1.1 100 Continue\r\n\r\n"), "tooLarge"},
    {"long-trailer",
     repeats("HTTP/1.1 200 OK\r\n" + k_json + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", "X-A: b\r\n"),
     "tooLarge"},
    // No HTTP, or not all of it
    {"garbage", says_and_closes("\x01\x02\x03 garbage \xff\xfe\r\n\r\n"), "protocol"},
    {"old-http", says_and_closes("{}"), "protocol"},
    {"other-http", says_and_closes("HTTP/7.0 200 OK\r\n" + k_json + "\r\n{}"), "protocol"},
    {"nothing", says_and_closes(""), "protocol"},
    {"dies-before-head", says_and_cuts(""), "protocol"},
    {"dies-in-head", says_and_cuts("HTTP/1.1 200 OK\r\nContent-Ty"), "protocol"},
    {"dies-in-body", says_and_cuts("HTTP/1.1 200 OK\r\n" + k_json + "Content-Length: 900\r\n\r\n{"), "protocol"},
    {"truncated", says_and_closes("HTTP/1.1 200 OK\r\n" + k_json + "Content-Length: 900\r\n\r\n{"), "protocol"},
    {"truncated-chunk", says_and_closes("HTTP/1.1 200 OK\r\n" + k_json + "Transfer-Encoding: chunked\r\n\r\n10\r\n{"),
     "protocol"},
    {"until-close", says_and_closes("HTTP/1.1 200 OK\r\n" + k_json + "\r\n{}"), "protocol"},
    {"bad-chunk", says_and_closes("HTTP/1.1 200 OK\r\n" + k_json + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}"),
     "protocol"},
    {"switches", drips("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "{}"), "protocol"},
    {"gzip", says(reply(k_json + "Content-Encoding: gzip\r\n", "\x1f\x8b\x08")), "protocol"},
    {"gzip-transfer", says("HTTP/1.1 200 OK\r\n" + k_json + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
     "protocol"},
    // Other answers than we asked for
    {"html", says(reply("Content-Type: text/html\r\n", "<html>")), "contentType"},
    {"no-type", says(reply("", "{}")), "contentType"},
    {"unauthorized", says(only_status("401 Unauthorized", "WWW-Authenticate: Basic realm=x\r\n")), "unauthorized"},
    {"forbidden", says(only_status("403 Forbidden")), "unauthorized"},
    {"missing", says(only_status("404 Not Found")), "missing"},
    {"gone", says(only_status("410 Gone")), "missing"},
    {"too-many", says(only_status("429 Too Many Requests", "Retry-After: 1\r\n")), "status"},
    {"broken", says(only_status("500 Internal Server Error")), "status"},
    {"no-content", says("HTTP/1.1 204 No Content\r\n\r\n"), "status"},
    {"metadata", says(only_status("302 Found", "Location: http://169.254.169.254/latest/\r\n")), "redirect"},
    {"plain-http", says(only_status("301 Moved Permanently", "Location: http://ehr.example/\r\n")), "redirect"},
    {"moved", says(only_status("307 Temporary Redirect", "Location: /ok\r\n")), "redirect"},
    {"elsewhere", says(only_status("308 Permanent Redirect", "Location: https://evil.example/\r\n")), "redirect"},
};

class HostilePeers : public FetchingTest {
protected:
    HostilePeers() {
        for (const auto& row : k_rows) server_.on(path_of(row), row.script);
    }
    static std::string path_of(const Row& row) { return std::string("/") + row.name; }
    // As below a FHIR base, which is the whole server here.
    static Get below(const TlsServer& server, const std::string& path) {
        Get get = inside(server, path);
        get.base = inside(server, "").url;
        return get;
    }

    TlsServer server_{good_certificate()};
};

TEST_F(HostilePeers, EndInTheirFailure) {
    for (const auto& row : k_rows) {
        fetcher_ = std::make_unique<CurlFetcher>(resolver_, clock_, ca_file_);  // no circuit that is open
        const auto fetched = fetch(inside(server_, path_of(row)), row.hangs ? in(milliseconds(300)) : late());
        const std::string expected = row.expected != nullptr ? row.expected : "ok " + std::string(1000, ' ');
        EXPECT_EQ(word(fetched), expected) << row.name;
    }
}

TEST_F(HostilePeers, GetTheTokenOnceAndNobodyElseDoes) {
    for (const char* name : {"metadata", "plain-http", "moved", "elsewhere", "unauthorized", "too-many", "broken"}) {
        TlsServer server(good_certificate());
        for (const auto& row : k_rows) server.on(path_of(row), row.script);
        static_cast<void>(fetch(inside(server, std::string("/") + name), late()));
        EXPECT_EQ(server.heads().size(), 1U) << name;
        EXPECT_EQ(server.connections(), 1) << name;
    }
    EXPECT_THAT(resolver_.asked(), ::testing::Each("ehr.example"));
}

TEST_F(HostilePeers, DoNotHoldUpOthers) {
    const auto answers =
        fetcher_->get({inside(server_, "/silent"), inside(server_, "/ok"), inside(server_, "/slow-body"),
                       inside(server_, "/missing"), inside(server_, "/endless-chunks")},
                      in(std::chrono::seconds(3)));
    std::vector<std::string> words;
    for (const auto& answer : answers) words.push_back(word(answer));
    EXPECT_THAT(words, ::testing::ElementsAre("timeout", "ok {}", "timeout", "missing", "tooLarge"));
}

TEST_F(HostilePeers, ThatCloseAtOnceAreNotTheEndOfUs) {
    server_.close_at_once();
    EXPECT_EQ(word(fetch(inside(server_, "/ok"), late())), "tls");
}

TEST_F(HostilePeers, ThatHangInTheHandshakeAreCutAtTheDeadline) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::listen(listener, 8), 0);  // the kernel connects, and nobody accepts
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    Get get = inside(server_, "/ok");
    get.url = "https://ehr.example:" + std::to_string(ntohs(address.sin_port)) + "/ok";
    EXPECT_EQ(word(fetch(get, in(milliseconds(300)))), "timeout");
    ::close(listener);
    EXPECT_EQ(word(fetch(get, late())), "connect");
}

TEST_F(HostilePeers, MustProveWhoTheyAre) {
    const Certificate stranger = make_certificate("DNS:ehr.example", "20981231235959Z");
    const Certificate* certificates[] = {&stranger, &expired_certificate(), &other_hosts_certificate()};
    for (const auto* certificate : certificates) {
        TlsServer server(*certificate);
        server.on("/ok", says(reply(k_json, "{}")));
        EXPECT_EQ(word(fetch(inside(server, "/ok"), late())), "tls");
        EXPECT_TRUE(server.heads().empty());
    }
}

TEST_F(HostilePeers, MustSpeakTls12OrNewer) {
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsServer server(good_certificate(), version);
        server.on("/ok", says(reply(k_json, "{}")));
        const bool fine = version == TLS1_2_VERSION || version == TLS1_3_VERSION;
        EXPECT_EQ(word(fetch(inside(server, "/ok"), late())), fine ? "ok {}" : "tls") << version;
    }
}

TEST_F(HostilePeers, CostNoFileDescriptors) {
    const auto open = [] {
        const std::filesystem::directory_iterator files("/proc/self/fd");
        return std::distance(begin(files), end(files));
    };
    const auto attack = [this] {
        TlsServer server(good_certificate());
        for (const auto& row : k_rows) server.on(path_of(row), row.script);
        fetcher_ = std::make_unique<CurlFetcher>(resolver_, clock_, ca_file_);
        std::vector<Get> gets;
        for (const auto& row : k_rows) gets.push_back(inside(server, path_of(row)));
        static_cast<void>(fetcher_->get(gets, in(std::chrono::seconds(1))));
        fetcher_.reset();
    };
    attack();
    const auto before = open();
    attack();
    EXPECT_EQ(open(), before);
}

TEST_F(HostilePeers, ThatFailManyRequestsOfOneCallFailedOnce) {
    const Get broken = below(server_, "/broken"), fine = below(server_, "/ok");
    static_cast<void>(fetcher_->get(std::vector<Get>(8, broken), late()));
    EXPECT_TRUE(fetcher_->open_circuits().empty());
    for (int i = 0; i < 8; ++i) static_cast<void>(fetcher_->get({broken, fine, broken}, late()));
    EXPECT_TRUE(fetcher_->open_circuits().empty()) << "one that answers is well";
}

TEST_F(HostilePeers, AreLeftAloneAfterFiveFailuresAndAskedAgainLater) {
    const Get broken = below(server_, "/broken"), fine = below(server_, "/ok");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(word(fetch(broken, late())), "status");
    EXPECT_EQ(word(fetch(fine, late())), "circuitOpen");
    EXPECT_EQ(server_.heads().size(), 5U);
    EXPECT_EQ(fetcher_->open_circuits(), std::vector<std::string>{fine.base});
    clock_.pass(std::chrono::seconds(limits::k_breaker_seconds));
    const auto answers = fetcher_->get({fine, fine}, late());
    EXPECT_EQ(word(answers[0]), "ok {}");
    EXPECT_EQ(word(answers[1]), "ok {}") << "the one call that is let through is let through whole";
    EXPECT_TRUE(fetcher_->open_circuits().empty());
}

TEST_F(HostilePeers, OfOneBaseCostNoOtherAndNoKeySetOnTheSameHost) {
    server_.on("/a/broken", says(only_status("500 Internal Server Error")));
    server_.on("/b/ok", says(reply(k_json, "{}")));
    Get broken = inside(server_, "/a/broken"), other = inside(server_, "/b/ok");
    broken.base = inside(server_, "/a").url;
    other.base = inside(server_, "/b").url;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(word(fetch(broken, late())), "status");
    EXPECT_EQ(word(fetch(broken, late())), "circuitOpen");
    EXPECT_EQ(word(fetch(other, late())), "ok {}");
    EXPECT_EQ(word(fetch(inside(server_, "/ok"), late())), "ok {}") << "a key set: a URL of its own";
}

// A client chooses its token and its paging links, so it can make its own requests fail.
TEST_F(HostilePeers, OfOneClientCostNoOtherOfTheSameBase) {
    Get broken = below(server_, "/broken"), fine = below(server_, "/ok");
    broken.client = "one";
    for (int i = 0; i < 5; ++i) EXPECT_EQ(word(fetch(broken, late())), "status");
    EXPECT_EQ(word(fetch(broken, late())), "circuitOpen");
    fine.client = "other";
    EXPECT_EQ(word(fetch(fine, late())), "ok {}");
    fine.client = "one";
    EXPECT_EQ(word(fetch(fine, late())), "circuitOpen");
}

TEST_F(HostilePeers, ThatRefuseARequestAreWell) {
    server_.on("/bad-request", says(only_status("400 Bad Request")));
    for (int i = 0; i < 6; ++i) EXPECT_EQ(word(fetch(below(server_, "/bad-request"), late())), "refused");
    EXPECT_TRUE(fetcher_->open_circuits().empty());
}

}  // namespace
}  // namespace proctor::outbound::hostile_peers_test
