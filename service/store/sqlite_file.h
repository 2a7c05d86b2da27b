// A SQLite file of our own: private, durable, opened by one process at a time and used by many. It knows no tables.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"

namespace proctor::store {

// Makes an empty file with mode 0600 unless there is one: SQLite makes its file with the process's umask, and those
// beside it with the mode of the first. `what` is "the replay store". Gives whether it was made. Error: no place for
// it, no regular file, or one that others may use.
[[nodiscard]] Result<bool> make_private(const std::string& path, const std::string& what);

// SQLite refuses at once, without waiting, when two processes make a file ready for WAL at the same moment. So they do
// it one after the other: a lock on the folder, as closing the file itself would drop SQLite's own locks.
class OpeningAlone final {
public:
    // Waits so long for others.
    OpeningAlone(const std::string& path, std::chrono::milliseconds wait);
    ~OpeningAlone();
    OpeningAlone(const OpeningAlone&) = delete;
    OpeningAlone& operator=(const OpeningAlone&) = delete;
    // Nothing: it is. Somebody holds the lock all that time.
    [[nodiscard]] std::optional<Error> kept_out() const;

private:
    const std::filesystem::path folder_name_;
    const int folder_;
    bool kept_out_ = false;
};

// After a sync that failed, the system shows a log that is not on the disk and never will be; what a process adds to it
// is lost with it in a power cut, and a checkpoint out of it is torn. So what was found of a log is written once more
// and synced, by the first who opens the file; then it goes into the file. False: it could not. Throws what SQLiteCpp
// throws.
[[nodiscard]] bool settle_log(const std::string& path);
// Without making or changing anything. `wait`: for others who lock the file. Throws what SQLiteCpp throws.
[[nodiscard]] SQLite::Database open_file(const std::string& path, std::chrono::milliseconds wait);
// What was opened is no longer the file of that name: SQLite would go on with one that nobody finds again.
[[nodiscard]] bool is_gone(SQLite::Database& database);
// WAL and synchronous=FULL: what a commit kept is on the disk. False: it cannot be had here, as on file systems that
// share no memory. Throws what SQLiteCpp throws.
[[nodiscard]] bool make_durable(SQLite::Database& database);

}  // namespace proctor::store
