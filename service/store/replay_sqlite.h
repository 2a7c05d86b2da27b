// The replay store of one machine: a SQLite file that processes on it may share and that survives a stop of any kind.
// It knows ids and times, and no token.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "auth/replay.h"
#include "base/limits.h"
#include "base/result.h"

namespace proctor::store {

// Opens the file, or makes it with mode 0600; WAL with synchronous=FULL, so that `first` means on disk. Errors: no
// place for it, a file that others may use, one that is damaged or has another's tables. Nothing is ever repaired or
// made anew.
//
// What is returned never throws, and is unavailable while the file is locked, full or broken: after `wait` for others
// and as long for the file. It keeps nothing then, unless the disk itself hangs.
[[nodiscard]] Result<std::unique_ptr<auth::ReplayStore>> open_replay_sqlite(
    const std::string& path, std::chrono::milliseconds wait = std::chrono::milliseconds{limits::k_replay_wait_ms});

}  // namespace proctor::store
