#include "store/verify.h"

#include <gtest/gtest.h>

#include "store/feedback_rows.h"
#include "store/feedback_values.h"
#include "support/fake_entropy.h"
#include "support/fake_feedback_store.h"

namespace proctor::store::verify_test {
namespace {

class VerifyTest : public ::testing::Test {
protected:
    void keep(CardFeedback row, bool matched) {
        const std::string key = write_feedback(row).front();
        seen_.kept.push_back({key, std::move(row), matched});
    }
    Verified verified(const CommentKeys* keys = nullptr) {
        const auto result = verify(store_, keys);
        EXPECT_TRUE(result);
        return result ? *result : Verified();
    }
    CardFeedback commented(const CommentKeys& keys) {
        CardFeedback row = card_overridden();
        row.comment = keys.seal("x", {row.client, row.tenant, row.card, row.outcome_at});
        return row;
    }
    static CommentKeys keys(const std::string& id, Entropy& entropy) {
        return CommentKeys({{id, Wiped(std::string(32, 'k'))}}, entropy);
    }

    FakeStore::Seen seen_;
    FakeStore store_{seen_};
    FakeEntropy entropy_;
};

TEST_F(VerifyTest, AWholeStoreIsFine) {
    seen_.shown = {card_shown("c1"), card_shown("c2")};
    keep(card_accepted("c1"), true);
    keep(card_accepted("c9"), false);
    EXPECT_TRUE(verified().fine());
    EXPECT_EQ(verified(), (Verified{.feedback = 2, .shown = 2}));
}

TEST_F(VerifyTest, FeedbackIsWhatItsKeySays) {
    keep(card_accepted("c1"), false);
    seen_.kept.back().feedback.accepted = false;
    EXPECT_EQ(verified().wrong_keys, 1U);
    EXPECT_FALSE(verified().fine());
}

TEST_F(VerifyTest, MatchedMeansThatTheCardWasShown) {
    seen_.shown = {card_shown("c1"), card_shown("c2"), card_shown("c3")};
    seen_.shown[2].quiet = true;
    keep(card_accepted("c1"), false);
    keep(card_accepted("c3"), true);
    EXPECT_EQ(verified().wrong_matches, 2U) << "shown and not matched; matched and held back";
    seen_.kept.clear();
    keep(card_accepted("c9"), true);
    EXPECT_EQ(verified(), (Verified{.feedback = 1, .shown = 3, .parted = 1})) << "its card went first";
}

TEST_F(VerifyTest, CommentsOpenWhereTheKeyIsAtHand) {
    const auto ours = keys("k1", entropy_), others = keys("k2", entropy_);
    keep(commented(ours), false);
    EXPECT_EQ(verified(&ours).opened, 1U);
    EXPECT_EQ(verified(&others).locked, 1U);
    EXPECT_EQ(verified().locked, 1U);
    EXPECT_TRUE(verified(&others).fine());
    seen_.kept.back().feedback.comment.back() = '!';
    EXPECT_EQ(verified(&ours).damaged, 1U);
    EXPECT_FALSE(verified(&ours).fine());
}

TEST_F(VerifyTest, AStoreThatIsAwayIsAnError) {
    seen_.there = false;
    EXPECT_FALSE(verify(store_, nullptr));
}

}  // namespace
}  // namespace proctor::store::verify_test
