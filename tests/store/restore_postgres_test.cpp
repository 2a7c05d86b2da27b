// The restore drill: what one kind of database kept, another gives as the same.
#include <gtest/gtest.h>

#include "store/administer.h"
#include "store/export.h"
#include "store/feedback_postgres.h"
#include "store/feedback_sqlite.h"
#include "store/feedback_values.h"
#include "store/text_lines.h"
#include "store/verify.h"
#include "support/fake_entropy.h"
#include "support/temp_folder.h"

namespace proctor::store::restore_postgres_test {
namespace {

using namespace std::chrono_literals;

class RestorePostgresTest : public ::testing::Test {
protected:
    void SetUp() override {
        const auto* server = shared_server();
        if (server == nullptr) GTEST_SKIP() << "the package postgresql is not installed";
        ASSERT_TRUE(administer(*server, "DROP TABLE IF EXISTS shown, feedback, proctor_store"));
        auto postgres = open_feedback_postgres(server->connection(), clock_, 1min);
        auto sqlite = open_feedback_sqlite(folder_.file("feedback.db"), 1min);
        ASSERT_TRUE(postgres && sqlite);
        postgres_ = std::move(postgres).value();
        sqlite_ = std::move(sqlite).value();
    }

    // Of several clients, in every script, with what SQL and CSV take for their own; answered, repeated and held back.
    void fill(FeedbackStore& store) {
        for (const std::string text : {"north", "'; DROP TABLE shown; --", "\"quoted\", with a comma", "Ωδή 漢字 é"}) {
            auto card = card_shown(), quiet = card_shown("quiet");
            auto accepted = card_accepted(), overridden = card_overridden(), unmatched = card_overridden("nobody's");
            quiet.quiet = true;
            overridden.outcome_at += 1h;
            for (auto* one : {&card.client, &quiet.tenant, &accepted.client, &overridden.client, &unmatched.tenant})
                *one = text;
            overridden.comment = comments_.seal(
                "said of " + text, {overridden.client, overridden.tenant, overridden.card, overridden.outcome_at});
            unmatched.comment.clear();
            ASSERT_TRUE(store.record_shown({card, quiet}));
            ASSERT_TRUE(store.record_feedback({accepted, overridden, unmatched}));
        }
    }
    std::string exported(FeedbackStore& store) {
        std::string text;
        EXPECT_TRUE(export_rows(store, {.comments = &comments_},
                                [&](std::string_view bytes) { return text.append(bytes), true; }));
        return text;
    }
    void drill(FeedbackStore& from, FeedbackStore& to) {
        fill(from);
        const auto text = backup_of(from, k_noon);
        TextLines lines(text);
        const auto restored = restore_backup(to, lines);
        ASSERT_TRUE(restored) << describe(restored.error());
        EXPECT_EQ(*restored, (RowCounts{12, 8}));
        EXPECT_EQ(backup_of(to, k_noon), text);
        EXPECT_EQ(exported(to), exported(from));
        const auto verified = verify(to, &comments_);
        ASSERT_TRUE(verified);
        EXPECT_TRUE(verified->fine());
        EXPECT_EQ(verified->opened, 4U);
    }

    const SystemClock clock_;
    const TempFolder folder_{"/dev/shm"};
    FakeEntropy entropy_;
    const CommentKeys comments_{{{"k1", Wiped(std::string(32, 'k'))}}, entropy_};
    std::unique_ptr<FeedbackStore> postgres_, sqlite_;
};

TEST_F(RestorePostgresTest, WhatSqliteKeptPostgresGives) { drill(*sqlite_, *postgres_); }
TEST_F(RestorePostgresTest, WhatPostgresKeptSqliteGives) { drill(*postgres_, *sqlite_); }

}  // namespace
}  // namespace proctor::store::restore_postgres_test
