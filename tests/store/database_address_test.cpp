#include "store/database_address.h"

#include <gtest/gtest.h>

namespace proctor::store::database_address_test {
namespace {

std::string judge(const std::string& where) {
    const auto judged = check_database(where, "replay_store");
    return judged ? "" : describe(judged.error());
}

TEST(DatabaseAddress, OnThisHostNeedsNoTls) {
    for (const auto* where :
         {"postgresql:///proctor", "postgresql://proctor@/proctor?host=/run/postgresql",
          "postgresql://localhost/proctor", "postgresql://127.0.0.1:5433/proctor", "postgresql://[::1]/proctor",
          "postgresql:///proctor?host=/a,/b", "postgresql://db.example/proctor?hostaddr=127.0.0.1",
          "dbname=proctor host=/run/postgresql"})
        EXPECT_EQ(judge(where), "") << where;
}

TEST(DatabaseAddress, OnAnotherHostIsRefusedUnlessItsCertificateIsChecked) {
    const std::string refused = "replay_store: a database on another host needs sslmode=verify-full";
    for (const std::string where :
         {"postgresql://db.example/proctor?port=5432", "postgresql://192.0.2.1/proctor?port=5432",
          "postgresql://127.0.0.1,db.example/proctor?port=5432", "postgresql://127.evil.example/proctor?port=5432",
          "postgresql:///proctor?host=db.example", "postgresql://localhost/proctor?hostaddr=192.0.2.1",
          "postgresql:///proctor?hostaddr=192.0.2.1", "postgresql:///proctor?service=elsewhere"}) {
        EXPECT_EQ(judge(where), refused) << where;
        for (const std::string mode : {"disable", "allow", "prefer", "require", "verify-ca"})
            EXPECT_EQ(judge(where + "&sslmode=" + mode), refused) << where << mode;
        EXPECT_EQ(judge(where + "&sslmode=verify-full"), "") << where;
    }
}

TEST(DatabaseAddress, HasItsPasswordInAnotherFile) {
    const std::string refused = "replay_store: a password belongs into a passfile, not here";
    EXPECT_EQ(judge("postgresql://proctor:secret@/proctor"), refused);
    EXPECT_EQ(judge("host=/run/postgresql password=secret"), refused);
    EXPECT_EQ(judge("postgresql:///proctor?passfile=/etc/proctor/passfile"), "");
}

TEST(DatabaseAddress, WhatIsNoConnectionStringIsRefusedAndNotRepeated) {
    for (const auto* where : {"mysql://db.example/a", "postgresql://[::1/a", "postgresql:///a?colour=red"})
        EXPECT_EQ(judge(where), "replay_store: is no connection string that libpq understands") << where;
}

}  // namespace
}  // namespace proctor::store::database_address_test
