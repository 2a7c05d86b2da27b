// PostgreSQL's session, with a bound on all waiting. It knows no tables.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/clock.h"
#include "store/sql.h"

namespace proctor::store {

// `where`: libpq's connection string; a password belongs into the passfile that it names, host names into its hostaddr
// (a name is looked up without a time limit). `wait`: for opening a session and an answer together, and for a
// transaction from beginning to end. Refers to the clock.
//
// A session that was cut is opened again at once, unless within a transaction: what is asked outside one may be asked
// twice. A text with a NUL, or that is no UTF-8, is refused.
[[nodiscard]] std::unique_ptr<Sql> sql_postgres(std::string where, const Clock& clock, std::chrono::milliseconds wait,
                                                Sql::Check check);

}  // namespace proctor::store
