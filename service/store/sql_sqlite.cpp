#include "store/sql_sqlite.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <exception>
#include <unordered_map>
#include <utility>

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
        if (ready() || !refused_) return Done{};
        return *refused_;
    }

    // secure_delete overwrites a row where it stands, but not the copies that remain in a page when its rows were moved
    // to another: so the file is written anew. Most of that is brought from the log to the file while others go on.
    [[nodiscard]] bool forget_deleted() override {
        if (!run("VACUUM") || !run("PRAGMA wal_checkpoint(PASSIVE)")) return false;
        const auto rows = run("PRAGMA wal_checkpoint(TRUNCATE)");
        return rows && rows->size() == 1 && rows->front().front() == "0";
    }

private:
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

    [[nodiscard]] bool ready() {
        if (database_) return true;
        if (in_transaction_) return false;  // its beginning is lost
        refused_.reset();
        try {
            if (prepare()) return true;
        } catch (const std::exception&) {
        }
        close();
        return false;
    }

    [[nodiscard]] bool prepare() {
        const OpeningAlone alone(path_);
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
