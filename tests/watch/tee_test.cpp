#include "watch/tee.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace proctor::watch
