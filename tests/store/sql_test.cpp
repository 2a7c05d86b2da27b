// What every session with a database has to do, whatever database it is.
#include "store/sql.h"

#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <stop_token>
#include <vector>

#include "base/clock.h"
#include "store/administer.h"
#include "store/sql_postgres.h"
#include "store/sql_sqlite.h"
#include "store/sqlite_file.h"
#include "support/temp_folder.h"

namespace proctor::store::sql_test {
namespace {

using namespace std::chrono_literals;

std::optional<Status> fine(Sql&) { return Status(Done{}); }

class SqlTest : public ::testing::TestWithParam<Sql::Dialect> {
protected:
    void SetUp() override {
        const bool sqlite = GetParam() == Sql::Dialect::sqlite;
        if (!sqlite && shared_server() == nullptr) GTEST_SKIP() << "the package postgresql is not installed";
        ASSERT_TRUE(make_private(path_, "the file").ok());
        sql_ = sqlite ? sql_sqlite(path_, 1s, fine) : sql_postgres(shared_server()->connection(), clock_, 10s, fine);
        ASSERT_TRUE(sql_->run("DROP TABLE IF EXISTS one"));
        ASSERT_TRUE(sql_->run("CREATE TABLE one (value TEXT NOT NULL)"));
    }
    [[nodiscard]] bool insert(const std::string& value) {
        return sql_->run("INSERT INTO one VALUES ($1)", {value}).has_value();
    }
    [[nodiscard]] std::optional<Sql::Rows> values() { return sql_->run("SELECT value FROM one"); }

    const TempFolder folder_;
    const std::string path_ = folder_.file("sql.db");
    const SystemClock clock_;
    std::unique_ptr<Sql> sql_;
};

TEST_P(SqlTest, ATransactionThatFailsIsUndone) {
    EXPECT_FALSE(sql_->transact([&] { return insert("undone") && false; }));
    EXPECT_TRUE(sql_->transact([&] { return insert("done"); }));
    EXPECT_EQ(values(), (Sql::Rows{{"done"}}));
}

// It held the file's lock, or the session, for ever.
TEST_P(SqlTest, ATransactionThatLacksMemoryIsUndoneAndTheNextIsNot) {
    EXPECT_FALSE(sql_->transact([&]() -> bool {
        EXPECT_TRUE(insert("undone"));
        throw std::bad_alloc();
    }));
    EXPECT_TRUE(sql_->transact([&] { return insert("done"); }));
    EXPECT_EQ(values(), (Sql::Rows{{"done"}}));
}

TEST_P(SqlTest, WhatWasDeletedIsForgottenUnlessItIsToStop) {
    const bool sqlite = sql_->dialect() == Sql::Dialect::sqlite;
    const auto forgotten = [&] { return !sqlite || sql_->run("PRAGMA freelist_count") == Sql::Rows{{"0"}}; };
    ASSERT_TRUE(sql_->transact([&] {
        return sql_->run_each("INSERT INTO one VALUES ($1)", std::vector<Sql::Values>(2000, {"goes"})) &&
               sql_->run_each("INSERT INTO one VALUES ($1)", std::vector<Sql::Values>(2000, {"stays"}));
    }));
    ASSERT_TRUE(sql_->run("DELETE FROM one WHERE value = 'goes'"));
    std::stop_source ending;
    ending.request_stop();
    EXPECT_EQ(sql_->forget_deleted(ending.get_token()), !sqlite) << "PostgreSQL's vacuum is its own";
    EXPECT_EQ(forgotten(), !sqlite);
    EXPECT_TRUE(sql_->forget_deleted({}));
    EXPECT_TRUE(forgotten());
}

INSTANTIATE_TEST_SUITE_P(Postgres, SqlTest, ::testing::Values(Sql::Dialect::postgres),
                         [](const auto&) { return "one"; });
INSTANTIATE_TEST_SUITE_P(Sqlite, SqlTest, ::testing::Values(Sql::Dialect::sqlite), [](const auto&) { return "one"; });

}  // namespace
}  // namespace proctor::store::sql_test
