#include "store/open_feedback.h"

#include <filesystem>
#include <utility>

#include "store/database_address.h"
#include "store/feedback_postgres.h"
#include "store/feedback_sqlite.h"
#include "store/spool.h"

namespace proctor::store {
namespace {

// The safe way there, for a database; a file has no way.
Status check_way(const std::string& where) {
    return is_database(where) ? check_database(where, "feedback_store") : Status(Done{});
}

// A file that cannot be looked at is there: opening it says why it cannot be used.
bool is_missing(const std::string& file) {
    std::error_code fault;
    return std::filesystem::status(file, fault).type() == std::filesystem::file_type::not_found;
}

}  // namespace

bool is_database(const std::string& where) { return where.find("://") != std::string::npos; }

Result<std::unique_ptr<FeedbackStore>> open_feedback(const std::string& where, const std::string& spool,
                                                     const Clock& clock, MayBeNew may_be_new) {
    if (auto safe = check_way(where); !safe) return safe.error();
    if (may_be_new == MayBeNew::no && !is_database(where) && is_missing(where))
        return Error{"there is no feedback store", where};
    constexpr std::chrono::milliseconds k_wait{limits::k_feedback_database_wait_ms};
    auto store =
        is_database(where) ? open_feedback_postgres(where, clock, k_wait, may_be_new) : open_feedback_sqlite(where);
    if (!store) return store.error();
    if (spool.empty() || !is_database(where)) return std::unique_ptr<FeedbackStore>(std::move(store).value());
    auto file = open_feedback_sqlite(spool);
    if (!file) return file.error();
    return std::unique_ptr<FeedbackStore>(
        std::make_unique<Spool>(std::move(store).value(), std::move(file).value(), clock));
}

Status migrate_feedback(const std::string& where, const std::string& spool, const Clock& clock) {
    if (auto safe = check_way(where); !safe) return safe;
    if (!is_database(where)) return migrate_feedback_sqlite(where);
    auto migrated = migrate_feedback_postgres(where, clock);
    // One that is not there is made by the start, as the service's user.
    if (!migrated || spool.empty() || is_missing(spool)) return migrated;
    return migrate_feedback_sqlite(spool);
}

}  // namespace proctor::store
