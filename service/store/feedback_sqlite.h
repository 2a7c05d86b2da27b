// The feedback store of one machine: a SQLite file that processes on it may share and that survives a stop of any kind.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/limits.h"
#include "base/result.h"
#include "store/feedback_sql.h"

namespace proctor::store {

// Opens the file, or makes it with mode 0600; WAL with synchronous=FULL. Errors: no place for it, a file that others
// may use, one that cannot be written, is damaged or empty, or was made by another program or another version of this
// one. Nothing is ever repaired or made anew.
//
// What is returned is unavailable while the file is locked, full or broken: after `wait` for others and as long for the
// file. A list that was given up may have been kept when the disk itself hangs; sent again, it is kept once.
[[nodiscard]] Result<std::unique_ptr<FeedbackSql>> open_feedback_sqlite(
    const std::string& path, std::chrono::milliseconds wait = std::chrono::milliseconds{limits::k_feedback_wait_ms});

// Brings a file of an older version to this one, or makes a new one; done before, it does nothing. Errors as above;
// the file is then as it was.
[[nodiscard]] Status migrate_feedback_sqlite(const std::string& path);

}  // namespace proctor::store
