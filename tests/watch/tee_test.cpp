#include "watch/tee.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace proctor::watch {
namespace {

TEST(Tee, TellsEveryLog) {
    std::ostringstream first, second;
    const auto one = log_to(first), other = log_to(second);
    Tee tee({one.get(), other.get()});
    tee.write(Event::started, {});
    EXPECT_NE(first.str().find("\"event\":\"started\""), std::string::npos);
    EXPECT_NE(second.str().find("\"event\":\"started\""), std::string::npos);
}

struct Full final : Log {
    void write(Event, const LogFields&) override {}
    [[nodiscard]] bool record(Event, const LogFields&) override { return false; }
};

TEST(Tee, HasRecordedWhatAllHave) {
    std::ostringstream lines;
    const auto line = log_to(lines);
    Full full;
    EXPECT_TRUE(Tee({line.get()}).record(Event::exported, {}));
    EXPECT_FALSE(Tee({&full, line.get()}).record(Event::exported, {}));
    EXPECT_EQ(std::count(lines.view().begin(), lines.view().end(), '\n'), 2) << "each is told";
}

}  // namespace
}  // namespace proctor::watch
