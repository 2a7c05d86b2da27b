#include "app/feedback.h"

#include <gtest/gtest.h>

#include "support/fake_feedback_store.h"
#include "support/manual_clock.h"

namespace proctor::app {
namespace {

using namespace std::chrono_literals;
using store::FakeStore;

class FeedbackTest : public testing::Test {
protected:
    // What the log says of the store.
    std::string_view show() {
        hooks::Answered answered;
        answered.hook = "patient-view";
        answered.cards.resize(2);
        answered.cards[0].uuid = "u1";
        answered.cards[0].rule = "ADC-12";
        answered.cards[0].row = "a";
        LogFields fields;
        feedback_.record_shown(answered, k_north, "0123456789ab", fields);
        return fields.feedback_store;
    }
    // 200, or the refusal's.
    int send(std::string_view body) {
        const auto refusal = feedback_.record(body, k_north, fields_);
        return refusal ? refusal->status : 200;
    }

    const Party k_north{"north", "t1", "anorectal-alarms"};
    static constexpr std::string_view k_batch = R"({"feedback":[{"card":"3A2E6B1C-9d52-5a7e-8c41-0f6d2b9e7a10",)"
                                                R"("outcome":"overridden","outcomeTimestamp":"2026-06-15T11:00:00Z",)"
                                                R"("overrideReason":{"reason":{"system":"urn:a","code":"b"}}}]})";
    FakeStore::Seen seen_;
    ManualClock clock_;
    Feedback feedback_{std::make_unique<FakeStore>(seen_), clock_};
    LogFields fields_;
};

TEST_F(FeedbackTest, RecordsWhatWasShownToWhom) {
    EXPECT_EQ(show(), "");
    ASSERT_EQ(seen_.shown.size(), 2U);
    const auto& card = seen_.shown[0];
    EXPECT_EQ(card.client + ' ' + card.tenant + ' ' + card.service + ' ' + card.hook + ' ' + card.card,
              "north t1 anorectal-alarms patient-view u1");
    EXPECT_EQ(card.rule + ' ' + card.row + ' ' + card.content, "ADC-12 a 0123456789ab");
    EXPECT_EQ(card.at, clock_.now());
}

TEST_F(FeedbackTest, RecordsWhatWasHeldBackAsSuch) {
    hooks::Answered answered;
    answered.cards.resize(1);
    answered.cards[0].evidence = "e1";
    answered.quiet.resize(1);
    answered.quiet[0].evidence = "e2";
    LogFields fields;
    feedback_.record_shown(answered, k_north, "0123456789ab", fields);
    ASSERT_EQ(seen_.shown.size(), 2U);
    EXPECT_EQ(seen_.shown[0].evidence, "e1");
    EXPECT_FALSE(seen_.shown[0].quiet);
    EXPECT_EQ(seen_.shown[1].evidence, "e2");
    EXPECT_TRUE(seen_.shown[1].quiet);
}

TEST_F(FeedbackTest, RecordsABatchAndCountsIt) {
    EXPECT_EQ(send(k_batch), 200);
    ASSERT_EQ(seen_.feedback.size(), 1U);
    const auto& one = seen_.feedback[0];
    EXPECT_EQ(one.client + ' ' + one.tenant + ' ' + one.service + ' ' + one.card,
              "north t1 anorectal-alarms 3a2e6b1c-9d52-5a7e-8c41-0f6d2b9e7a10");
    EXPECT_EQ(one.reason_system + ' ' + one.reason_code, "urn:a b");
    EXPECT_EQ(one.outcome_at, clock_.now() - 1h);
    EXPECT_EQ(one.received_at, clock_.now());
    EXPECT_EQ(fields_.accepted, 1U);
    EXPECT_EQ(fields_.overridden, 2U);
    EXPECT_EQ(fields_.unmatched, 3U);
    EXPECT_EQ(fields_.repeated, 4U);
}

TEST_F(FeedbackTest, MalformedFeedbackNeverReachesTheStore) {
    EXPECT_EQ(send("{}"), 400);
    EXPECT_TRUE(seen_.feedback.empty());
    EXPECT_EQ(fields_.accepted, std::nullopt);
}

TEST_F(FeedbackTest, WithoutItsStoreFeedbackIsRefusedAndHealthKnows) {
    EXPECT_FALSE(feedback_.away());
    seen_.there = false;
    EXPECT_EQ(send(k_batch), 503);
    EXPECT_EQ(fields_.feedback_store, "away");
    EXPECT_TRUE(feedback_.away());
    seen_.there = true;
    EXPECT_EQ(send(k_batch), 200);
    EXPECT_FALSE(feedback_.away());
}

TEST_F(FeedbackTest, WhileTheStoreIsAwayOneHookInASecondTriesIt) {
    seen_.there = false;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(show(), "away");
    EXPECT_EQ(seen_.asked, 2) << "the one that found it away, and one that tried again";
    clock_.pass(1s);
    seen_.there = true;
    EXPECT_EQ(show(), "");
    EXPECT_FALSE(feedback_.away());
    EXPECT_EQ(show(), "");
    EXPECT_EQ(seen_.asked, 4);
}

TEST_F(FeedbackTest, NoCardsAreNothingToRecord) {
    LogFields fields;
    seen_.there = false;
    feedback_.record_shown({}, k_north, "0123456789ab", fields);
    EXPECT_EQ(seen_.asked, 0);
    EXPECT_FALSE(feedback_.away());
}

}  // namespace
}  // namespace proctor::app
