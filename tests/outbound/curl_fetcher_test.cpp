// What a request looks like on the wire, and what connections are used for.
#include "outbound/curl_fetcher.h"

#include <gmock/gmock.h>

#include <atomic>
#include <cstdlib>
#include <future>
#include <latch>
#include <map>

#include "base/limits.h"
#include "outbound/fetching.h"
#include "support/eventually.h"

namespace proctor::outbound::curl_fetcher_test {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string k_reply =
    "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nCache-Control: max-age=60\r\nSet-Cookie: a=b\r\n"
    "Content-Length: 2\r\n\r\n{}";

class CurlFetcherTest : public FetchingTest {
protected:
    CurlFetcherTest() {
        for (const char* path : {"/fhir/Patient/1", "/fhir/Observation?patient=1", "/fhir"}) {
            server_.on(path, [](Peer& peer) { peer.write(k_reply); });
        }
    }
    TlsServer server_{good_certificate()};
};

TEST_F(CurlFetcherTest, SendsWhatIsNeededAndNothingElse) {
    const std::string host = "ehr.example:" + std::to_string(server_.port());
    const auto fetched = fetch(inside(server_, "/fhir/Patient/1"), late());
    ASSERT_EQ(word(fetched), "ok {}");
    EXPECT_EQ(std::get<Reply>(fetched).max_age, std::chrono::seconds(60));
    EXPECT_EQ(server_.heads(), std::vector<std::string>{"GET /fhir/Patient/1 HTTP/1.1\r\nHost: " + host +
                                                        "\r\nUser-Agent: proctor\r\nAccept: application/fhir+json\r\n"
                                                        "Accept-Encoding: identity\r\n"
                                                        "Authorization: Bearer secret-token\r\n\r\n"});
}

TEST_F(CurlFetcherTest, KeepsConnectionsAndNeitherCookiesNorTokens) {
    Get get = inside(server_, "/fhir/Patient/1");
    EXPECT_EQ(word(fetch(get, late())), "ok {}");
    get.bearer = "other-token";
    EXPECT_EQ(word(fetch(get, late())), "ok {}");
    get.bearer.clear();
    get.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    EXPECT_EQ(word(fetch(get, late())), "ok {}");
    EXPECT_EQ(server_.connections(), 1);
    const auto heads = server_.heads();
    ASSERT_EQ(heads.size(), 3U);
    EXPECT_THAT(heads[1], AllOf(HasSubstr("Bearer other-token"), Not(HasSubstr("secret")), Not(HasSubstr("Cookie"))));
    EXPECT_THAT(heads[2], Not(HasSubstr("Authorization")));
    EXPECT_THAT(heads[2], HasSubstr("\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"));
    EXPECT_THAT(heads[1], Not(HasSubstr("trace")));
}

TEST_F(CurlFetcherTest, AnswersEachRequestInItsPlace) {
    Get bad = inside(server_, "/fhir");
    bad.bearer = "two words";
    const auto answers = fetcher_->get({inside(server_, "/nowhere"), bad, inside(server_, "/fhir")}, late());
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(word(answers[0]), "protocol");
    EXPECT_EQ(word(answers[1]), "badToken");
    EXPECT_EQ(word(answers[2]), "ok {}");
    EXPECT_TRUE(fetcher_->get({}, late()).empty());
}

TEST_F(CurlFetcherTest, TakesNoMoreThanItsConnectionsToOneServer) {
    TlsServer busy(good_certificate());
    std::latch full(limits::k_sockets_per_host);
    busy.on("/x", [&full](Peer& peer) {
        if (!full.try_wait()) full.arrive_and_wait();
        peer.write(k_reply);
    });
    const std::vector<Get> many(3 * limits::k_sockets_per_host, inside(busy, "/x"));
    for (const auto& answer : fetcher_->get(many, late())) EXPECT_EQ(word(answer), "ok {}");
    EXPECT_EQ(busy.connections(), limits::k_sockets_per_host);
}

TEST_F(CurlFetcherTest, GivesUpRequestsThatWaitForAConnection) {
    TlsServer busy(good_certificate());
    busy.on("/x", [](Peer& peer) { peer.await_end(); });
    const std::vector<Get> many(2 * limits::k_sockets_per_host, inside(busy, "/x"));
    std::map<std::string, int> words;
    for (const auto& answer : fetcher_->get(many, in(std::chrono::seconds(1)))) ++words[word(answer)];
    EXPECT_EQ(words, (std::map<std::string, int>{{"crowded", limits::k_sockets_per_host},
                                                 {"timeout", limits::k_sockets_per_host}}));
    EXPECT_LE(busy.heads().size(), static_cast<std::size_t>(limits::k_sockets_per_host));
    busy.await_ended(1);  // hangs up, too
}

TEST_F(CurlFetcherTest, ThatOurOwnConnectionsWereAllInUseIsHeldAgainstNoServer) {
    TlsServer busy(good_certificate());
    busy.on("/slow", [](Peer& peer) { peer.await_end(); });
    const std::vector<Get> slow(limits::k_sockets_per_host, inside(busy, "/slow"));
    auto others = std::async(std::launch::async, [&] { return fetcher_->get(slow, in(std::chrono::seconds(3))); });
    ASSERT_TRUE(eventually([&] { return busy.heads().size() >= slow.size(); }));
    for (int i = 0; i < 2 * limits::k_breaker_failures; ++i)
        EXPECT_EQ(word(fetch(inside(busy, "/x"), in(milliseconds(20)))), "crowded");
    EXPECT_TRUE(fetcher_->open_circuits().empty());
    for (const auto& answer : others.get()) EXPECT_EQ(word(answer), "timeout");
}

TEST_F(CurlFetcherTest, OutlivesConnectionsThatAreResetWhileIdle) {
    std::atomic<int> idle{-1};
    TlsServer resetting(good_certificate());
    resetting.on("/x", [&idle](Peer& peer) {
        idle = peer.fd();
        peer.write(k_reply);
    });
    EXPECT_EQ(word(fetch(inside(resetting, "/x"), late())), "ok {}");
    reset(idle);
    EXPECT_EQ(word(fetch(inside(resetting, "/x"), late())), "ok {}");
    EXPECT_EQ(resetting.connections(), 2);
}

TEST_F(CurlFetcherTest, ServesManyThreadsAtOnce) {
    std::vector<std::future<std::vector<Fetched>>> callers;
    for (int i = 0; i < 8; ++i) {
        callers.push_back(std::async(std::launch::async, [this] {
            return fetcher_->get({inside(server_, "/fhir/Patient/1"), inside(server_, "/fhir")}, late());
        }));
    }
    for (auto& caller : callers) {
        for (const auto& answer : caller.get()) EXPECT_EQ(word(answer), "ok {}");
    }
}

TEST_F(CurlFetcherTest, AsksNobodyWhenItIsTooLateAlready) {
    for (int i = 0; i < 2 * limits::k_breaker_failures; ++i) {
        EXPECT_EQ(word(fetch(inside(server_, "/fhir"), in(milliseconds(-1)))), "timeout");
    }
    EXPECT_TRUE(resolver_.asked().empty());
    EXPECT_TRUE(fetcher_->open_circuits().empty());
}

TEST_F(CurlFetcherTest, IgnoresProxiesOfTheEnvironment) {
    ::setenv("https_proxy", "http://127.0.0.1:1", 1);
    ::setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    EXPECT_EQ(word(fetch(inside(server_, "/fhir"), late())), "ok {}");
    ::unsetenv("https_proxy");
    ::unsetenv("ALL_PROXY");
}

TEST_F(CurlFetcherTest, TrustsTheSystemAloneWithoutAFile) {
    fetcher_ = std::make_unique<CurlFetcher>(resolver_, clock_);
    EXPECT_EQ(word(fetch(inside(server_, "/fhir"), late())), "tls");
    fetcher_ = std::make_unique<CurlFetcher>(resolver_, clock_, ca_file_ + ".missing");
    EXPECT_EQ(word(fetch(inside(server_, "/fhir"), late())), "tls");
    EXPECT_TRUE(server_.heads().empty());
}

TEST_F(CurlFetcherTest, SendsTokensOfTheirCharactersAlone) {
    const struct {
        std::string token;
        const char* expected;
    } rows[] = {
        {"AZaz09-._~+/=", "ok {}"},
        {std::string(limits::k_bearer_bytes, 'a'), "ok {}"},
        {std::string(limits::k_bearer_bytes + 1, 'a'), "badToken"},
        {"a b", "badToken"},
        {"a\r\nX-Evil: b", "badToken"},
        {"a\n", "badToken"},
        {"a\tb", "badToken"},
        {"a,b", "badToken"},
        {"a\"", "badToken"},
        {"\xc3\xa4", "badToken"},
        {std::string("a\0b", 3), "badToken"},
    };
    for (const auto& row : rows) {
        Get get = inside(server_, "/fhir");
        get.bearer = row.token;
        EXPECT_EQ(word(fetch(get, late())), row.expected) << row.token;
    }
    for (const auto& head : server_.heads()) EXPECT_THAT(head, Not(HasSubstr("X-Evil")));
}

TEST_F(CurlFetcherTest, EndsWhileRequestsAreUnderWay) {
    TlsServer busy(good_certificate());
    std::latch entered(1);
    busy.on("/x", [&entered](Peer& peer) {
        entered.count_down();
        peer.await_end();
    });
    // The caller returns at its deadline; the transfer may or may not have been given up when the fetcher ends.
    auto caller = std::async(std::launch::async, [&] { return fetch(inside(busy, "/x"), in(milliseconds(300))); });
    EXPECT_EQ(word(caller.get()), "timeout");
    fetcher_.reset();
}

}  // namespace
}  // namespace proctor::outbound::curl_fetcher_test
