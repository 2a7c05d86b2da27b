#include "store/row_json.h"

#include <gtest/gtest.h>

#include "store/feedback_values.h"

namespace proctor::store::row_json_test {
namespace {

const KeptFeedback k_kept{"k", card_accepted("c1"), true};

TEST(RowJson, IsReadAsItWasWritten) {
    for (KeptFeedback kept : {k_kept, KeptFeedback{"l", card_overridden("c2"), false}}) {
        kept.feedback.reason_code += "no \"x\"\n";
        const auto line = write_row(kept);
        ASSERT_TRUE(line);
        EXPECT_EQ(line->find('\n'), std::string::npos);
        const auto row = read_row(*line);
        ASSERT_TRUE(row);
        EXPECT_EQ(write_row(std::get<KeptFeedback>(*row)), line);
        EXPECT_EQ(std::get<KeptFeedback>(*row).feedback.suggestions, kept.feedback.suggestions);
        EXPECT_EQ(std::get<KeptFeedback>(*row).feedback.outcome_at, kept.feedback.outcome_at);
    }
    ShownCard card = card_shown("c1");
    card.quiet = true;
    const auto row = read_row(*write_row(card));
    ASSERT_TRUE(row);
    EXPECT_EQ(write_row(std::get<ShownCard>(*row)), write_row(card));
    EXPECT_EQ(std::get<ShownCard>(*row).at, card.at);
}

TEST(RowJson, HasEveryMember) {
    EXPECT_EQ(*write_row(k_kept),
              R"({"feedback":{"key":"k","client":"north","tenant":"t1","service":"anorectal-alarms","card":"c1",)"
              R"("accepted":true,"suggestions":["s1","s2"],"reasonSystem":"","reasonCode":"","comment":"",)"
              R"("outcomeAt":1781524800000,"receivedAt":1781524805000,"matched":true}})");
    EXPECT_EQ(*write_row(card_shown("c1")),
              R"({"shown":{"client":"north","tenant":"t1","card":"c1","service":"anorectal-alarms",)"
              R"("hook":"patient-view","rule":"ADC-12","row":"a","version":"1.0.0","indicator":"warning",)"
              R"("content":"0123456789ab","patient":"p1","user":"u1","evidence":"e1","quiet":false,)"
              R"("at":1781524800000}})");
}

TEST(RowJson, WhatIsNoRowIsRefused) {
    const std::string good = *write_row(card_shown("c1"));
    const auto change = [&](const std::string& from, const std::string& to) {
        std::string line = good;
        return line.replace(line.find(from), from.size(), to);
    };
    ASSERT_TRUE(read_row(good));
    for (const std::string& bad :
         {std::string(), std::string("{}"), std::string("[]"), std::string("{\"shown\":[]}"), good + "x", "x" + good,
          change("shown", "seen"), change("false", "0"), change("1781524800000", "\"1781524800000\""),
          change("1781524800000", "1.5"), change(",\"at\":1781524800000", ""), change("\"at\"", "\"more\":1,\"at\""),
          change("\"north\"", "null"), good.substr(0, good.size() - 1) + ",\"x\":1}"})
        EXPECT_FALSE(read_row(bad)) << bad;
}

TEST(RowJson, ATextThatIsNoUtf8CannotBeWritten) { EXPECT_EQ(write_row(card_shown("\xFF")), std::nullopt); }

}  // namespace
}  // namespace proctor::store::row_json_test
