#include "store/sqlite_file.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <thread>

namespace proctor::store {
namespace {

constexpr mode_t k_of_others = S_IRWXG | S_IRWXO;
constexpr int k_synchronous_full = 2;

// SQLite's calls take at most 128 KiB.
bool write_again(sqlite3_file* file) {
    if (file == nullptr || file->pMethods == nullptr) return true;  // there is none
    const sqlite3_io_methods& calls = *file->pMethods;
    sqlite3_int64 size = 0;
    if (calls.xFileSize(file, &size) != SQLITE_OK) return false;
    std::array<char, 1U << 16U> part{};
    for (sqlite3_int64 at = 0; at < size; at += part.size()) {
        const int count = static_cast<int>(std::min<sqlite3_int64>(part.size(), size - at));
        if (calls.xRead(file, part.data(), count, at) != SQLITE_OK) return false;
        if (calls.xWrite(file, part.data(), count, at) != SQLITE_OK) return false;
    }
    return calls.xSync(file, SQLITE_SYNC_FULL) == SQLITE_OK;
}

}  // namespace

Result<bool> make_private(const std::string& path, const std::string& what) {
    const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (made < 0 && errno != EEXIST) return Error{what + " cannot be made", path};
    if (made >= 0) ::close(made);
    struct stat seen {};
    if (::lstat(path.c_str(), &seen) != 0 || !S_ISREG(seen.st_mode)) return Error{"no regular file", path};
    if ((seen.st_mode & k_of_others) != 0) return Error{"others than the owner may use the file; chmod 600", path};
    return made >= 0;
}

OpeningAlone::OpeningAlone(const std::string& path, std::chrono::milliseconds wait)
    : folder_name_(std::filesystem::absolute(path).parent_path()),
      folder_(::open(folder_name_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    constexpr std::chrono::milliseconds k_pause{10};
    const auto taken = [this] { return ::flock(folder_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK; };
    if (folder_ < 0) return;
    for (kept_out_ = !taken(); kept_out_ && wait > wait.zero(); wait -= k_pause) {
        std::this_thread::sleep_for(k_pause);
        kept_out_ = !taken();
    }
}

std::optional<Error> OpeningAlone::kept_out() const {
    if (!kept_out_) return std::nullopt;
    return Error{"another process keeps this folder locked, see lslocks", folder_name_.string()};
}

OpeningAlone::~OpeningAlone() {
    if (folder_ >= 0) ::close(folder_);
}

bool settle_log(const std::string& path) {
    SQLite::Database alone(path, SQLite::OPEN_READWRITE);
    alone.exec("PRAGMA locking_mode = EXCLUSIVE");
    if (alone.tryExec("BEGIN IMMEDIATE") == SQLITE_BUSY) return true;  // somebody uses the file, and has done this
    sqlite3_file* log = nullptr;
    ::sqlite3_file_control(alone.getHandle(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    return write_again(log);
}

SQLite::Database open_file(const std::string& path, std::chrono::milliseconds wait) {
    return {path, SQLite::OPEN_READWRITE, static_cast<int>(wait.count())};
}

bool is_gone(SQLite::Database& database) {
    int moved = 0;
    ::sqlite3_file_control(database.getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved != 0;
}

bool make_durable(SQLite::Database& database) {
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    return database.execAndGet("PRAGMA journal_mode").getString() == "wal" &&
           database.execAndGet("PRAGMA synchronous").getInt() == k_synchronous_full;
}

}  // namespace proctor::store
