#include "store/sql_postgres.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <utility>

namespace proctor::store {
namespace {

struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Session = std::unique_ptr<PGconn, Finish>;
using Answer = std::unique_ptr<PGresult, Clear>;

void ignore_notice(void*, const PGresult*) {}

// The server gives up what nobody waits for any more.
std::string options(std::chrono::milliseconds wait) {
    const auto limit = std::to_string(std::max(wait, std::chrono::milliseconds{1000}).count());
    return "-c statement_timeout=" + limit + " -c lock_timeout=" + limit;
}

Sql::Rows rows_of(const Answer& answer) {
    Sql::Rows rows;
    for (int i = 0; i < PQntuples(answer.get()); ++i) {
        Sql::Values& row = rows.emplace_back();
        for (int j = 0; j < PQnfields(answer.get()); ++j)
            row.emplace_back(PQgetvalue(answer.get(), i, j), static_cast<std::size_t>(PQgetlength(answer.get(), i, j)));
    }
    return rows;
}

// libpq's own limits are whole seconds and do not count a server that hangs; so all waiting is done here. Statements
// are sent in pipeline mode: many in a row cost one journey.
class SqlPostgres final : public Sql {
public:
    SqlPostgres(std::string where, const Clock& clock, std::chrono::milliseconds wait, Check check)
        : where_(std::move(where)), options_(options(wait)), clock_(clock), wait_(wait), check_(std::move(check)) {}

    [[nodiscard]] Dialect dialect() const override { return Dialect::postgres; }

    // After an error the session is closed, and the next call opens another.
    [[nodiscard]] std::optional<std::vector<Rows>> run_each(const std::string& statement,
                                                            const std::vector<Values>& values) override {
        if (opening_ || in_transaction_) return ask_or_close(statement, values);
        deadline_ = clock_.steady() + wait_;
        const bool kept = session_ != nullptr;
        auto answers = kept || open_session() ? ask_or_close(statement, values) : std::nullopt;
        const bool in_time = clock_.steady() < deadline_;
        if (!answers && kept && in_time && open_session()) answers = ask_or_close(statement, values);
        return answers;
    }

    [[nodiscard]] Status open() override {
        deadline_ = clock_.steady() + wait_;
        if (session_ != nullptr || open_session() || !refused_) return Done{};
        return *refused_;
    }

    [[nodiscard]] bool forget_deleted(const std::stop_token&) override { return true; }  // its vacuum does

private:
    [[nodiscard]] bool begin() override {
        if (!run("BEGIN")) return false;
        if (!opening_) in_transaction_ = true;
        return true;
    }
    [[nodiscard]] bool commit() override {
        const bool done = run("COMMIT").has_value();
        in_transaction_ = in_transaction_ && !done;
        return done;
    }
    void roll_back() override {
        try {
            if (session_ != nullptr) (void)run("ROLLBACK");
        } catch (const std::exception&) {  // no memory
            session_.reset();
        }
        in_transaction_ = false;
    }

    [[nodiscard]] bool open_session() {
        refused_.reset();
        const std::array<const char*, 4> names{"dbname", "options", "application_name", nullptr};
        const std::array<const char*, 4> values{where_.c_str(), options_.c_str(), "proctor", nullptr};
        session_.reset(PQconnectStartParams(names.data(), values.data(), 1));
        opening_ = true;
        const bool opened = connect() && approved();
        opening_ = false;
        if (!opened) session_.reset();
        return opened;
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
        return next == PGRES_POLLING_OK && PQsetnonblocking(session_.get(), 1) == 0 &&
               PQenterPipelineMode(session_.get()) == 1;
    }

    [[nodiscard]] bool approved() {
        const auto judged = check_(*this);
        if (judged && !judged->ok()) refused_ = judged->error();
        return judged && judged->ok() && session_ != nullptr;
    }

    [[nodiscard]] std::optional<std::vector<Rows>> ask_or_close(const std::string& statement,
                                                                const std::vector<Values>& values) {
        if (session_ == nullptr) return std::nullopt;
        std::optional<std::vector<Rows>> answers;
        try {
            answers = ask(statement, values);
        } catch (const std::exception&) {  // no memory
        }
        if (!answers) session_.reset();
        return answers;
    }

    [[nodiscard]] std::optional<std::vector<Rows>> ask(const std::string& statement,
                                                       const std::vector<Values>& values) {
        std::vector<Rows> answers;
        if (values.empty()) return answers;
        for (const auto& one : values)
            if (!send(statement, one)) return std::nullopt;
        if (PQpipelineSync(session_.get()) != 1) return std::nullopt;
        while (answers.size() < values.size()) {
            const Answer answer = receive();
            const auto status = PQresultStatus(answer.get());
            if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return std::nullopt;
            answers.push_back(rows_of(answer));
            if (receive() != nullptr) return std::nullopt;
        }
        if (PQresultStatus(receive().get()) != PGRES_PIPELINE_SYNC) return std::nullopt;
        return answers;
    }

    [[nodiscard]] bool send(const std::string& statement, const Values& values) {
        std::vector<const char*> texts;
        for (const auto& value : values) {
            if (value.find('\0') != std::string::npos) return false;
            texts.push_back(value.c_str());
        }
        return PQsendQueryParams(session_.get(), statement.c_str(), static_cast<int>(texts.size()), nullptr,
                                 texts.data(), nullptr, nullptr, 0) == 1;
    }

    // Null: the end of an answer; or none came in time, or the session is broken.
    [[nodiscard]] Answer receive() {
        while (true) {
            const int unsent = PQflush(session_.get());
            if (unsent < 0) return nullptr;
            if (unsent == 0 && PQisBusy(session_.get()) == 0) return Answer(PQgetResult(session_.get()));
            if (!wait(unsent == 0 ? POLLIN : POLLIN | POLLOUT)) return nullptr;
            if (PQconsumeInput(session_.get()) != 1) return nullptr;
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

    const std::string where_, options_;
    const Clock& clock_;
    const std::chrono::milliseconds wait_;
    const Check check_;
    std::optional<Error> refused_;
    SteadyTime deadline_;
    Session session_;
    bool opening_ = false, in_transaction_ = false;
};

}  // namespace

std::unique_ptr<Sql> sql_postgres(std::string where, const Clock& clock, std::chrono::milliseconds wait,
                                  Sql::Check check) {
    return std::make_unique<SqlPostgres>(std::move(where), clock, wait, std::move(check));
}

}  // namespace proctor::store
