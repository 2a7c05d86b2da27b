// What every feedback store has to do, whatever database it is.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "store/administer.h"
#include "store/feedback_postgres.h"
#include "store/feedback_sqlite.h"
#include "store/feedback_values.h"
#include "support/temp_folder.h"
#include "support/threads.h"

namespace proctor::store::feedback_contract_test {
namespace {

using namespace std::chrono_literals;

// A database of its own for each test.
class Backend {
public:
    virtual ~Backend() = default;
    [[nodiscard]] virtual std::unique_ptr<FeedbackStore> open() = 0;
};

class SqliteBackend final : public Backend {
public:
    [[nodiscard]] std::unique_ptr<FeedbackStore> open() override {
        auto store = open_feedback_sqlite(folder_.file("feedback.db"), 1min);
        return store ? std::move(store).value() : nullptr;
    }

private:
    TempFolder folder_{"/dev/shm"};
};

class PostgresBackend final : public Backend {
public:
    explicit PostgresBackend(const PostgresServer& server) : server_(server) {
        EXPECT_TRUE(administer(server, "DROP TABLE IF EXISTS shown, feedback, proctor_store"));
    }
    [[nodiscard]] std::unique_ptr<FeedbackStore> open() override {
        auto store = open_feedback_postgres(server_.connection(), clock_, 1min);
        return store ? std::move(store).value() : nullptr;
    }

private:
    const PostgresServer& server_;
    const SystemClock clock_;
};

using MakeBackend = std::unique_ptr<Backend> (*)();
std::unique_ptr<Backend> sqlite() { return std::make_unique<SqliteBackend>(); }
std::unique_ptr<Backend> postgres() {
    const auto* server = shared_server();
    return server == nullptr ? nullptr : std::make_unique<PostgresBackend>(*server);
}

class FeedbackContractTest : public ::testing::TestWithParam<MakeBackend> {
protected:
    void SetUp() override {
        backend_ = GetParam()();
        if (backend_ == nullptr) GTEST_SKIP() << "the package postgresql is not installed";
        store_ = backend_->open();
        ASSERT_NE(store_, nullptr);
    }

    [[nodiscard]] std::vector<ShownCard> all_shown(std::size_t page) const {
        std::vector<ShownCard> all;
        for (auto next = store_->shown_after(nullptr, page); next && !next->empty();
             next = store_->shown_after(&all.back(), page)) {
            EXPECT_LE(next->size(), page);
            all.insert(all.end(), next->begin(), next->end());
        }
        return all;
    }
    [[nodiscard]] std::vector<KeptFeedback> all_feedback(std::size_t page) const {
        std::vector<KeptFeedback> all;
        for (auto next = store_->feedback_after("", page); next && !next->empty();
             next = store_->feedback_after(all.back().key, page)) {
            EXPECT_LE(next->size(), page);
            all.insert(all.end(), next->begin(), next->end());
        }
        return all;
    }
    [[nodiscard]] KeptFeedback only_feedback() const {
        const auto all = all_feedback(10);
        EXPECT_EQ(all.size(), 1U);
        return all.empty() ? KeptFeedback() : all.front();
    }
    // "0 ADC-12 a shown: 3", one a tally; days since that of the test.
    [[nodiscard]] std::vector<std::string> counted(WallTime since = k_noon) const {
        const auto tallies = store_->tallies(since);
        std::vector<std::string> lines;
        if (!tallies) return {"unavailable"};
        for (const Tally& one : *tallies) {
            const std::string reason = one.reason.empty() ? "" : " " + one.reason;
            lines.push_back(std::to_string(one.day - k_noon_day) + " " + one.rule + " " + one.row + " " + one.outcome +
                            reason + ": " + std::to_string(one.cards));
        }
        std::sort(lines.begin(), lines.end());
        return lines;
    }
    // Reasons of what was said of this patient, "" for what was accepted.
    [[nodiscard]] std::vector<std::string> past(const Person& person, WallTime since = k_noon) const {
        const auto answers = store_->past(person, since);
        std::vector<std::string> reasons;
        if (!answers) return {"unavailable"};
        for (const auto& one : *answers) reasons.push_back(one.reason_code);
        return reasons;
    }

