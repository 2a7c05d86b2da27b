// The feedback store of many machines: tables in PostgreSQL.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/limits.h"
#include "base/result.h"
#include "store/feedback_sql.h"
#include "store/migrations.h"

namespace proctor::store {

// `where`: as sql_postgres.h says; a database, or a schema by its search_path, of its own. An empty one gets its
// tables when it may be new. Error: the server answers, and the database is empty otherwise, another's, of another
// version, or on a server whose fsync is off. A server that does not answer is no error: each session that opens later
// is looked at in the same way, and what is returned is unavailable until one is fine. Refers to the clock.
//
// What is kept is as durable as synchronous_commit = on makes it, or as the server has it when that is more; how it
// logs statements is the site's to say.
[[nodiscard]] Result<std::unique_ptr<FeedbackSql>> open_feedback_postgres(
    const std::string& where, const Clock& clock,
    std::chrono::milliseconds wait = std::chrono::milliseconds{limits::k_feedback_database_wait_ms},
    MayBeNew may_be_new = MayBeNew::yes);

// Brings a database of an older version to this one, or fills an empty one; done before, it does nothing. Error: as
// above, or the server does not answer; the database is then as it was.
[[nodiscard]] Status migrate_feedback_postgres(const std::string& where, const Clock& clock);

}  // namespace proctor::store
