// The feedback store that a configuration names: a file, or a database with a spool before it.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "store/feedback.h"
#include "store/migrations.h"

namespace proctor::store {

// Whether this names a database, and not a file.
[[nodiscard]] bool is_database(const std::string& where);

// `where`: a file, or "postgresql://...". `spool`: a file that takes what comes while that database is away
// (store/spool.h); empty, or beside a file: none. Errors: database_address.h, feedback_sqlite.h and
// feedback_postgres.h say them; of an older version they name `proctor store migrate`. One that may not be new is
// there, with its tables, when its database answers. Refers to the clock.
[[nodiscard]] Result<std::unique_ptr<FeedbackStore>> open_feedback(const std::string& where, const std::string& spool,
                                                                   const Clock& clock,
                                                                   MayBeNew may_be_new = MayBeNew::yes);

// Brings a file or database of an older version to this one, in one transaction; an empty one gets its tables, and done
// before, it does nothing. After a database its spool, if there is one, in a transaction of its own: what waits in it
// stays.
[[nodiscard]] Status migrate_feedback(const std::string& where, const std::string& spool, const Clock& clock);

}  // namespace proctor::store
