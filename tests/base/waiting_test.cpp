#include "base/waiting.h"

#include <gtest/gtest.h>

namespace proctor {
namespace {

class Counted final : public Places {
public:
    void lend() override { ++lent; }
    void take_back() override { ++back; }
    int lent = 0, back = 0;
};

TEST(Waiting, LendsThePlaceAndTakesItBack) {
    Counted places;
    set_places(&places);
    {
        const Waiting waiting;
        EXPECT_EQ(places.lent, 1);
        EXPECT_EQ(places.back, 0);
    }
    EXPECT_EQ(places.back, 1);
    EXPECT_EQ(wait_for([] { return 7; }), 7);
    EXPECT_EQ(places.lent, 2);
    set_places(nullptr);
}

TEST(Waiting, WithinAnotherChangesNothing) {
    Counted places;
    set_places(&places);
    wait_for([] { wait_for([] {}); });
    EXPECT_EQ(places.lent, 1);
    EXPECT_EQ(places.back, 1);
    set_places(nullptr);
}

TEST(Waiting, ThreadsOfNoPoolHaveNothingToLend) {
    wait_for([] {});
}

}  // namespace
}  // namespace proctor
