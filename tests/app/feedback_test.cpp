#include "app/feedback.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "support/fake_entropy.h"
#include "support/fake_feedback_store.h"
#include "support/manual_clock.h"
#include "support/temp_folder.h"

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
        answered.patient = "patient-17";
        answered.user = "Practitioner/18";
        LogFields fields;
        feedback_->record_shown(answered, k_north, "0123456789ab", fields);
        return fields.feedback_store;
    }
    void use(Secrets secrets) {
        feedback_ = std::make_unique<Feedback>(std::make_unique<FakeStore>(seen_), clock_, std::move(secrets));
    }
    [[nodiscard]] static std::vector<store::SecretKey> keys() { return {{"k1", Wiped(std::string(32, 'k'))}}; }
    // 200, or the refusal's.
    int send(std::string_view body) {
        const auto refusal = feedback_->record(body, k_north, fields_);
        return refusal ? refusal->status : 200;
    }

    const Party k_north{"north", "t1", "anorectal-alarms", true};
    static constexpr std::string_view k_comment =
        R"({"feedback":[{"card":"3a2e6b1c-9d52-5a7e-8c41-0f6d2b9e7a10","outcome":"overridden",)"
        R"("outcomeTimestamp":"2026-06-15T11:00:00Z","overrideReason":{"userComment":"c4n4ry"}}]})";
    static constexpr std::string_view k_batch = R"({"feedback":[{"card":"3A2E6B1C-9d52-5a7e-8c41-0f6d2b9e7a10",)"
                                                R"("outcome":"overridden","outcomeTimestamp":"2026-06-15T11:00:00Z",)"
                                                R"("overrideReason":{"reason":{"system":"urn:a","code":"b"}}}]})";
    FakeStore::Seen seen_;
    ManualClock clock_;
    FakeEntropy entropy_;
    std::unique_ptr<Feedback> feedback_ = std::make_unique<Feedback>(std::make_unique<FakeStore>(seen_), clock_);
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
    feedback_->record_shown(answered, k_north, "0123456789ab", fields);
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

TEST_F(FeedbackTest, WithoutAKeyNobodyIsRecorded) {
    show();
    EXPECT_EQ(seen_.shown[0].patient + seen_.shown[0].user, "");
}

TEST_F(FeedbackTest, WithAKeyPatientAndUserAreRecordedAsHashes) {
    const auto identity = std::make_shared<store::IdentityKeys>(keys());
    use({identity, nullptr});
    show();
    for (const auto& card : seen_.shown) {
        EXPECT_EQ(card.patient, identity->hash_patient("north", "t1", "patient-17"));
        EXPECT_EQ(card.user, identity->hash_user("north", "t1", "Practitioner/18"));
    }
}

TEST_F(FeedbackTest, ThePastIsAskedForByHashAndOnlyWithAKeyAndATime) {
    seen_.answers = {{"ADC-12", "a", "e1", false, "not-now", clock_.now() - 1h}};
    EXPECT_EQ(feedback_->history(k_north, "patient-17", std::chrono::days{30}).salt, "");
    const auto identity = std::make_shared<store::IdentityKeys>(keys());
    use({identity, nullptr});
    const auto salt = identity->salt_of("north", "t1", "patient-17");
    const auto none = feedback_->history(k_north, "patient-17", std::chrono::days{0});
    EXPECT_EQ(none.salt, salt) << "evidence is kept for the day when it is asked for";
    EXPECT_TRUE(none.answers.empty());
    EXPECT_EQ(seen_.asked_for.patient, "");
    const auto history = feedback_->history(k_north, "patient-17", std::chrono::days{30});
    EXPECT_EQ(seen_.asked_for.patient, identity->hash_patient("north", "t1", "patient-17"));
    EXPECT_EQ(history.salt, salt);
    EXPECT_EQ(history.quiet, std::chrono::days{30});
    ASSERT_EQ(history.answers.size(), 1U);
    const auto& answer = history.answers[0];
    EXPECT_EQ(answer.rule + ' ' + answer.row + ' ' + answer.evidence + ' ' + answer.reason, "ADC-12 a e1 not-now");
    EXPECT_EQ(answer.at, clock_.now() - 1h);
    EXPECT_FALSE(answer.accepted);
}

TEST_F(FeedbackTest, WithoutTheStoresAnswerNothingIsKnownOfThePast) {
    use({std::make_shared<store::IdentityKeys>(keys()), nullptr});
    seen_.there = false;
    const auto history = feedback_->history(k_north, "patient-17", std::chrono::days{30});
    EXPECT_EQ(history.quiet, std::chrono::days{0});
    EXPECT_NE(history.salt, "");
}

