#include "store/migrations.h"

#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

namespace proctor::store {
namespace {

using Statements = std::vector<std::string_view>;

// Written for SQLite; for_postgres() says what PostgreSQL calls the same. Never changed, only added to.
const std::vector<Statements> k_migrations{
    {
        R"(CREATE TABLE shown (
            client TEXT NOT NULL, tenant TEXT NOT NULL, card TEXT NOT NULL, service TEXT NOT NULL, hook TEXT NOT NULL,
            rule TEXT NOT NULL, rule_row TEXT NOT NULL, content TEXT NOT NULL, shown_at INTEGER NOT NULL,
            PRIMARY KEY (client, tenant, card)) STRICT, WITHOUT ROWID)",
        R"(CREATE TABLE feedback (
            key TEXT PRIMARY KEY, client TEXT NOT NULL, tenant TEXT NOT NULL, service TEXT NOT NULL, card TEXT NOT NULL,
            accepted INTEGER NOT NULL, suggestions TEXT NOT NULL, reason_system TEXT NOT NULL,
            reason_code TEXT NOT NULL, outcome_at INTEGER NOT NULL, received_at INTEGER NOT NULL,
            matched INTEGER NOT NULL) STRICT, WITHOUT ROWID)",
    },
    {
        "ALTER TABLE shown ADD COLUMN version TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE shown ADD COLUMN indicator TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE shown ADD COLUMN patient TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE shown ADD COLUMN user_hash TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE shown ADD COLUMN evidence TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE shown ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE feedback ADD COLUMN comment TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX shown_by_patient ON shown (client, tenant, patient) WHERE patient <> ''",
        "CREATE INDEX shown_by_time ON shown (shown_at)",
        "CREATE INDEX feedback_by_card ON feedback (client, tenant, card)",
        "CREATE INDEX feedback_by_time ON feedback (received_at)",
        "CREATE INDEX feedback_comments ON feedback (received_at) WHERE comment <> ''",
    },
};

// In the head of SQLite's file: whose it is ("PRFB").
constexpr std::string_view k_application = "1347569218";

constexpr int k_empty = 0, k_other = -1;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

// Texts are compared by their bytes, as SQLite does, so no update of the system's languages spoils an index.
std::string for_postgres(std::string_view statement) {
    std::string text = replaced(std::string(statement), " STRICT, WITHOUT ROWID", "");
    text = replaced(std::move(text), " TEXT ", " text COLLATE \"C\" ");
    return replaced(std::move(text), " INTEGER ", " bigint ");
}

// The only field of the only row. Nothing: the database did not answer.
std::optional<std::string> ask(Sql& sql, const std::string& question) {
    const auto rows = sql.run(question);
    if (!rows || rows->size() != 1) return std::nullopt;
    return rows->front().front();
}

std::optional<int> number(const std::optional<std::string>& text) {
    int value = 0;
    if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc{})
        return std::nullopt;
    return value;
}

// Of what is there: k_empty, k_other, or the version of the store.
std::optional<int> look(Sql& sql) {
    if (sql.dialect() == Sql::Dialect::sqlite) {
        const auto tables = ask(sql, "SELECT count(*) FROM sqlite_schema");
        if (!tables || *tables == "0") return tables ? std::optional(k_empty) : std::nullopt;
        const auto application = ask(sql, "PRAGMA application_id");
        if (application && *application != k_application) return k_other;
        return application ? number(ask(sql, "PRAGMA user_version")) : std::nullopt;
    }
    // One look at one snapshot: to_regclass() would ask for each table at another moment, while another instance makes
    // them.
    const auto kind = ask(sql,
                          "SELECT CASE WHEN bool_or(tablename = 'proctor_store') THEN 'ours' WHEN count(*) > 0 THEN "
                          "'other' ELSE 'empty' END FROM pg_tables WHERE schemaname = ANY (current_schemas(false)) "
                          "AND tablename IN ('proctor_store', 'shown', 'feedback')");
    if (!kind) return std::nullopt;
    if (*kind == "ours") return number(ask(sql, "SELECT version FROM proctor_store"));
    return *kind == "empty" ? k_empty : k_other;
}

// Error: what is there is no older version of the store, and not this one.
std::optional<Error> fault(int version, Sql::Dialect dialect, const std::string& where, MayBeNew may_be_new) {
    if (version == k_empty && may_be_new == MayBeNew::no) return no_store_in(dialect, where);
    if (version < k_empty) return Error{"no feedback store, or one of another version", where};
    if (version > schema_version())
        return Error{"the feedback store was made by a newer version of this program", where};
    return std::nullopt;
}

// Two that begin at once do it one after the other.
bool lock(Sql& sql) {
    return sql.dialect() == Sql::Dialect::sqlite || sql.run("SELECT pg_advisory_xact_lock(1347569218)").has_value();
}

bool mark(Sql& sql, bool made_now) {
    const std::string version = std::to_string(schema_version());
    if (sql.dialect() == Sql::Dialect::sqlite) {
        return sql.run("PRAGMA application_id = " + std::string(k_application)) &&
               sql.run("PRAGMA user_version = " + version);
    }
    if (!made_now) return sql.run("UPDATE proctor_store SET version = $1", {version}).has_value();
    return sql.run("CREATE TABLE proctor_store (version integer NOT NULL)") &&
           sql.run("INSERT INTO proctor_store (version) VALUES ($1)", {version});
}

bool apply(Sql& sql, int from) {
    for (auto i = static_cast<std::size_t>(from); i < k_migrations.size(); ++i) {
        for (const auto statement : k_migrations[i]) {
            const bool sqlite = sql.dialect() == Sql::Dialect::sqlite;
            if (!sql.run(sqlite ? std::string(statement) : for_postgres(statement))) return false;
        }
    }
    return from == schema_version() || mark(sql, from == k_empty);
}

// Its tables are there: whoever removed one gets an error and not feedback that is refused.
bool whole(Sql& sql) {
    return sql.run("SELECT quiet FROM shown LIMIT 0") && sql.run("SELECT comment FROM feedback LIMIT 0");
}

}  // namespace

int schema_version() { return static_cast<int>(k_migrations.size()); }

Error no_store_in(Sql::Dialect dialect, const std::string& where) {
    if (dialect == Sql::Dialect::postgres) return {"there is no feedback store in this database", where};
    return {
        "there is no feedback store in this file: it was emptied, or the start that made it broke off; remove it, and "
        "restore a backup if anything was kept",
        where};
}

std::optional<Status> migrate_schema(Sql& sql, const std::string& where, MayBeNew may_be_new) {
    std::optional<Error> wrong;
    const bool done = sql.transact([&] {
        const auto version = lock(sql) ? look(sql) : std::nullopt;
        if (version) wrong = fault(*version, sql.dialect(), where, may_be_new);
        return version && !wrong && apply(sql, *version);
    });
    if (wrong) return *wrong;
    if (!done) return std::nullopt;
    return Done{};
}

std::optional<Status> settle_schema(Sql& sql, const std::string& where, MayBeNew may_be_new) {
    const auto version = look(sql);
    if (!version) return std::nullopt;
    if (auto wrong = fault(*version, sql.dialect(), where, may_be_new)) return *wrong;
    if (*version == k_empty) return migrate_schema(sql, where, may_be_new);
    if (*version < schema_version())
        return Error{"the feedback store is of an older version; stop the service and run `proctor store migrate`",
                     where};
    if (!whole(sql)) return std::nullopt;
    return Done{};
}

}  // namespace proctor::store
