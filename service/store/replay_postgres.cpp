#include "store/replay_postgres.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "store/pool.h"

namespace proctor::store {
namespace {

using auth::Use;

constexpr std::chrono::seconds k_margin{limits::k_replay_margin_seconds};

constexpr const char* k_exists = "SELECT to_regclass('proctor_replay') IS NOT NULL";
constexpr const char* k_create =
    "CREATE TABLE IF NOT EXISTS proctor_replay (id text PRIMARY KEY, until_ms bigint NOT NULL)";
constexpr const char* k_index = "CREATE INDEX IF NOT EXISTS proctor_replay_until ON proctor_replay (until_ms)";
constexpr const char* k_insert =
    "INSERT INTO proctor_replay (id, until_ms) VALUES ($1, $2::bigint) ON CONFLICT (id) DO NOTHING";
constexpr const char* k_purge =
    "DELETE FROM proctor_replay WHERE id IN"
    " (SELECT id FROM proctor_replay WHERE until_ms < $1::bigint LIMIT $2::bigint FOR UPDATE SKIP LOCKED)";

struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Session = std::unique_ptr<PGconn, Finish>;
using Answer = std::unique_ptr<PGresult, Clear>;
using Values = std::vector<std::string>;

std::string milliseconds(WallTime time) { return std::to_string(time.time_since_epoch().count()); }

void ignore_notice(void*, const PGresult*) {}

// libpq's own limits are whole seconds and do not count a server that hangs; so all waiting is done here.
class Connection final {
public:
    Connection(const std::string& where, const Clock& clock, std::chrono::milliseconds wait)
        : where_(where), clock_(clock), wait_(wait) {}

    // Null: no answer in time, or an error; the session is closed then, and the next call opens another. A session kept
    // from before may have been cut meanwhile and is opened again at once: asking twice can only turn first to again.
    [[nodiscard]] Answer run(const char* statement, const Values& values) {
        deadline_ = clock_.steady() + wait_;
        const bool kept = session_ != nullptr;
        Answer answer = kept || open() ? ask(statement, values) : nullptr;
        const bool in_time = clock_.steady() < deadline_;
        if (answer == nullptr && kept && in_time && open()) answer = ask(statement, values);
        if (answer == nullptr) session_.reset();
        return answer;
    }

private:
    [[nodiscard]] bool open() {
        const std::array<const char*, 4> names{"dbname", "options", "application_name", nullptr};
        const std::array<const char*, 4> values{where_.c_str(), k_options, "proctor", nullptr};
        session_.reset(PQconnectStartParams(names.data(), values.data(), 1));
        if (connect() && prepare_table()) return true;
        session_.reset();
        return false;
    }

    [[nodiscard]] bool connect() {
        if (session_ == nullptr || PQstatus(session_.get()) == CONNECTION_BAD) return false;
        // libpq would write the server's remarks to stderr, past the log.
        PQsetNoticeReceiver(session_.get(), ignore_notice, nullptr);
        PostgresPollingStatusType next = PGRES_POLLING_WRITING;
        while (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) {
            if (!wait(next == PGRES_POLLING_READING ? POLLIN : POLLOUT)) return false;
            next = PQconnectPoll(session_.get());
        }
        return next == PGRES_POLLING_OK && PQsetnonblocking(session_.get(), 1) == 0;
    }

    // Two that make the table at once: one of them fails, and finds it at its next use.
    [[nodiscard]] bool prepare_table() {
        const Answer exists = ask(k_exists, {});
        if (exists == nullptr) return false;
        if (std::string_view(PQgetvalue(exists.get(), 0, 0)) == "t") return true;
        return ask(k_create, {}) != nullptr && ask(k_index, {}) != nullptr;
    }

    [[nodiscard]] Answer ask(const char* statement, const Values& values) {
        std::vector<const char*> texts;
        for (const auto& value : values) texts.push_back(value.c_str());
        if (PQsendQueryParams(session_.get(), statement, static_cast<int>(texts.size()), nullptr, texts.data(), nullptr,
                              nullptr, 0) != 1)
            return nullptr;
        Answer last;
        while (receive()) {
            Answer next(PQgetResult(session_.get()));
            if (next == nullptr) return last;
            const auto status = PQresultStatus(next.get());
            if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return nullptr;
            last = std::move(next);
        }
        return nullptr;
    }

    // Whether PQgetResult() has something to give without waiting.
    [[nodiscard]] bool receive() {
        while (true) {
            const int unsent = PQflush(session_.get());
            if (unsent < 0) return false;
            if (unsent == 0 && PQisBusy(session_.get()) == 0) return true;
            if (!wait(unsent == 0 ? POLLIN : POLLIN | POLLOUT)) return false;
            if (PQconsumeInput(session_.get()) != 1) return false;
        }
    }

    [[nodiscard]] bool wait(int events) {
        while (true) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - clock_.steady());
            pollfd socket{PQsocket(session_.get()), static_cast<short>(events), 0};
            const int ready = left.count() <= 0 ? 0 : ::poll(&socket, 1, static_cast<int>(left.count()));
            if (ready >= 0 || errno != EINTR) return ready > 0;
        }
    }

    // The server gives up what nobody waits for any more.
    static constexpr const char* k_options = "-c statement_timeout=1000 -c lock_timeout=1000";

    const std::string& where_;
    const Clock& clock_;
    const std::chrono::milliseconds wait_;
    SteadyTime deadline_;
    Session session_;
};

class ReplayPostgres final : public auth::ReplayStore {
public:
    ReplayPostgres(std::string where, const Clock& clock, std::chrono::milliseconds wait)
        : where_(std::move(where)), wait_(wait), pool_(make(where_, clock, wait)) {}

    [[nodiscard]] Use use(const std::string& id, WallTime until, WallTime now) override {
        const auto connection = pool_.borrow(wait_);
        if (!connection) return Use::unavailable;
        const Answer answer = connection->run(k_insert, {id, milliseconds(until)});
        if (answer == nullptr) return Use::unavailable;
        const bool inserted = std::string_view(PQcmdTuples(answer.get())) == "1";
        // The answer is known already: a clean-up that fails comes again.
        if (uses_++ % limits::k_replay_purge_uses == 0) {
            (void)connection->run(k_purge, {milliseconds(now - k_margin), std::to_string(limits::k_replay_purge_rows)});
        }
        return inserted ? Use::first : Use::again;
    }

private:
    static std::vector<std::unique_ptr<Connection>> make(const std::string& where, const Clock& clock,
                                                         std::chrono::milliseconds wait) {
        std::vector<std::unique_ptr<Connection>> connections;
        for (std::size_t i = 0; i < limits::k_replay_connections; ++i) {
            connections.push_back(std::make_unique<Connection>(where, clock, wait));
        }
        return connections;
    }

    const std::string where_;
    const std::chrono::milliseconds wait_;
    Pool<Connection> pool_;
    std::atomic<unsigned> uses_{0};
};

}  // namespace

std::unique_ptr<auth::ReplayStore> replay_postgres(std::string connection, const Clock& clock,
                                                   std::chrono::milliseconds wait) {
    return std::make_unique<ReplayPostgres>(std::move(connection), clock, wait);
}

}  // namespace proctor::store
