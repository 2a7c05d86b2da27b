#include "store/sql_sqlite.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <exception>
#include <unordered_map>
#include <utility>

#include "base/limits.h"
#include "store/sqlite_file.h"

namespace proctor::store {
namespace {

// After these the file may not be what the session believes. After an fsync that failed, above all: the system may have
// dropped what it could not write, and a second fsync would report success. A write that failed is only undone.
bool leaves_doubt(const SQLite::Exception& error) {
    switch (error.getErrorCode() & 0xFF) {
        case SQLITE_IOERR: return error.getExtendedErrorCode() != SQLITE_IOERR_WRITE;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN: return true;
        default: return false;
    }
}

// A statement that was not reset keeps its lock.
struct Reset {
    SQLite::Statement& statement;
    ~Reset() { statement.tryReset(); }
};

// For SQLite, which asks each time it has done so many of its steps.
constexpr int k_steps = 1000;
int is_to_stop(void* token) { return static_cast<const std::stop_token*>(token)->stop_requested() ? 1 : 0; }

class SqlSqlite final : public Sql {
public:
    SqlSqlite(std::string path, std::chrono::milliseconds wait, Check check, std::function<Status()> find)
        : path_(std::move(path)), wait_(wait), check_(std::move(check)), find_(std::move(find)) {}

    [[nodiscard]] Dialect dialect() const override { return Dialect::sqlite; }

    [[nodiscard]] std::optional<std::vector<Rows>> run_each(const std::string& statement,
                                                            const std::vector<Values>& values) override {
        if (!ready()) return std::nullopt;
        try {
            std::vector<Rows> answers;
            answers.reserve(values.size());
            for (const auto& one : values) answers.push_back(ask(prepared(statement), one));
            return answers;
        } catch (const SQLite::Exception& error) {  // locked, full or broken
            if (leaves_doubt(error)) close();
        } catch (const std::exception&) {  // no memory
        }
        return std::nullopt;
    }

    [[nodiscard]] Status open() override {
        const std::chrono::milliseconds patience{std::chrono::seconds{limits::k_opening_seconds}};
        if (ready(std::max(wait_, patience)) || !refused_) return Done{};
        return *refused_;
    }

    // secure_delete overwrites a row where it stands, but not the copies that remain in a page when its rows were moved
    // to another: so the file is written anew. Most of that is brought from the log to the file while others go on.
    [[nodiscard]] bool forget_deleted(const std::stop_token& stop) override {
        if (!rewrite(stop) || stop.stop_requested() || !run("PRAGMA wal_checkpoint(PASSIVE)")) return false;
        const auto rows = run("PRAGMA wal_checkpoint(TRUNCATE)");
        return rows && rows->size() == 1 && rows->front().front() == "0";
    }

private:
    // What asks whether to go on is asked every few milliseconds, and goes before this returns.
    [[nodiscard]] bool rewrite(const std::stop_token& stop) {
        if (!ready()) return false;
        ::sqlite3_progress_handler(database_->getHandle(), k_steps, is_to_stop, const_cast<std::stop_token*>(&stop));
        const bool done = run("VACUUM").has_value();
        if (database_) ::sqlite3_progress_handler(database_->getHandle(), 0, nullptr, nullptr);
        return done;
    }
    [[nodiscard]] bool begin() override {
        if (database_ && is_gone(*database_)) close();
        return in_transaction_ = run("BEGIN IMMEDIATE").has_value();
    }
    [[nodiscard]] bool commit() override {
        const bool done = run("COMMIT").has_value();
        if (done) in_transaction_ = false;
        return done;
    }
    void roll_back() override {
        try {
            // It may have been rolled back already.
            if (database_) (void)run("ROLLBACK");
        } catch (const std::exception&) {  // no memory
        }
        if (database_ && ::sqlite3_get_autocommit(database_->getHandle()) == 0) close();
        in_transaction_ = false;
    }

    [[nodiscard]] bool ready() { return ready(wait_); }
    // `patience`: for others who open files here.
    [[nodiscard]] bool ready(std::chrono::milliseconds patience) {
        if (database_) return true;
        if (in_transaction_) return false;  // its beginning is lost
        refused_.reset();
        try {
            if (prepare(patience)) return true;
        } catch (const std::exception&) {
        }
        close();
        return false;
    }

    [[nodiscard]] bool prepare(std::chrono::milliseconds patience) {
        const OpeningAlone alone(path_, patience);
        refused_ = alone.kept_out();
        if (refused_) return false;
        if (const auto found = find_(); !found) refused_ = found.error();
        if (refused_ || !settle_log(path_)) return false;
        database_.emplace(open_file(path_, wait_));
        database_->exec("PRAGMA secure_delete = ON");
        const auto judged = check_(*this);
        if (judged && !judged->ok()) refused_ = judged->error();
        if (!judged || refused_ || !database_) return false;
        if (!make_durable(*database_)) refused_ = Error{"the file cannot be kept durable here", path_};
        return !refused_;
    }

    void close() {
        statements_.clear();
        database_.reset();
    }

    [[nodiscard]] SQLite::Statement& prepared(const std::string& statement) {
        const auto found = statements_.find(statement);
        if (found != statements_.end()) return found->second;
        return statements_.emplace(statement, SQLite::Statement(*database_, statement)).first->second;
    }

    static Rows ask(SQLite::Statement& statement, const Values& values) {
        const Reset reset{statement};
        for (std::size_t i = 0; i < values.size(); ++i) statement.bind("$" + std::to_string(i + 1), values[i]);
        Rows rows;
        while (statement.executeStep()) {
            Values& row = rows.emplace_back();
            for (int i = 0; i < statement.getColumnCount(); ++i) row.push_back(statement.getColumn(i).getString());
        }
        return rows;
    }

    const std::string path_;
    const std::chrono::milliseconds wait_;
    const Check check_;
    const std::function<Status()> find_;
    std::optional<Error> refused_;
    std::optional<SQLite::Database> database_;
    std::unordered_map<std::string, SQLite::Statement> statements_;  // of database_
    bool in_transaction_ = false;
};

}  // namespace

std::unique_ptr<Sql> sql_sqlite(std::string path, std::chrono::milliseconds wait, Sql::Check check,
                                std::function<Status()> find) {
    return std::make_unique<SqlSqlite>(std::move(path), wait, std::move(check), std::move(find));
}

}  // namespace proctor::store
