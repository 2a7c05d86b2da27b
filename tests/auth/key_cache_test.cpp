#include "auth/key_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "auth/signing.h"
#include "support/fake_key_server.h"
#include "support/manual_clock.h"
#include "support/threads.h"

namespace proctor::auth {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr int k_threads = 32;
constexpr int k_calls = 1000;

std::string key_set(const std::vector<std::string>& jwks) {
    std::string all;
    for (const auto& jwk : jwks) all += (all.empty() ? "" : ",") + jwk;
    return R"({"keys":[)" + all + "]}";
}

class KeyCacheTest : public ::testing::Test {
protected:
    // "kid", or the reason.
    std::string found(KeyCache& cache, std::string_view kid) {
        const auto answer = cache.find(kid);
        if (const auto* reason = std::get_if<Reason>(&answer)) return std::string(print(*reason));
        return std::get_if<Key>(&answer)->kid;
    }

    // k_calls calls for this kid from k_threads threads; how many got `expected`. A fetch ends when every thread is
    // about to ask.
    int herd(KeyCache& cache, std::string_view kid, const std::string& expected) {
        std::latch asking(k_threads);
        server_.during_fetch = [&, then = server_.during_fetch] {
            asking.wait();
            then();
        };
        std::atomic<int> calls = 0, as_expected = 0;
        at_once(k_threads, [&](int) {
            asking.count_down();
            while (calls++ < k_calls) as_expected += found(cache, kid) == expected ? 1 : 0;
        });
        return as_expected;
    }

