#include "store/replay_sqlite.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <cstdint>
#include <exception>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "store/group_commit.h"
#include "store/sqlite_file.h"

namespace proctor::store {
namespace {

using auth::Use;

constexpr std::chrono::seconds k_margin{limits::k_replay_margin_seconds};
constexpr std::chrono::seconds k_opening{limits::k_opening_seconds};

std::int64_t milliseconds(WallTime time) { return time.time_since_epoch().count(); }

void make_tables(SQLite::Database& database) {
    database.exec("CREATE TABLE IF NOT EXISTS replay (id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID");
    database.exec("CREATE INDEX IF NOT EXISTS replay_until ON replay (until)");
}

// One use that waits for its answer.
struct Question {
    std::string id;
    WallTime until, now;
};

// The connection and its statements. SQLite's exceptions leave it.
class Connection final {
public:
    explicit Connection(SQLite::Database database)
        : database_(std::move(database)),
          insert_(database_, "INSERT OR IGNORE INTO replay (id, until) VALUES (?, ?)"),
          purge_(database_, "DELETE FROM replay WHERE id IN (SELECT id FROM replay WHERE until < ? LIMIT ?)") {}

    // The answers, in one transaction: they hold once this has returned.
    [[nodiscard]] std::vector<Use> use(const std::vector<Question>& questions) {
        std::vector<Use> answers;
        roll_back();  // where there was no memory even for that
        database_.exec("BEGIN IMMEDIATE");
        try {
            for (const auto& question : questions) {
                answers.push_back(insert(question) ? Use::first : Use::again);
                if (uses_++ % limits::k_replay_purge_uses == 0) purge(question.now);
            }
            database_.exec("COMMIT");
        } catch (const std::exception&) {
            roll_back();
            throw;
        }
        return answers;
    }

private:
    // Not SQLiteCpp's Transaction: without memory its destructor ends the process.
    void roll_back() {
        if (::sqlite3_get_autocommit(database_.getHandle()) == 0) database_.tryExec("ROLLBACK");
    }

    [[nodiscard]] bool insert(const Question& question) {
        insert_.tryReset();
        insert_.bind(1, question.id);
        insert_.bind(2, milliseconds(question.until));
        return insert_.exec() == 1;
    }

    void purge(WallTime now) {
        purge_.tryReset();
        purge_.bind(1, milliseconds(now - k_margin));
        purge_.bind(2, limits::k_replay_purge_rows);
        purge_.exec();
    }

    SQLite::Database database_;
    SQLite::Statement insert_, purge_;
    unsigned uses_ = 0;
};

class ReplaySqlite final : public auth::ReplayStore {
public:
    ReplaySqlite(SQLite::Database database, std::chrono::milliseconds wait)
        : connection_(std::move(database)),
          commits_(wait, Use::unavailable, [this](const auto& questions) { return connection_.use(questions); }) {}

    [[nodiscard]] Use use(const std::string& id, WallTime until, WallTime now) override {
        return commits_.run({id, until, now});
    }

private:
    Connection connection_;
    GroupCommit<Question, Use> commits_;
};

}  // namespace

Result<std::unique_ptr<auth::ReplayStore>> open_replay_sqlite(const std::string& path, std::chrono::milliseconds wait) {
    if (auto made = make_private(path, "the replay store"); !made) return made.error();
    const OpeningAlone alone(path, k_opening);
    if (auto error = alone.kept_out()) return *error;
    try {
        SQLite::Database database = open_file(path, wait);
        if (!make_durable(database)) return Error{"the replay store cannot be kept durable here", path};
        make_tables(database);
        return std::unique_ptr<auth::ReplayStore>(std::make_unique<ReplaySqlite>(std::move(database), wait));
    } catch (const std::exception&) {
        return Error{"no replay store, or a damaged or locked one", path};
    }
}

}  // namespace proctor::store
