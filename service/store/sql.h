// A session with a database, SQLite's or PostgreSQL's, in what both understand: a statement is written once, its values
// are $1, $2 and so on, and every value is text. It knows no tables.
#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"

namespace proctor::store {

// Opens itself at the first use, and anew after a failure that leaves it in doubt. Used by one thread at a time; never
// throws.
class Sql {
public:
    using Values = std::vector<std::string>;
    using Rows = std::vector<Values>;
    enum class Dialect { sqlite, postgres };

    // What has to hold before a session that was just opened is used. Error: it must not be used. Nothing: the database
    // did not answer.
    using Check = std::function<std::optional<Status>(Sql&)>;

    virtual ~Sql() = default;
    [[nodiscard]] virtual Dialect dialect() const = 0;

    // The statement with each of these values, in order; the rows that each gave. Nothing: no answer in time, or an
    // error; some of it may have been done. The session may be used again.
    [[nodiscard]] virtual std::optional<std::vector<Rows>> run_each(const std::string& statement,
                                                                    const std::vector<Values>& values) = 0;
    [[nodiscard]] std::optional<Rows> run(const std::string& statement, const Values& values = {}) {
        auto answers = run_each(statement, {values});
        return answers ? std::optional<Rows>(std::move(answers->front())) : std::nullopt;
    }

    // What `work` does with this session, in one transaction that may write; it is undone when `work` gives false or
    // throws. True: it is done, and on the disk. False: it is not, or, when the answer was cut off, perhaps.
    [[nodiscard]] bool transact(const std::function<bool()>& work) {
        try {
            if (!begin()) return false;
            if (work() && commit()) return true;
        } catch (const std::exception&) {  // no memory
        }
        roll_back();
        return false;
    }

    // Opens it. Error: what the check found. A session that could not be opened gives none.
    [[nodiscard]] virtual Status open() = 0;

    // What was deleted leaves the disk too, as far as the database says when. False: not yet; somebody is reading it,
    // or it was to stop.
    [[nodiscard]] virtual bool forget_deleted(const std::stop_token& stop) = 0;

private:
    [[nodiscard]] virtual bool begin() = 0;
    [[nodiscard]] virtual bool commit() = 0;
    virtual void roll_back() = 0;
};

}  // namespace proctor::store