TEST_F(FeedbackTest, ACommentIsSealedForItsRow) {
    const auto comments = std::make_shared<store::CommentKeys>(keys(), entropy_);
    use({nullptr, comments});
    EXPECT_EQ(send(k_comment), 200);
    const auto& row = seen_.feedback[0];
    EXPECT_EQ(row.comment.find("c4n4ry"), std::string::npos);
    EXPECT_EQ(comments->open(row.comment, {"north", "t1", row.card, clock_.now() - 1h}),
              (std::variant<std::string, store::Unopened>("c4n4ry")));
    EXPECT_EQ(send(k_batch), 200);
    EXPECT_EQ(seen_.feedback[0].comment, "") << "none came";
}

TEST_F(FeedbackTest, ACommentIsDroppedWithoutAKeyOrWhereTheClientDoesNotKeepThem) {
    EXPECT_EQ(send(k_comment), 200);
    EXPECT_EQ(seen_.feedback[0].comment, "");
    use({nullptr, std::make_shared<store::CommentKeys>(keys(), entropy_)});
    EXPECT_FALSE(feedback_->record(k_comment, {"north", "t1", "anorectal-alarms"}, fields_));
    EXPECT_EQ(seen_.feedback[0].comment, "");
}

TEST_F(FeedbackTest, TheLogHasNeitherCommentNorPatientNorUser) {
    use({std::make_shared<store::IdentityKeys>(keys()), std::make_shared<store::CommentKeys>(keys(), entropy_)});
    send(k_comment);
    show();
    std::ostringstream lines;
    log_to(lines)->write(Event::request, fields_);
    for (const char* secret : {"c4n4ry", "patient-17", "Practitioner", "k1:"})
        EXPECT_EQ(lines.str().find(secret), std::string::npos) << secret;
}

TEST_F(FeedbackTest, KeysAreReadAtTheStartAndAgainAndBrokenOnesChangeNothing) {
    const TempFolder folder;
    Config config;
    config.feedback_store = folder.file("feedback.sqlite");
    config.comment_keys = folder.file("comments");
    const auto write_keys = [&](const std::string& id) {
        std::ofstream(config.comment_keys) << id << ' ' << std::string(64, '0') << '\n';
        EXPECT_EQ(::chmod(config.comment_keys.c_str(), 0600), 0);
    };
    const auto sealed = [](const Feedback& feedback) { return feedback.secrets()->comments->seal("x", {}); };
    EXPECT_FALSE(Feedback::open(config, clock_, entropy_)) << "there is no such file";
    write_keys("k1");
    auto opened = Feedback::open(config, clock_, entropy_);
    ASSERT_TRUE(opened);
    EXPECT_EQ((*opened)->secrets()->identity, nullptr);
    EXPECT_THAT(sealed(**opened), testing::StartsWith("k1:"));
    write_keys("k2");
    EXPECT_TRUE((*opened)->reload());
    EXPECT_THAT(sealed(**opened), testing::StartsWith("k2:"));
    write_keys("k3 k4");
    EXPECT_FALSE((*opened)->reload());
    EXPECT_THAT(sealed(**opened), testing::StartsWith("k2:"));
}

TEST_F(FeedbackTest, MalformedFeedbackNeverReachesTheStore) {
    EXPECT_EQ(send("{}"), 400);
    EXPECT_TRUE(seen_.feedback.empty());
    EXPECT_EQ(fields_.accepted, std::nullopt);
}

TEST_F(FeedbackTest, WithoutItsStoreFeedbackIsRefusedAndHealthKnows) {
    EXPECT_FALSE(feedback_->away());
    seen_.there = false;
    EXPECT_EQ(send(k_batch), 503);
    EXPECT_EQ(fields_.feedback_store, "away");
    EXPECT_TRUE(feedback_->away());
    seen_.there = true;
    EXPECT_EQ(send(k_batch), 200);
    EXPECT_FALSE(feedback_->away());
}

TEST_F(FeedbackTest, WhileTheStoreIsAwayOneHookInASecondTriesIt) {
    seen_.there = false;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(show(), "away");
    EXPECT_EQ(seen_.asked, 2) << "the one that found it away, and one that tried again";
    clock_.pass(1s);
    seen_.there = true;
    EXPECT_EQ(show(), "");
    EXPECT_FALSE(feedback_->away());
    EXPECT_EQ(show(), "");
    EXPECT_EQ(seen_.asked, 4);
}

TEST_F(FeedbackTest, NoCardsAreNothingToRecord) {
    LogFields fields;
    seen_.there = false;
    feedback_->record_shown({}, k_north, "0123456789ab", fields);
    EXPECT_EQ(seen_.asked, 0);
    EXPECT_FALSE(feedback_->away());
}

}  // namespace
}  // namespace proctor::app