    std::unique_ptr<Backend> backend_;
    std::unique_ptr<FeedbackStore> store_;
};

const Person k_person{"north", "t1", "p1"};
using Lines = std::vector<std::string>;

TEST_P(FeedbackContractTest, GivesBackWhatWasShown) {
    ASSERT_TRUE(store_->record_shown({card_shown()}));
    const auto all = all_shown(10);
    ASSERT_EQ(all.size(), 1U);
    const ShownCard &one = all[0], expected = card_shown();
    EXPECT_EQ(one.client + one.tenant + one.card, expected.client + expected.tenant + expected.card);
    EXPECT_EQ(one.service + one.hook, expected.service + expected.hook);
    EXPECT_EQ(one.rule + one.row + one.version, expected.rule + expected.row + expected.version);
    EXPECT_EQ(one.indicator + one.content, expected.indicator + expected.content);
    EXPECT_EQ(one.patient + one.user + one.evidence, expected.patient + expected.user + expected.evidence);
    EXPECT_FALSE(one.quiet);
    EXPECT_EQ(one.at, expected.at);
}

TEST_P(FeedbackContractTest, GivesBackFeedback) {
    ASSERT_TRUE(store_->record_feedback({card_overridden()}));
    const auto kept = only_feedback();
    const CardFeedback &one = kept.feedback, expected = card_overridden();
    EXPECT_EQ(one.client + one.tenant + one.service + one.card,
              expected.client + expected.tenant + expected.service + expected.card);
    EXPECT_FALSE(one.accepted);
    EXPECT_TRUE(one.suggestions.empty());
    EXPECT_EQ(one.reason_system + one.reason_code, expected.reason_system + expected.reason_code);
    EXPECT_EQ(one.comment, expected.comment);
    EXPECT_EQ(one.outcome_at, expected.outcome_at);
    EXPECT_EQ(one.received_at, expected.received_at);
    EXPECT_FALSE(kept.matched);
}

TEST_P(FeedbackContractTest, SuggestionsComeBackOneByOne) {
    ASSERT_TRUE(store_->record_feedback({card_accepted()}));
    EXPECT_TRUE(only_feedback().feedback.accepted);
    EXPECT_EQ(only_feedback().feedback.suggestions, (Lines{"s1", "s2"}));
}

TEST_P(FeedbackContractTest, ARepeatIsKeptOnceAlsoWithinABatchAndOverAStart) {
    ASSERT_TRUE(store_->record_shown({card_shown(), card_shown()}));
    EXPECT_EQ(store_->record_feedback({card_accepted(), card_accepted()}), (Recorded{1, 0, 0, 1}));
    store_ = backend_->open();
    ASSERT_NE(store_, nullptr);
    auto later = card_accepted();
    later.received_at += 1h;
    later.comment = "another nonce";
    EXPECT_EQ(store_->record_feedback({later, card_accepted("other")}), (Recorded{1, 0, 1, 1}));
    EXPECT_TRUE(store_->record_shown({card_shown()}));
    EXPECT_EQ(all_shown(1).size(), 1U);
    EXPECT_EQ(all_feedback(1).size(), 2U);
}

TEST_P(FeedbackContractTest, OnlyWhoWasShownACardSpeaksOfIt) {
    ASSERT_TRUE(store_->record_shown({card_shown()}));
    auto other_client = card_accepted(), other_tenant = card_accepted();
    other_client.client = "south";
    other_tenant.tenant = "t2";
    EXPECT_EQ(store_->record_feedback({other_client, other_tenant, card_accepted("never"), card_accepted()}),
              (Recorded{4, 0, 3, 0}));
    const auto all = all_feedback(10);
    EXPECT_EQ(std::count_if(all.begin(), all.end(), [](const auto& one) { return one.matched; }), 1);
}

TEST_P(FeedbackContractTest, WhatWasHeldBackWasNotShownUntilItIs) {
    auto quiet = card_shown();
    quiet.quiet = true;
    ASSERT_TRUE(store_->record_shown({quiet}));
    ASSERT_EQ(all_shown(10).size(), 1U);
    EXPECT_TRUE(all_shown(10)[0].quiet);
    EXPECT_EQ(store_->record_feedback({card_accepted()}), (Recorded{1, 0, 1, 0}));
    EXPECT_EQ(past(k_person), Lines());
    EXPECT_EQ(counted(), (Lines{"0 ADC-12 a quiet: 1"}));

    ASSERT_TRUE(store_->record_shown({card_shown(), quiet}));
    EXPECT_FALSE(all_shown(10)[0].quiet);
    EXPECT_EQ(counted(), (Lines{"0 ADC-12 a accepted: 1", "0 ADC-12 a shown: 1"}));
}

TEST_P(FeedbackContractTest, FeedbackThatCameBeforeItsCardIsMatchedByIt) {
    ASSERT_EQ(store_->record_feedback({card_accepted()}), (Recorded{1, 0, 1, 0}));
    ASSERT_TRUE(store_->record_shown({card_shown()}));
    EXPECT_TRUE(only_feedback().matched);
}

TEST_P(FeedbackContractTest, NothingIsToldOfAnEmptyStore) {
    EXPECT_TRUE(store_->record_shown({}));
    EXPECT_EQ(store_->record_feedback({}), Recorded());
    EXPECT_EQ(counted(), Lines());
    EXPECT_EQ(past(k_person), Lines());
    EXPECT_TRUE(all_shown(10).empty());
    EXPECT_TRUE(all_feedback(10).empty());
    EXPECT_EQ(store_->state(), StoreState::ok);
    const auto purged = store_->purge(k_noon, k_noon);
    ASSERT_TRUE(purged);
    EXPECT_EQ(purged->shown + purged->feedback + purged->comments, 0U);
}

TEST_P(FeedbackContractTest, ThePastIsOnePatientsAndOldestFirst) {
    auto other_patient = card_shown("b"), nobody = card_shown("c"), other_tenant = card_shown("d");
    other_patient.patient = "p2";
    nobody.patient = "";
    other_tenant.tenant = "t2";
    ASSERT_TRUE(store_->record_shown({card_shown("a"), other_patient, nobody, other_tenant}));
    auto first = card_overridden("a"), second = card_accepted("a"), before = card_overridden("a");
    first.received_at = k_noon;
    before.received_at = k_noon - 1ms;
    before.reason_code = "data-wrong";
    auto tenants = card_overridden("d");
    tenants.tenant = "t2";
    ASSERT_TRUE(store_->record_feedback(
        {second, before, first, card_overridden("b"), card_overridden("c"), tenants, card_overridden("never")}));
    EXPECT_EQ(past(k_person), (Lines{"already-ordered", ""}));
    EXPECT_EQ(past(k_person, k_noon - 1ms), (Lines{"data-wrong", "already-ordered", ""}));
    EXPECT_EQ(past({"north", "t1", ""}), Lines());
    EXPECT_EQ(past({"south", "t1", "p1"}), Lines());
    const auto answers = store_->past(k_person, k_noon);
    ASSERT_TRUE(answers && !answers->empty());
    EXPECT_EQ(answers->back().rule + answers->back().row + answers->back().evidence, "ADC-12ae1");
    EXPECT_TRUE(answers->back().accepted);
    EXPECT_EQ(answers->back().at, k_noon + 5s);
}

TEST_P(FeedbackContractTest, ThePastIsTheLatestOfVeryMuch) {
    ASSERT_TRUE(store_->record_shown({card_shown()}));
    std::vector<CardFeedback> batch;
    for (int i = 0; i < limits::k_past_answers + 10; ++i) {
        batch.push_back(card_overridden());
        batch.back().reason_code = std::to_string(i);
        batch.back().received_at = k_noon + std::chrono::milliseconds{i};
    }
    ASSERT_TRUE(store_->record_feedback(batch));
    const auto reasons = past(k_person);
    ASSERT_EQ(reasons.size(), static_cast<std::size_t>(limits::k_past_answers));
    EXPECT_EQ(reasons.front(), "10");
    EXPECT_EQ(reasons.back(), std::to_string(limits::k_past_answers + 9));
}

TEST_P(FeedbackContractTest, CountsCardsByTheDayTheyWereShown) {
    auto late = card_shown("late"), next = card_shown("next"), old = card_shown("old"), other = card_shown("other");
    late.at = k_noon + 12h - 1ms;
    next.at = k_noon + 12h;
    old.at = k_noon - 1ms;
    other.rule = "ADC-20";
    other.row = "b";
    ASSERT_TRUE(store_->record_shown({card_shown("a"), late, next, old, other}));
    auto of_next = card_overridden("next");
    of_next.received_at = k_noon + 240h;
    ASSERT_TRUE(store_->record_feedback(
        {card_accepted("a"), card_overridden("late"), of_next, card_accepted("old"), card_accepted("never")}));
    EXPECT_EQ(counted(),
              (Lines{"0 ADC-12 a accepted: 1", "0 ADC-12 a overridden already-ordered: 1", "0 ADC-12 a shown: 2",
                     "0 ADC-20 b shown: 1", "1 ADC-12 a overridden already-ordered: 1", "1 ADC-12 a shown: 1"}));
}

TEST_P(FeedbackContractTest, OfACardTheLastAnswerCounts) {
    ASSERT_TRUE(store_->record_shown({card_shown("a"), card_shown("b")}));
    auto changed = card_accepted("a"), earlier = card_overridden("b");
    changed.outcome_at += 1ms;
    earlier.outcome_at -= 1ms;
    earlier.received_at += 1h;  // sent late
    ASSERT_TRUE(store_->record_feedback({changed, card_overridden("a"), card_accepted("b"), earlier}));
    EXPECT_EQ(counted(), (Lines{"0 ADC-12 a accepted: 2", "0 ADC-12 a shown: 2"}));
}

TEST_P(FeedbackContractTest, PagesGiveEachOnceInAFixedOrder) {
    std::vector<ShownCard> cards;
    std::vector<CardFeedback> batch;
    for (int i = 0; i < 25; ++i) {
        cards.push_back(card_shown("card-" + std::to_string(i)));
        cards.back().tenant = i % 3 == 0 ? "" : "t1";
        batch.push_back(card_accepted(std::to_string(i)));
    }
    ASSERT_TRUE(store_->record_shown(cards));
    ASSERT_TRUE(store_->record_feedback(batch));
    for (const std::size_t page : {1U, 7U, 25U, 100U}) {
        const auto shown = all_shown(page);
        ASSERT_EQ(shown.size(), 25U);
        EXPECT_TRUE(std::is_sorted(shown.begin(), shown.end(), [](const auto& a, const auto& b) {
            return std::tie(a.tenant, a.card) < std::tie(b.tenant, b.card);
        }));
        const auto feedback = all_feedback(page);
        ASSERT_EQ(feedback.size(), 25U);
        EXPECT_TRUE(std::is_sorted(feedback.begin(), feedback.end(),
                                   [](const auto& a, const auto& b) { return a.key < b.key; }));
    }
}

TEST_P(FeedbackContractTest, APurgeTakesWhatIsOlderAndLeavesTheRest) {
    auto old_card = card_shown("old");
    old_card.at = k_noon - 1ms;
    ASSERT_TRUE(store_->record_shown({old_card, card_shown("new")}));
    auto old = card_overridden("old"), with_comment = card_overridden("mid"), fresh = card_overridden("new");
    old.received_at = k_noon - 1ms;
    with_comment.received_at = k_noon + 1h - 1ms;
    fresh.received_at = k_noon + 1h;
    ASSERT_TRUE(store_->record_feedback({old, with_comment, fresh}));

    const auto purged = store_->purge(k_noon, k_noon + 1h);
    ASSERT_TRUE(purged);
    EXPECT_EQ(purged->shown, 1U);
    EXPECT_EQ(purged->feedback, 1U);
    EXPECT_EQ(purged->comments, 1U);
    ASSERT_EQ(all_shown(10).size(), 1U);
    EXPECT_EQ(all_shown(10)[0].card, "new");
    const auto left = all_feedback(10);
    ASSERT_EQ(left.size(), 2U);
    for (const auto& one : left)
        EXPECT_EQ(one.feedback.comment, one.feedback.card == "new" ? "sealed-comment" : "") << one.feedback.card;
    EXPECT_EQ(store_->purge(k_noon, k_noon + 1h)->comments, 0U);
}

TEST_P(FeedbackContractTest, APurgeOfMuchGoesInPages) {
    const int rows = 2 * limits::k_feedback_purge_rows + 1;
    std::vector<ShownCard> cards;
    for (int i = 0; i < rows; ++i) cards.push_back(card_shown(std::to_string(i)));
    ASSERT_TRUE(store_->record_shown(cards));
    const auto purged = store_->purge(k_noon + 1ms, k_noon);
    ASSERT_TRUE(purged);
    EXPECT_EQ(purged->shown, static_cast<std::size_t>(rows));
    EXPECT_TRUE(all_shown(10).empty());
}

TEST_P(FeedbackContractTest, ManyThreadsKeepEachOnce) {
    std::atomic<std::size_t> fresh = 0;
    at_once(8, [&](int) {
        for (int i = 0; i < 50; ++i) {
            const auto recorded = store_->record_feedback({card_accepted(std::to_string(i))});
            if (recorded) fresh += recorded->accepted;
            EXPECT_TRUE(store_->past(k_person, k_noon));
        }
    });
    EXPECT_EQ(fresh, 50U);
    EXPECT_EQ(all_feedback(7).size(), 50U);
}

TEST_P(FeedbackContractTest, TwoInstancesKeepEachOnce) {
    const auto other = backend_->open();
    ASSERT_NE(other, nullptr);
    std::atomic<std::size_t> fresh = 0;
    at_once(2, [&](int thread) {
        for (int i = 0; i < 100; ++i) {
            const auto recorded = (thread == 0 ? *store_ : *other).record_feedback({card_accepted(std::to_string(i))});
            if (recorded) fresh += recorded->accepted;
        }
    });
    EXPECT_EQ(fresh, 100U);
    EXPECT_EQ(all_feedback(30).size(), 100U);
}

TEST_P(FeedbackContractTest, TextsAreDataWhateverTheyHold) {
    for (const std::string& text :
         {std::string("'); DROP TABLE feedback; --"), std::string("$1"), std::string("?1"), std::string("\xC3\xA4%_\\"),
          std::string("\xFF\xFE"), std::string("\xED\xA0\x80"), std::string("a\0b", 3), std::string(5000, 'x')}) {
        auto card = card_shown(text);
        card.patient = text;
        ASSERT_TRUE(store_->record_shown({card})) << text;
        auto one = card_overridden(text);
        one.comment = one.reason_code = text;
        EXPECT_EQ(store_->record_feedback({one, one}), (Recorded{0, 1, 0, 1})) << text;
        EXPECT_EQ(past({"north", "t1", text}).size(), 1U) << text;
    }
}

INSTANTIATE_TEST_SUITE_P(Postgres, FeedbackContractTest, ::testing::Values(&postgres),
                         [](const auto&) { return "one"; });
INSTANTIATE_TEST_SUITE_P(Sqlite, FeedbackContractTest, ::testing::Values(&sqlite), [](const auto&) { return "one"; });

}  // namespace
}  // namespace proctor::store::feedback_contract_test
