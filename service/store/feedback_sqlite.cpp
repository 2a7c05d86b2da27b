#include "store/feedback_sqlite.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>
#include <variant>

#include "base/digest.h"
#include "store/group_commit.h"
#include "store/sqlite_file.h"

namespace proctor::store {
namespace {

// In the file's head: whose it is ("PRFB") and in which form.
constexpr int k_application = 0x50524642;
constexpr int k_schema = 1;

constexpr const char* k_tables = R"(
CREATE TABLE shown (
    client TEXT NOT NULL, tenant TEXT NOT NULL, card TEXT NOT NULL, service TEXT NOT NULL, hook TEXT NOT NULL,
    rule TEXT NOT NULL, rule_row TEXT NOT NULL, content TEXT NOT NULL, shown_at INTEGER NOT NULL,
    PRIMARY KEY (client, tenant, card)) STRICT, WITHOUT ROWID;
CREATE TABLE feedback (
    key TEXT PRIMARY KEY, client TEXT NOT NULL, tenant TEXT NOT NULL, service TEXT NOT NULL, card TEXT NOT NULL,
    accepted INTEGER NOT NULL, suggestions TEXT NOT NULL, reason_system TEXT NOT NULL, reason_code TEXT NOT NULL,
    outcome_at INTEGER NOT NULL, received_at INTEGER NOT NULL, matched INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)";

std::int64_t milliseconds(WallTime time) { return time.time_since_epoch().count(); }

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& text : texts) all += (all.empty() ? "" : " ") + text;
    return all;
}

// Each part is preceded by its length, so no content of a part can imitate a border between two.
std::string key_of(const CardFeedback& one) {
    std::string name;
    const auto add = [&](std::string_view part) { name.append(std::to_string(part.size())).append(":").append(part); };
    for (const auto* part : {&one.client, &one.tenant, &one.service, &one.card}) add(*part);
    add(one.accepted ? "accepted" : "overridden");
    add(joined(one.suggestions));
    add(one.reason_system);
    add(one.reason_code);
    add(std::to_string(milliseconds(one.outcome_at)));
    return sha256_hex(name);
}

int number(SQLite::Database& database, const char* question) { return database.execAndGet(question).getInt(); }

// False: the file is another's, and as it was. An empty one gets its tables, and is ours, in one transaction.
bool settle_schema(SQLite::Database& database) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    if (number(database, "SELECT count(*) FROM sqlite_schema") == 0) {
        database.exec(k_tables);
        database.exec("PRAGMA application_id = " + std::to_string(k_application));
        database.exec("PRAGMA user_version = " + std::to_string(k_schema));
    }
    transaction.commit();
    return number(database, "PRAGMA application_id") == k_application &&
           number(database, "PRAGMA user_version") == k_schema;
}

// The connection and its statements. SQLite's exceptions leave it.
class Connection final {
public:
    explicit Connection(SQLite::Database database)
        : database_(std::move(database)),
          show_(database_,
                "INSERT INTO shown (client, tenant, card, service, hook, rule, rule_row, content, shown_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (client, tenant, card) DO NOTHING"),
          keep_(database_,
                "INSERT INTO feedback (key, client, tenant, service, card, accepted, suggestions, reason_system, "
                "reason_code, outcome_at, received_at, matched) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING"),
          match_(database_, "SELECT EXISTS (SELECT 1 FROM shown WHERE client = ? AND tenant = ? AND card = ?)") {}

    using Job = std::variant<std::vector<ShownCard>, std::vector<CardFeedback>>;

    // The jobs, in one transaction.
    [[nodiscard]] std::vector<std::optional<Recorded>> keep(const std::vector<Job>& jobs) {
        std::vector<std::optional<Recorded>> answers;
        SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
        for (const Job& job : jobs) {
            Recorded recorded;
            if (const auto* cards = std::get_if<std::vector<ShownCard>>(&job)) {
                for (const ShownCard& card : *cards) show(card);
            } else {
                for (const CardFeedback& one : std::get<std::vector<CardFeedback>>(job)) keep_one(one, recorded);
            }
            answers.emplace_back(recorded);
        }
        transaction.commit();
        return answers;
    }

private:
    void show(const ShownCard& card) {
        show_.tryReset();
        int place = 0;
        for (const auto* text :
             {&card.client, &card.tenant, &card.card, &card.service, &card.hook, &card.rule, &card.row, &card.content})
            show_.bind(++place, *text);
        show_.bind(++place, milliseconds(card.at));
        show_.exec();
    }

