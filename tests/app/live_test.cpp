#include "app/live.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace proctor::app {
namespace {

Engines engine(const std::string& revision) {
    auto content = std::make_shared<rules::Content>();
    content->revision = revision;
    content->codes.build();
    return {std::make_shared<const hooks::Engine>(std::move(content))};
}

class LiveTest : public testing::Test {
protected:
    std::vector<ClientConfig> clients_ = std::vector<ClientConfig>(1);
    FixedClock clock_{fhir::read_instant("2026-06-15T12:00:00Z").value()};
    Live live_{engine("first"), clients_, clock_};
};

TEST_F(LiveTest, ARequestKeepsWhatItBeganWith) {
    const auto begun = live_.serving();
    live_.replace(engine("second"));
    EXPECT_EQ(begun->content().revision, "first");
    EXPECT_EQ(live_.serving()->content().revision, "second");
    EXPECT_THAT(live_.serving()->desks[0].discovery, testing::HasSubstr("services"));
}

TEST_F(LiveTest, ARefusedReloadChangesNothingButSaysWhyUntilOneWorks) {
    live_.refuse("cases");
    EXPECT_EQ(live_.serving()->content().revision, "first");
    EXPECT_EQ(live_.serving()->refused, "cases");
    EXPECT_EQ(live_.serving()->refused_at, clock_.now());
    live_.replace(engine("second"));
    EXPECT_EQ(live_.serving()->refused, "");
}

TEST_F(LiveTest, ReadersSeeOneWholeValueWhileItIsReplaced) {
    std::atomic<bool> done{false};
    std::atomic<int> seen{0};
    std::thread reader([&] {
        while (!done) {
            const auto serving = live_.serving();
            if (serving->content().revision.empty() || serving->desks[0].discovery.empty()) ADD_FAILURE();
            ++seen;
        }
    });
    while (seen == 0) std::this_thread::yield();
    for (int i = 0; i < 200; ++i) live_.replace(engine("r" + std::to_string(i)));
    done = true;
    reader.join();
}

}  // namespace
}  // namespace proctor::app
