#include "store/replay_sqlite.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/limits.h"

namespace proctor::store {
namespace {

using auth::Use;

constexpr mode_t k_of_others = S_IRWXG | S_IRWXO;
constexpr std::chrono::seconds k_margin{limits::k_replay_margin_seconds};
constexpr int k_synchronous_full = 2;

std::int64_t milliseconds(WallTime time) { return time.time_since_epoch().count(); }

// SQLite makes its file with the process's umask, and those beside it with the mode of the first.
std::optional<Error> make_private(const std::string& path) {
    const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (made < 0 && errno != EEXIST) return Error{"the replay store cannot be made", path};
    if (made >= 0) ::close(made);
    struct stat seen {};
    if (::lstat(path.c_str(), &seen) != 0 || !S_ISREG(seen.st_mode)) return Error{"no regular file", path};
    if ((seen.st_mode & k_of_others) != 0) return Error{"others than the owner may use the file; chmod 600", path};
    return std::nullopt;
}

// SQLite refuses at once, without waiting, when two processes make a file ready for WAL at the same moment. So they do
// it one after the other: a lock on the folder, as closing the file itself would drop SQLite's own locks.
class OpeningAlone final {
public:
    explicit OpeningAlone(const std::string& path)
        : folder_(::open(std::filesystem::absolute(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        if (folder_ >= 0) ::flock(folder_, LOCK_EX);
    }
    ~OpeningAlone() {
        if (folder_ >= 0) ::close(folder_);
    }
    OpeningAlone(const OpeningAlone&) = delete;
    OpeningAlone& operator=(const OpeningAlone&) = delete;

private:
    int folder_;
};

SQLite::Database open_database(const std::string& path, std::chrono::milliseconds wait) {
    SQLite::Database database(path, SQLite::OPEN_READWRITE, static_cast<int>(wait.count()));
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    database.exec("CREATE TABLE IF NOT EXISTS replay (id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID");
    database.exec("CREATE INDEX IF NOT EXISTS replay_until ON replay (until)");
    return database;
}

// One use that waits for its answer.
struct Question {
    std::string id;
    WallTime until, now;
    Use answer = Use::unavailable;
    bool answered = false;
};
using Questions = std::vector<std::shared_ptr<Question>>;

// The connection and its statements. SQLite's exceptions leave it.
class Connection final {
public:
    Connection(const std::string& path, std::chrono::milliseconds wait)
        : database_(open_database(path, wait)),
          insert_(database_, "INSERT OR IGNORE INTO replay (id, until) VALUES (?, ?)"),
          purge_(database_, "DELETE FROM replay WHERE id IN (SELECT id FROM replay WHERE until < ? LIMIT ?)") {}

    [[nodiscard]] bool durable() {
        return database_.execAndGet("PRAGMA journal_mode").getString() == "wal" &&
               database_.execAndGet("PRAGMA synchronous").getInt() == k_synchronous_full;
    }

    // The answers, in one transaction: they hold once this has returned.
    [[nodiscard]] std::vector<Use> use(const Questions& questions) {
        std::vector<Use> answers;
        SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
        for (const auto& question : questions) {
            answers.push_back(insert(*question) ? Use::first : Use::again);
            if (uses_++ % limits::k_replay_purge_uses == 0) purge(question->now);
        }
        transaction.commit();
        return answers;
    }

private:
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

// A commit waits for the disk, some milliseconds on a slow one; so the questions that come meanwhile are answered
// together by the next (group commit). Whoever finds nobody at it does it for all that wait.
class ReplaySqlite final : public auth::ReplayStore {
public:
    ReplaySqlite(std::unique_ptr<Connection> connection, std::chrono::milliseconds wait)
        : wait_(wait), connection_(std::move(connection)) {}

    [[nodiscard]] Use use(const std::string& id, WallTime until, WallTime now) override {
        const auto mine = std::make_shared<Question>(Question{id, until, now});
        std::unique_lock lock(mutex_);
        waiting_.push_back(mine);
        const bool free = changed_.wait_for(lock, wait_, [&] { return mine->answered || !busy_; });
        if (free && !mine->answered) answer_all(lock);
        // Too late: taken back, or, when somebody is at it, left to him for as long again.
        const bool taken = std::erase(waiting_, mine) == 0;
        if (taken) changed_.wait_for(lock, wait_, [&] { return mine->answered; });
        return mine->answer;
    }

private:
    void answer_all(std::unique_lock<std::mutex>& lock) {
        std::vector<Use> answers(waiting_.size(), Use::unavailable);
        const Questions questions = std::exchange(waiting_, {});
        busy_ = true;
        lock.unlock();
        try {
            answers = connection_->use(questions);
        } catch (const std::exception&) {  // locked, full or broken: rolled back
        }
        lock.lock();
        for (std::size_t i = 0; i < questions.size(); ++i) {
            questions[i]->answer = answers[i];
            questions[i]->answered = true;
        }
        busy_ = false;
        changed_.notify_all();
    }

    const std::chrono::milliseconds wait_;
    std::mutex mutex_;  // of what follows but the connection, which belongs to whoever made busy_ true
    std::condition_variable changed_;
    Questions waiting_;
    bool busy_ = false;
    std::unique_ptr<Connection> connection_;
};

}  // namespace

Result<std::unique_ptr<auth::ReplayStore>> open_replay_sqlite(const std::string& path, std::chrono::milliseconds wait) {
    if (auto error = make_private(path)) return *error;
    const OpeningAlone alone(path);
    try {
        auto connection = std::make_unique<Connection>(path, wait);
        if (!connection->durable()) return Error{"the replay store cannot be kept durable here", path};
        return std::unique_ptr<auth::ReplayStore>(std::make_unique<ReplaySqlite>(std::move(connection), wait));
    } catch (const std::exception&) {
        return Error{"no replay store, or a damaged or locked one", path};
    }
}

}  // namespace proctor::store
