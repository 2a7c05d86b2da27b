#include "store/feedback_sqlite.h"

#include <optional>
#include <utility>

#include "store/migrations.h"
#include "store/sql_sqlite.h"
#include "store/sqlite_file.h"

namespace proctor::store {
namespace {

Error damaged(const std::string& path) { return {"the feedback store is damaged, locked or read-only", path}; }

}  // namespace

Result<std::unique_ptr<FeedbackSql>> open_feedback_sqlite(const std::string& path, std::chrono::milliseconds wait) {
    if (auto error = make_private(path, "the feedback store")) return *error;
    const auto make = [path](std::chrono::milliseconds patience) {
        return sql_sqlite(path, patience, [path](Sql& sql) { return settle_schema(sql, path); });
    };
    const auto first = make(wait);
    if (auto opened = first->open(); !opened) return opened.error();
    // One that may only be read opens, too.
    if (!first->transact([] { return true; })) return damaged(path);
    return std::make_unique<FeedbackSql>(make, wait);
}

Status migrate_feedback_sqlite(const std::string& path) {
    if (auto error = make_private(path, "the feedback store")) return *error;
    const auto sql = sql_sqlite(path, std::chrono::seconds{limits::k_feedback_report_seconds},
                                [path](Sql& session) { return migrate_schema(session, path); });
    if (auto opened = sql->open(); !opened) return opened.error();
    if (!sql->run("SELECT 1")) return damaged(path);
    return Done{};
}

}  // namespace proctor::store
