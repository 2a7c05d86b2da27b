#include "store/feedback_sqlite.h"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "store/migrations.h"
#include "store/sql_sqlite.h"
#include "store/sqlite_file.h"

namespace proctor::store {
namespace {

Error damaged(const std::string& path) { return {"the feedback store is damaged, locked or read-only", path}; }

using Settle = std::optional<Status> (*)(Sql&, const std::string&, MayBeNew);

// The first session of a start, which makes the file where there is none. Others wait for its tables: so whoever
// finds it empty has lost what was in it, or a start was killed in between.
std::unique_ptr<Sql> first_session(const std::string& path, std::chrono::milliseconds wait, Settle settle) {
    const auto made = std::make_shared<MayBeNew>(MayBeNew::no);
    const auto check = [=](Sql& sql) { return settle(sql, path, *made); };
    return sql_sqlite(path, wait, check, [=]() -> Status {
        const auto now = make_private(path, "the feedback store");
        if (!now) return now.error();
        if (*now) *made = MayBeNew::yes;
        // SQLite would take the log beside an empty file away.
        std::error_code unknown;
        if (*made == MayBeNew::no && std::filesystem::is_empty(path, unknown))
            return no_store_in(Sql::Dialect::sqlite, path);
        return Done{};
    });
}

}  // namespace

Result<std::unique_ptr<FeedbackSql>> open_feedback_sqlite(const std::string& path, std::chrono::milliseconds wait) {
    const auto first = first_session(path, wait, settle_schema);
    if (auto opened = first->open(); !opened) return opened.error();
    // One that may only be read opens, too.
    if (!first->transact([] { return true; })) return damaged(path);
    const auto make = [path](std::chrono::milliseconds patience) {
        return sql_sqlite(path, patience, [path](Sql& sql) { return settle_schema(sql, path, MayBeNew::no); });
    };
    return std::make_unique<FeedbackSql>(make, wait);
}

Status migrate_feedback_sqlite(const std::string& path) {
    const auto sql = first_session(path, std::chrono::seconds{limits::k_feedback_report_seconds}, migrate_schema);
    if (auto opened = sql->open(); !opened) return opened.error();
    if (!sql->run("SELECT 1")) return damaged(path);
    return Done{};
}

}  // namespace proctor::store