    const std::string a_ = signing::SigningKey::ec("P-256").jwk("a"), b_ = signing::SigningKey::ed25519().jwk("b");
    ManualClock clock_;
    FakeKeyServer server_;
    std::ostringstream lines_;
    const std::unique_ptr<Log> log_ = log_to(lines_);
    KeyCache cache_{{"https://ehr.example/jwks?secret", "", 1h, "north"}, server_, clock_, *log_};
    KeyCache file_{{"", "ehr.jwks.json", 1h, "south"}, server_, clock_, *log_};
};

TEST_F(KeyCacheTest, FetchesAtTheFirstUseAndNotAtTheNext) {
    server_.gives(key_set({a_, b_}));
    EXPECT_EQ(cache_.state(), KeyState::unavailable);
    EXPECT_EQ(server_.fetches, 0);
    EXPECT_EQ(found(cache_, "a"), "a");
    EXPECT_EQ(found(cache_, "b"), "b");
    EXPECT_EQ(server_.fetches, 1);
    EXPECT_EQ(cache_.state(), KeyState::fresh);
}

TEST_F(KeyCacheTest, AHerdOfFirstUsesFetchesOnce) {
    server_.gives(key_set({a_}));
    EXPECT_EQ(herd(cache_, "a", "a"), k_calls);
    EXPECT_EQ(server_.fetches, 1);
}

TEST_F(KeyCacheTest, AHerdWithAnUnknownKidFetchesOnce) {
    server_.gives(key_set({a_}));
    cache_.refresh();
    EXPECT_EQ(herd(cache_, "invented", "unknownKey"), k_calls);
    EXPECT_EQ(server_.fetches, 2);
}

TEST_F(KeyCacheTest, AHerdWithANewKidFetchesOnceAndFindsIt) {
    server_.gives(key_set({a_}));
    cache_.refresh();
    server_.gives(key_set({a_, b_}));
    EXPECT_EQ(herd(cache_, "b", "b"), k_calls);
    EXPECT_EQ(server_.fetches, 2);
}

TEST_F(KeyCacheTest, AHerdAtAServerThatIsDownFetchesOnce) {
    EXPECT_EQ(herd(cache_, "a", "keysUnavailable"), k_calls);
    EXPECT_EQ(server_.fetches, 1);
}

TEST_F(KeyCacheTest, AsksForUnknownKidsOnceAMinute) {
    server_.gives(key_set({a_}), 24h);
    cache_.refresh();
    const std::vector<std::pair<std::chrono::seconds, int>> steps = {{0s, 2}, {59s, 2}, {1s, 3}, {59s, 3}, {1s, 4}};
    for (const auto& [later, fetches] : steps) {
        clock_.pass(later);
        EXPECT_EQ(found(cache_, "invented"), "unknownKey");
        EXPECT_EQ(found(cache_, "other"), "unknownKey");
        EXPECT_EQ(server_.fetches, fetches);
    }
}

TEST_F(KeyCacheTest, LifetimeIsTheServersWithinBounds) {
    struct Row {
        std::optional<std::chrono::seconds> said;
        std::chrono::seconds lifetime;
    };
    const std::vector<Row> rows = {{std::nullopt, 1h}, {0s, 60s}, {60s, 60s}, {300s, 300s}, {24h, 24h}, {999h, 24h}};
    for (const auto& [said, lifetime] : rows) {
        KeyCache cache({"https://ehr.example/jwks", "", 0s}, server_, clock_, *log_);
        server_.gives(key_set({a_}), said);
        cache.refresh();
        server_.fails();
        clock_.pass(lifetime * 4 / 5 - 1ms);
        EXPECT_FALSE(cache.refresh_due()) << lifetime.count();
        clock_.pass(1ms);
        EXPECT_TRUE(cache.refresh_due()) << lifetime.count();
        clock_.pass(lifetime / 5 - 1ms);
        EXPECT_EQ(found(cache, "a"), "a") << lifetime.count();
        clock_.pass(1ms);
        EXPECT_EQ(found(cache, "a"), "keysUnavailable") << lifetime.count();
    }
}

TEST_F(KeyCacheTest, RefreshFetchesOnlyWhenDue) {
    server_.gives(key_set({a_}), 100s);
    for (int i = 0; i < 3; ++i) cache_.refresh();
    EXPECT_EQ(server_.fetches, 1);
    clock_.pass(80s);
    for (int i = 0; i < 3; ++i) cache_.refresh();
    EXPECT_EQ(server_.fetches, 2);
}

TEST_F(KeyCacheTest, RotationReplacesOneKeyByAnother) {
    const std::vector<std::vector<std::string>> published = {{a_}, {a_, b_}, {b_}};
    const std::vector<std::pair<std::string, std::string>> expected = {
        {"a", "unknownKey"}, {"a", "b"}, {"unknownKey", "b"}};
    for (std::size_t i = 0; i < published.size(); ++i) {
        server_.gives(key_set(published[i]), 100s);
        cache_.refresh();
        const int fetches = server_.fetches;
        EXPECT_EQ(found(cache_, "a"), expected[i].first);
        EXPECT_EQ(found(cache_, "b"), expected[i].second);
        EXPECT_LE(server_.fetches, fetches + 1);
        clock_.pass(80s);
    }
}

TEST_F(KeyCacheTest, ARemovedKeyEndsWithTheLifetimeEvenIfNobodyRefreshes) {
    server_.gives(key_set({a_, b_}), 100s);
    EXPECT_EQ(found(cache_, "a"), "a");
    server_.gives(key_set({b_}), 100s);
    clock_.pass(99s);
    EXPECT_EQ(found(cache_, "a"), "a");
    clock_.pass(1s);
    EXPECT_EQ(found(cache_, "a"), "unknownKey");
}

TEST_F(KeyCacheTest, AFailureThatIsOverProlongsNothing) {
    server_.gives(key_set({a_}), 100s);
    cache_.refresh();
    server_.fails();
    clock_.pass(80s);
    cache_.refresh();
    server_.gives(key_set({a_}), 100s);
    clock_.pass(10s);
    cache_.refresh();
    server_.gives(key_set({b_}), 100s);
    clock_.pass(100s);
    EXPECT_EQ(found(cache_, "a"), "unknownKey");
}

TEST_F(KeyCacheTest, WhileItsServerIsDownASetOutlivesItsLifetimeByAnHour) {
    server_.gives(key_set({a_}), 100s);
    cache_.refresh();
    server_.fails();
    struct Row {
        std::chrono::milliseconds later;
        KeyState state;
        std::string found;
    };
    const std::vector<Row> rows = {{80s, KeyState::fresh, "a"},
                                   {20s, KeyState::stale, "a"},
                                   {1h - 1ms, KeyState::stale, "a"},
                                   {1ms, KeyState::unavailable, "keysUnavailable"},
                                   {24h, KeyState::unavailable, "keysUnavailable"}};
    for (const auto& row : rows) {
        clock_.pass(row.later);
        cache_.refresh();
        EXPECT_EQ(cache_.state(), row.state);
        EXPECT_EQ(found(cache_, "a"), row.found);
    }
    server_.gives(key_set({a_}), 100s);
    clock_.pass(10s);
    EXPECT_EQ(found(cache_, "a"), "a");
    EXPECT_EQ(cache_.state(), KeyState::fresh);
}

TEST_F(KeyCacheTest, AServerThatFailedIsLeftAloneForAWhile) {
    for (const int fetches : {1, 2, 3}) {
        EXPECT_EQ(found(cache_, "a"), "keysUnavailable");
        EXPECT_EQ(found(cache_, "a"), "keysUnavailable");
        EXPECT_FALSE(cache_.refresh_due());
        EXPECT_EQ(server_.fetches, fetches);
        clock_.pass(10s);
        EXPECT_TRUE(cache_.refresh_due());
    }
}

TEST_F(KeyCacheTest, ASetThatIsRefusedNeverReplacesAGoodOne) {
    const std::vector<std::string> bad = {"",
                                          "<html>",
                                          "{}",
                                          R"({"keys":{}})",
                                          key_set({a_, a_}),
                                          key_set({b_, R"({"kty":"oct","k":"AAAA","kid":"c"})"}),
                                          std::string(300'000, ' ')};
    server_.gives(key_set({a_}), 100s);
    cache_.refresh();
    for (const auto& body : bad) {
        server_.gives(body);
        clock_.pass(80s);
        cache_.refresh();
        EXPECT_EQ(found(cache_, "a"), "a") << body.substr(0, 40);
        EXPECT_EQ(found(cache_, "b"), "unknownKey");
    }
    EXPECT_EQ(cache_.state(), KeyState::stale);
}

TEST_F(KeyCacheTest, ACallWithAKnownKeyDoesNotWaitForARefresh) {
    server_.gives(key_set({a_}), 100s);
    cache_.refresh();
    clock_.pass(80s);
    std::promise<void> fetching, go_on;
    server_.during_fetch = [&] {
        fetching.set_value();
        go_on.get_future().wait();
    };
    std::thread refresher([&] { cache_.refresh(); });
    fetching.get_future().wait();
    EXPECT_EQ(found(cache_, "a"), "a");
    EXPECT_FALSE(cache_.refresh_due());
    go_on.set_value();
    refresher.join();
    EXPECT_EQ(server_.fetches, 2);
}

TEST_F(KeyCacheTest, AServerThatThrowsLeavesNobodyWaiting) {
    server_.during_fetch = [] { throw std::runtime_error("of a library"); };
    EXPECT_EQ(herd(cache_, "a", "keysUnavailable"), k_calls);
}

// As when memory is short: it promises not to, and nobody should have to trust that.
class ThrowingLog final : public Log {
public:
    void write(Event, const LogFields&) override { throw std::bad_alloc(); }
};

TEST_F(KeyCacheTest, ALogThatThrowsLeavesNobodyWaiting) {
    ThrowingLog log;
    KeyCache cache({"https://ehr.example/jwks", "", 1h, "north"}, server_, clock_, log);
    EXPECT_THROW(cache.refresh(), std::bad_alloc);
    server_.gives(key_set({a_}));
    EXPECT_EQ(found(cache, "a"), "a");
}

TEST_F(KeyCacheTest, WhoHasWaitedTooLongForTheFetchOfAnotherGoesWithoutAKey) {
    KeyCache cache({"https://ehr.example/jwks", "", 1h, "north"}, server_, clock_, *log_, 1ms);
    server_.gives(key_set({a_}), 100s);
    std::promise<void> fetching, go_on;
    server_.during_fetch = [&] {
        fetching.set_value();
        go_on.get_future().wait();
    };
    std::thread refresher([&] { cache.refresh(); });
    fetching.get_future().wait();
    EXPECT_EQ(found(cache, "a"), "keysUnavailable");
    go_on.set_value();
    refresher.join();
    EXPECT_EQ(found(cache, "a"), "a");
    EXPECT_EQ(server_.fetches, 1);
}

TEST_F(KeyCacheTest, EveryFetchThatFailsIsAnEventWithItsReason) {
    server_.fails();
    cache_.refresh();
    cache_.refresh();
    EXPECT_EQ(found(cache_, "a"), "keysUnavailable");
    EXPECT_EQ(server_.fetches, 1) << "the others wait";
    clock_.pass(10s);
    for (const char* none : {"{}", R"({"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]})"}) {
        server_.gives(none);
        cache_.refresh();
        clock_.pass(10s);
    }
    server_.gives(key_set({a_}));
    cache_.refresh();
    std::vector<std::string> said;
    std::istringstream lines(lines_.str());
    for (std::string line; std::getline(lines, line);) said.push_back(line.substr(line.find(R"("event")")));
    EXPECT_THAT(said, ElementsAre(R"("event":"keysFailed","reason":"timeout","client":"north"})",
                                  R"("event":"keysFailed","reason":"keySet","client":"north"})",
                                  R"("event":"keysFailed","reason":"keySet","client":"north"})"));
}

TEST_F(KeyCacheTest, AFileIsReadOnceAndAtAReload) {
    server_.gives(key_set({a_}));
    EXPECT_TRUE(file_.reload_file());
    clock_.pass(1000h);
    EXPECT_EQ(found(file_, "a"), "a");
    EXPECT_EQ(found(file_, "b"), "unknownKey");
    EXPECT_FALSE(file_.refresh_due());
    EXPECT_EQ(server_.reads, 1);

    server_.gives(key_set({b_}));
    EXPECT_TRUE(file_.reload_file());
    EXPECT_EQ(found(file_, "a"), "unknownKey");
    EXPECT_EQ(found(file_, "b"), "b");
    EXPECT_EQ(file_.state(), KeyState::fresh);
    EXPECT_EQ(server_.fetches, 0);
}

TEST_F(KeyCacheTest, AFileThatIsRefusedChangesNothing) {
    server_.gives(key_set({a_}));
    EXPECT_TRUE(file_.reload_file());
    server_.gives("{}");
    EXPECT_EQ(describe(file_.reload_file().error()), "ehr.jwks.json: not a JWK Set in strict JSON");
    server_.gives(R"({"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]})");
    EXPECT_EQ(describe(file_.reload_file().error()), "ehr.jwks.json/keys/0: a key that is private or symmetric");
    server_.fails();
    EXPECT_FALSE(file_.reload_file());
    EXPECT_EQ(lines_.str(), "") << "whoever reads it tells";
    EXPECT_EQ(found(file_, "a"), "a");
    EXPECT_EQ(file_.state(), KeyState::fresh);
}

TEST_F(KeyCacheTest, NoFileIsNoKey) {
    EXPECT_FALSE(file_.reload_file());
    EXPECT_EQ(found(file_, "a"), "keysUnavailable");
    EXPECT_EQ(file_.state(), KeyState::unavailable);
}

TEST_F(KeyCacheTest, ReloadingFilesLeavesAddressesAlone) {
    EXPECT_TRUE(cache_.reload_file());
    EXPECT_EQ(server_.fetches + server_.reads, 0);
}

TEST(KeyState, IsOneWord) {
    EXPECT_EQ(print(KeyState::fresh), "fresh");
    EXPECT_EQ(print(KeyState::stale), "stale");
    EXPECT_EQ(print(KeyState::unavailable), "unavailable");
}

}  // namespace
}  // namespace proctor::auth
