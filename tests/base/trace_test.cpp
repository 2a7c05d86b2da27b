// traceparent of W3C Trace Context, version 00.
#include "base/trace.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "support/fake_entropy.h"

namespace proctor {
namespace {

const std::string k_id = "0af7651916cd43dd8448eb211c80319c";

TEST(Traceparent, IsReadWithItsIdAndWhetherItIsSampled) {
    EXPECT_EQ(read_traceparent("00-" + k_id + "-b7ad6b7169203331-01"), (Trace{k_id, true}));
    EXPECT_EQ(read_traceparent("00-" + k_id + "-b7ad6b7169203331-00"), (Trace{k_id, false}));
    EXPECT_EQ(read_traceparent("00-" + k_id + "-b7ad6b7169203331-fe"), (Trace{k_id, false}));
}

TEST(Traceparent, IsNotThereUnlessItIsExactlyOfVersion00) {
    const std::string parent = "-b7ad6b7169203331-01";
    const std::string rows[] = {
        "",
        "00",
        "01-" + k_id + parent,                            // a later version
        "ff-" + k_id + parent,                            // one that is forbidden
        "00-" + k_id + parent + "-",                      // something behind it
        "00-" + k_id + parent + "-00",                    //
        "00-" + k_id + parent + ' ',                      //
        ' ' + ("00-" + k_id) + parent,                    //
        "00-" + k_id + parent + ", 00-" + k_id + parent,  // two of them
        "00-0AF7651916CD43DD8448EB211C80319C" + parent,   // upper case
        "00-0af7651916cd43dd8448eb211c80319g" + parent,   // no hex digit
        "00-00000000000000000000000000000000" + parent,   // zero
        "00-" + k_id + "-0000000000000000-01",            // zero
        "00-" + k_id + "-b7ad6b716920333g-01",            //
        "00-" + k_id + "-b7ad6b7169203331-0",             //
        "00-" + k_id + "-b7ad6b7169203331-0g",            //
        "00-" + k_id + "-b7ad6b7169203331-0A",            //
        "00_" + k_id + parent,                            //
        "00-" + k_id + "_b7ad6b7169203331-01",            //
        "00-" + k_id + "-b7ad6b7169203331_01",            //
        "00-" + k_id.substr(1) + '-' + parent,            // a digit short
        "00-Smith651916cd43dd8448eb211c80319" + parent,   //
        std::string("00-\0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 55),
    };
    for (const auto& row : rows) EXPECT_EQ(read_traceparent(row), std::nullopt) << row;
}

TEST(Traceparent, IsPassedOnWithItsIdAndAParentOfOurOwn) {
    FakeEntropy entropy;
    EXPECT_EQ(write_traceparent({k_id, true}, entropy), "00-" + k_id + "-0102030405060708-01");
    EXPECT_EQ(write_traceparent({k_id, false}, entropy), "00-" + k_id + "-090a0b0c0d0e0f10-00");
}

TEST(Traceparent, OfOurOwnIsOneThatCanBeRead) {
    FakeEntropy entropy(2);  // zeros are no id
    const auto trace = new_trace(entropy);
    EXPECT_EQ(trace, (Trace{"0102030405060708090a0b0c0d0e0f10", false}));
    EXPECT_EQ(read_traceparent(write_traceparent(trace, entropy)), trace);
}

TEST(SystemEntropy, GivesOtherBytesEachTime) {
    SystemEntropy entropy;
    std::set<std::array<std::uint8_t, 16>> seen;
    for (int i = 0; i < 100; ++i) {
        std::array<std::uint8_t, 16> bytes{};
        entropy.fill(bytes);
        seen.insert(bytes);
    }
    EXPECT_EQ(seen.size(), 100U);
    entropy.fill({});
}

}  // namespace
}  // namespace proctor
