#include "store/replay_postgres.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "store/pool.h"
#include "store/sql_postgres.h"

namespace proctor::store {
namespace {

using auth::Use;

constexpr std::chrono::seconds k_margin{limits::k_replay_margin_seconds};

constexpr const char* k_exists = "SELECT to_regclass('proctor_replay') IS NOT NULL";
constexpr const char* k_create =
    "CREATE TABLE IF NOT EXISTS proctor_replay (id text PRIMARY KEY, until_ms bigint NOT NULL)";
constexpr const char* k_index = "CREATE INDEX IF NOT EXISTS proctor_replay_until ON proctor_replay (until_ms)";
constexpr const char* k_insert =
    "INSERT INTO proctor_replay (id, until_ms) VALUES ($1, $2::bigint) ON CONFLICT (id) DO NOTHING RETURNING 1";
constexpr const char* k_purge =
    "DELETE FROM proctor_replay WHERE id IN"
    " (SELECT id FROM proctor_replay WHERE until_ms < $1::bigint LIMIT $2::bigint FOR UPDATE SKIP LOCKED)";

std::string milliseconds(WallTime time) { return std::to_string(time.time_since_epoch().count()); }

// Two that make the table at once: one of them fails, and finds it at its next use.
std::optional<Status> prepare_table(Sql& sql) {
    const auto exists = sql.run(k_exists);
    if (!exists) return std::nullopt;
    if (exists->front().front() != "t" && !(sql.run(k_create) && sql.run(k_index))) return std::nullopt;
    return Done{};
}

class ReplayPostgres final : public auth::ReplayStore {
public:
    ReplayPostgres(const std::string& where, const Clock& clock, std::chrono::milliseconds wait)
        : wait_(wait), pool_(make(where, clock, wait)) {}

    [[nodiscard]] Use use(const std::string& id, WallTime until, WallTime now) override {
        const auto connection = pool_.borrow(wait_);
        if (!connection) return Use::unavailable;
        // Asked twice, after a session was cut, it can only turn first to again.
        const auto inserted = connection->run(k_insert, {id, milliseconds(until)});
        if (!inserted) return Use::unavailable;
        // The answer is known already: a clean-up that fails comes again.
        if (uses_++ % limits::k_replay_purge_uses == 0) {
            (void)connection->run(k_purge, {milliseconds(now - k_margin), std::to_string(limits::k_replay_purge_rows)});
        }
        return inserted->empty() ? Use::again : Use::first;
    }

private:
    static std::vector<std::unique_ptr<Sql>> make(const std::string& where, const Clock& clock,
                                                  std::chrono::milliseconds wait) {
        std::vector<std::unique_ptr<Sql>> sessions;
        while (sessions.size() < limits::k_replay_connections)
            sessions.push_back(sql_postgres(where, clock, wait, prepare_table));
        return sessions;
    }

    const std::chrono::milliseconds wait_;
    Pool<Sql> pool_;
    std::atomic<unsigned> uses_{0};
};

}  // namespace

std::unique_ptr<auth::ReplayStore> replay_postgres(const std::string& connection, const Clock& clock,
                                                   std::chrono::milliseconds wait) {
    return std::make_unique<ReplayPostgres>(connection, clock, wait);
}

}  // namespace proctor::store