    void keep_one(const CardFeedback& one, Recorded& recorded) {
        const bool matched = was_shown(one);
        keep_.tryReset();
        int place = 0;
        keep_.bind(++place, key_of(one));
        for (const auto* text : {&one.client, &one.tenant, &one.service, &one.card}) keep_.bind(++place, *text);
        keep_.bind(++place, one.accepted ? 1 : 0);
        keep_.bind(++place, joined(one.suggestions));
        keep_.bind(++place, one.reason_system);
        keep_.bind(++place, one.reason_code);
        keep_.bind(++place, milliseconds(one.outcome_at));
        keep_.bind(++place, milliseconds(one.received_at));
        keep_.bind(++place, matched ? 1 : 0);
        const bool fresh = keep_.exec() == 1;
        ++(!fresh ? recorded.repeated : one.accepted ? recorded.accepted : recorded.overridden);
        if (fresh && !matched) ++recorded.unmatched;
    }

    [[nodiscard]] bool was_shown(const CardFeedback& one) {
        match_.tryReset();
        int place = 0;
        for (const auto* text : {&one.client, &one.tenant, &one.card}) match_.bind(++place, *text);
        match_.executeStep();
        const bool found = match_.getColumn(0).getInt() != 0;
        match_.reset();
        return found;
    }

    SQLite::Database database_;
    SQLite::Statement show_, keep_, match_;
};

class FeedbackSqlite final : public FeedbackStore {
public:
    FeedbackSqlite(SQLite::Database database, std::chrono::milliseconds wait)
        : connection_(std::move(database)),
          commits_(wait, std::nullopt, [this](const auto& jobs) { return connection_.keep(jobs); }) {}

    [[nodiscard]] bool record_shown(std::vector<ShownCard> cards) override {
        return cards.empty() || commits_.run(std::move(cards)).has_value();
    }
    [[nodiscard]] std::optional<Recorded> record_feedback(std::vector<CardFeedback> batch) override {
        return commits_.run(std::move(batch));
    }
    [[nodiscard]] std::optional<std::vector<PastAnswer>> past(const Person&, WallTime) override { return std::nullopt; }
    [[nodiscard]] std::optional<std::vector<Tally>> tallies(WallTime) override { return std::nullopt; }
    [[nodiscard]] std::optional<std::vector<ShownCard>> shown_after(const ShownCard*, std::size_t) override {
        return std::nullopt;
    }
    [[nodiscard]] std::optional<std::vector<KeptFeedback>> feedback_after(const std::string&, std::size_t) override {
        return std::nullopt;
    }
    [[nodiscard]] std::optional<Purged> purge(WallTime, WallTime) override { return std::nullopt; }
    [[nodiscard]] StoreState state() const override { return StoreState::ok; }

private:
    Connection connection_;
    GroupCommit<Connection::Job, std::optional<Recorded>> commits_;
};

}  // namespace

Result<std::unique_ptr<FeedbackStore>> open_feedback_sqlite(const std::string& path, std::chrono::milliseconds wait) {
    if (auto error = make_private(path, "the feedback store")) return *error;
    const OpeningAlone alone(path);
    try {
        SQLite::Database database = open_file(path, wait);
        if (!settle_schema(database)) return Error{"no feedback store, or one of another version", path};
        if (!make_durable(database)) return Error{"the feedback store cannot be kept durable here", path};
        return std::unique_ptr<FeedbackStore>(std::make_unique<FeedbackSqlite>(std::move(database), wait));
    } catch (const std::exception&) {
        return Error{"the feedback store is damaged, locked or read-only", path};
    }
}

}  // namespace proctor::store
