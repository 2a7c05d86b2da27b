#include "store/feedback_postgres.h"

#include <optional>
#include <utility>

#include "store/migrations.h"
#include "store/sql_postgres.h"

namespace proctor::store {
namespace {

// The connection string may hold what no error should.
constexpr const char* k_place = "feedback_store";

std::optional<Status> settle_durability(Sql& sql) {
    const auto fsync = sql.run("SELECT current_setting('fsync')");
    if (!fsync) return std::nullopt;
    if (fsync->front().front() != "on")
        return Error{"fsync is off at the database server, so nothing that it acknowledges is on its disk", k_place};
    // remote_apply says more than on; what says less is turned up.
    if (!sql.run("SELECT set_config('synchronous_commit', 'on', false) "
                 "WHERE current_setting('synchronous_commit') <> 'remote_apply'"))
        return std::nullopt;
    return Done{};
}

Sql::Check check_with(std::optional<Status> (*settle)(Sql&, const std::string&, MayBeNew), MayBeNew may_be_new) {
    return [settle, may_be_new](Sql& sql) {
        auto durable = settle_durability(sql);
        return durable && durable->ok() ? settle(sql, k_place, may_be_new) : durable;
    };
}

}  // namespace

Result<std::unique_ptr<FeedbackSql>> open_feedback_postgres(const std::string& where, const Clock& clock,
                                                            std::chrono::milliseconds wait, MayBeNew may_be_new) {
    const auto make = [where, &clock, may_be_new](std::chrono::milliseconds patience) {
        return sql_postgres(where, clock, patience, check_with(settle_schema, may_be_new));
    };
    if (auto opened = make(std::chrono::seconds{limits::k_feedback_open_seconds})->open(); !opened)
        return opened.error();
    return std::make_unique<FeedbackSql>(make, wait);
}

Status migrate_feedback_postgres(const std::string& where, const Clock& clock) {
    const auto sql = sql_postgres(where, clock, std::chrono::seconds{limits::k_feedback_migrate_seconds},
                                  check_with(migrate_schema, MayBeNew::yes));
    if (auto opened = sql->open(); !opened) return opened.error();
    if (!sql->run("SELECT 1"))
        return Error{"the database does not answer, or refuses the change of its tables", k_place};
    return Done{};
}

}  // namespace proctor::store
