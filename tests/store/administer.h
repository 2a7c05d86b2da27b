// What an administrator does at the tests' PostgreSQL server, beside the store.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "store/postgres_server.h"
#include "store/sql_postgres.h"

namespace proctor::store {

inline std::unique_ptr<Sql> administrator(const PostgresServer& server) {
    static const SystemClock clock;
    return sql_postgres(server.connection(), clock, std::chrono::minutes{1}, [](Sql&) { return Done{}; });
}

// The rows. Nothing: the server did not do it.
inline std::optional<Sql::Rows> administer(const PostgresServer& server, const std::string& statement) {
    return administrator(server)->run(statement);
}

// Ends the sessions of everybody else, and waits so long for each; none: does not wait.
inline bool cut_sessions(const PostgresServer& server, std::chrono::milliseconds wait = {}) {
    return administer(server, "SELECT pg_terminate_backend(pid, " + std::to_string(wait.count()) +
                                  ") FROM pg_stat_activity WHERE application_name = 'proctor' AND pid <> "
                                  "pg_backend_pid()")
        .has_value();
}

inline std::string ask(const PostgresServer& server, const std::string& question) {
    const auto rows = administer(server, question);
    return rows && !rows->empty() ? rows->front().front() : "";
}

}  // namespace proctor::store
