#include "store/backup.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "store/feedback_sqlite.h"
#include "store/feedback_values.h"
#include "store/pages.h"
#include "store/text_lines.h"
#include "support/fake_feedback_store.h"
#include "support/temp_folder.h"

namespace proctor::store::backup_test {
namespace {

using namespace std::chrono_literals;

std::string error_of(const std::string& text) {
    TextLines lines(text);
    const auto counts = check_backup(lines);
    return counts ? "" : describe(counts.error());
}

class BackupTest : public ::testing::Test {
protected:
    std::unique_ptr<FeedbackStore> open(const std::string& name) {
        auto store = open_feedback_sqlite(folder_.file(name));
        EXPECT_TRUE(store) << describe(store.error());
        return std::move(store).value();
    }
    // Matched and unmatched feedback, comments, a card that was held back; more than a page.
    static void fill(FeedbackStore& store) {
        std::vector<ShownCard> cards;
        std::vector<CardFeedback> batch;
        for (std::size_t i = 0; i < k_page_rows + 5; ++i) {
            cards.push_back(card_shown("c" + std::to_string(i)));
            cards.back().at += i * 1s;
            cards.back().quiet = i % 100 == 1;
            if (i % 2 == 0) batch.push_back(card_accepted("c" + std::to_string(i)));
            if (i % 3 == 0) batch.push_back(card_overridden("c" + std::to_string(i)));
        }
        batch.push_back(card_overridden("nobody's"));
        ASSERT_TRUE(store.record_shown(std::move(cards)));
        ASSERT_TRUE(store.record_feedback(std::move(batch)));
    }
    const TempFolder folder_{"/dev/shm"};
};

TEST_F(BackupTest, HasAHeaderFeedbackCardsAndALastLineOverAll) {
    const auto store = open("a");
    ASSERT_TRUE(store->record_shown({card_shown()}));
    ASSERT_TRUE(store->record_feedback({card_accepted()}));
    const auto text = backup_of(*store, k_noon);
    const auto end = text.rfind("{\"rows\"");
    EXPECT_EQ(text.find("{\"store\":\"proctor-feedback\",\"version\":1,\"made\":1781524800000}\n{\"feedback\":"), 0U);
    EXPECT_LT(text.find("{\"feedback\":"), text.find("{\"shown\":"));
    EXPECT_EQ(text.substr(end), "{\"rows\":2,\"sha256\":\"" + sha256_hex(text.substr(0, end)) + "\"}\n");
}

TEST_F(BackupTest, AnotherStoreIsFilledWithTheSame) {
    const auto from = open("a"), to = open("b");
    fill(*from);
    const auto text = backup_of(*from, k_noon);
    TextLines lines(text);
    const auto restored = restore_backup(*to, lines);
    ASSERT_TRUE(restored) << describe(restored.error());
    EXPECT_EQ(restored->shown, k_page_rows + 5);
    EXPECT_EQ(backup_of(*to, k_noon), text);
}

TEST_F(BackupTest, AnEmptyStoreIsABackupToo) {
    const auto text = backup_of(*open("a"), k_noon);
    TextLines lines(text);
    const auto restored = restore_backup(*open("b"), lines);
    ASSERT_TRUE(restored);
    EXPECT_EQ(*restored, RowCounts());
}

TEST_F(BackupTest, IsRestoredIntoAnEmptyStoreAlone) {
    const auto store = open("a");
    ASSERT_TRUE(store->record_shown({card_shown()}));
    TextLines lines(backup_of(*store, k_noon));
    const auto restored = restore_backup(*store, lines);
    ASSERT_FALSE(restored);
    EXPECT_EQ(restored.error().message, "the feedback store is not empty");
    FakeStore::Seen seen;
    seen.there = false;
    FakeStore away(seen);
    EXPECT_EQ(restore_backup(away, lines).error().message, "the feedback store does not answer");
}

TEST_F(BackupTest, WhatCutOrChangedItIsSeenBeforeAnythingIsWritten) {
    const auto store = open("a"), other = open("b");
    fill(*store);
    const auto text = backup_of(*store, k_noon);
    ASSERT_EQ(error_of(text), "");
    const auto line_end = text.find('\n', text.size() / 2);
    const auto change = [&](const std::string& from, const std::string& to) {
        std::string changed = text;
        return changed.replace(changed.find(from), from.size(), to);
    };
    for (const std::string& bad :
         {std::string(), text.substr(0, text.find('\n') + 1), text.substr(0, line_end + 1),
          text.substr(0, line_end - 3), text + text, text + "\n", text.substr(text.find('\n') + 1),
          change("\"version\":1,", "\"version\":2,"), change("proctor-feedback", "proctor-replay"),
          change("\"rows\":", "\"rows\":1"), change("ADC-12", "ADC-13"), change("already-ordered", "not-applicable"),
          change("{\"shown\":", "{\"feedback\":")}) {
        EXPECT_NE(error_of(bad), "");
        TextLines lines(bad);
        EXPECT_FALSE(restore_backup(*other, lines));
    }
    EXPECT_TRUE(other->shown_after(nullptr, 1)->empty() && other->feedback_after("", 1)->empty());
    EXPECT_NE(error_of(change("already-ordered", "not-applicable")).find("is not what its key says"),
              std::string::npos);
}

// A disk that fails after the check, or a file that is written over.
TEST_F(BackupTest, ABackupThatEndsSoonerThanWhenItWasCheckedIsAnError) {
    class Shrinking final : public BackupLines {
    public:
        Shrinking(std::string text, int whole, int rows) : lines_(std::move(text)), whole_(whole), rows_(rows) {}
        void rewind() override { lines_.rewind(), ++pass_, read_ = 0; }
        [[nodiscard]] bool next(std::string& line) override {
            return (pass_ <= whole_ || ++read_ <= rows_) && lines_.next(line);
        }

    private:
        TextLines lines_;
        int whole_, rows_, pass_ = 0, read_ = 0;
    };
    const auto store = open("a");
    ASSERT_TRUE(store->record_shown({card_shown("a"), card_shown("b")}));
    ASSERT_TRUE(store->record_feedback({card_accepted("a"), card_accepted("b")}));
    for (const int whole : {1, 2}) {  // the check is the first pass, cards are the second, feedback is the third
        Shrinking lines(backup_of(*store, k_noon), whole, whole == 1 ? 4 : 2);
        const auto restored = restore_backup(*open("b" + std::to_string(whole)), lines);
        ASSERT_FALSE(restored) << whole;
        EXPECT_EQ(restored.error().message.find("the backup changed while it was read"), 0U);
    }
}

TEST_F(BackupTest, FeedbackWhoseCardHadGoneMatchesNone) {
    const auto from = open("a"), to = open("b");
    ASSERT_TRUE(from->record_shown({card_shown()}));
    ASSERT_TRUE(from->record_feedback({card_accepted()}));
    ASSERT_TRUE(from->purge(k_noon + 1s, k_noon));
    TextLines lines(backup_of(*from, k_noon));
    const auto restored = restore_backup(*to, lines);
    ASSERT_TRUE(restored);
    EXPECT_EQ(*restored, (RowCounts{1, 0}));
    EXPECT_FALSE(to->feedback_after("", 1)->front().matched);
}

TEST_F(BackupTest, AStoreOrADiskThatGoesAwayIsAnError) {
    const auto store = open("a");
    EXPECT_FALSE(write_backup(*store, k_noon, [](std::string_view) { return false; }));
    FakeStore::Seen seen;
    seen.there = false;
    FakeStore away(seen);
    EXPECT_EQ(backup_of(away, k_noon), "error: the feedback store does not answer");
}

}  // namespace
}  // namespace proctor::store::backup_test
