// Look-ups are the test's own, except for one of localhost, which needs no network.
#include "outbound/system_resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <new>

#include "base/limits.h"
#include "outbound/fake_resolver.h"
#include "support/manual_clock.h"

namespace proctor::outbound::system_resolver_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

SteadyTime in(milliseconds time) { return std::chrono::steady_clock::now() + time; }
constexpr seconds k_long(60);

// Look-ups wait until it is released; shared, since they may outlive the test's resolver.
struct Gate {
    std::latch open{1};
    std::latch entered{1};
    std::atomic<int> look_ups{0};
};

TEST(SystemResolver, KnowsTheLoopbackHost) {
    ManualClock clock;
    SystemResolver resolver(clock);
    const auto resolved = resolver.resolve("localhost", in(k_long));
    const auto* found = std::get_if<std::vector<Address>>(&resolved);
    ASSERT_NE(found, nullptr);
    for (const auto& address : *found) EXPECT_TRUE(is_inside(address)) << print(address);
}

TEST(SystemResolver, ReturnsAtTheDeadlineWhileALookUpHangs) {
    ManualClock clock;
    const auto gate = std::make_shared<Gate>();
    SystemResolver resolver(clock, [gate](const std::string&) {
        gate->open.wait();
        return addresses({"192.0.2.1"});
    });
    EXPECT_EQ(resolver.resolve("ehr.example", in(milliseconds(20))), Resolved(Failure::timeout));
    gate->open.count_down();
    EXPECT_EQ(resolver.resolve("ehr.example", in(k_long)), addresses({"192.0.2.1"}));
}

TEST(SystemResolver, DoesNotWaitForAHangingLookUpWhenItEnds) {
    ManualClock clock;
    const auto gate = std::make_shared<Gate>();
    {
        SystemResolver resolver(clock, [gate](const std::string&) -> Resolved {
            gate->open.wait();
            return Failure::unresolved;
        });
        EXPECT_EQ(resolver.resolve("ehr.example", in(milliseconds(20))), Resolved(Failure::timeout));
    }
    gate->open.count_down();
}

TEST(SystemResolver, LooksANameUpOnceForAllWhoAsk) {
    ManualClock clock;
    const auto gate = std::make_shared<Gate>();
    SystemResolver resolver(clock, [gate](const std::string&) {
        ++gate->look_ups;
        gate->entered.count_down();
        gate->open.wait();
        return addresses({"192.0.2.1"});
    });
    std::vector<std::future<Resolved>> asked;
    for (int i = 0; i < 3; ++i) {
        asked.push_back(std::async(std::launch::async, [&] { return resolver.resolve("ehr.example", in(k_long)); }));
    }
    gate->entered.wait();
    gate->open.count_down();
    for (auto& answer : asked) EXPECT_EQ(answer.get(), addresses({"192.0.2.1"}));
    EXPECT_EQ(gate->look_ups, 1);
}

TEST(SystemResolver, RemembersAddressesForThirtySecondsAndFailuresNotAtAll) {
    ManualClock clock;
    const auto look_ups = std::make_shared<std::atomic<int>>(0);
    SystemResolver resolver(clock, [look_ups](const std::string& host) -> Resolved {
        ++*look_ups;
        if (host == "away.example") return Failure::unresolved;
        if (host == "full.example") throw std::bad_alloc();
        return addresses({"192.0.2.1"});
    });
    static_cast<void>(resolver.resolve("ehr.example", in(k_long)));
    clock.pass(seconds(30) - milliseconds(1));
    static_cast<void>(resolver.resolve("ehr.example", in(k_long)));
    EXPECT_EQ(*look_ups, 1);
    clock.pass(milliseconds(1));
    static_cast<void>(resolver.resolve("ehr.example", in(k_long)));
    EXPECT_EQ(*look_ups, 2);
    for (const char* host : {"away.example", "full.example"}) {
        EXPECT_EQ(resolver.resolve(host, in(k_long)), Resolved(Failure::unresolved));
        EXPECT_EQ(resolver.resolve(host, in(k_long)), Resolved(Failure::unresolved));
    }
    EXPECT_EQ(*look_ups, 6);
}

TEST(SystemResolver, KeepsNoMoreNamesThanItsLimit) {
    ManualClock clock;
    SystemResolver resolver(clock, [](const std::string&) { return addresses({"192.0.2.1"}); });
    for (std::size_t i = 0; i < limits::k_resolver_hosts; ++i) {
        EXPECT_EQ(resolver.resolve(std::to_string(i), in(k_long)), addresses({"192.0.2.1"}));
    }
    EXPECT_EQ(resolver.resolve("one-more", in(k_long)), Resolved(Failure::unresolved));
    clock.pass(seconds(30));
    EXPECT_EQ(resolver.resolve("one-more", in(k_long)), addresses({"192.0.2.1"}));
}

}  // namespace
}  // namespace proctor::outbound::system_resolver_test
