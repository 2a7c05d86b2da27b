#include "store/integrity.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <exception>

#include "base/limits.h"
#include "store/sqlite_file.h"

namespace proctor::store {

Status check_sqlite(const std::string& path) {
    try {
        auto database = open_file(path, std::chrono::milliseconds{limits::k_feedback_wait_ms});
        if (database.execAndGet("PRAGMA integrity_check").getString() == "ok") return Done{};
    } catch (const std::exception&) {
        return Error{"cannot be read, or is no SQLite file", path};
    }
    return Error{"is damaged", path};
}

}  // namespace proctor::store
