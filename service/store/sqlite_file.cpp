#include "store/sqlite_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace proctor::store {
namespace {

constexpr mode_t k_of_others = S_IRWXG | S_IRWXO;
constexpr int k_synchronous_full = 2;

}  // namespace

std::optional<Error> make_private(const std::string& path, const std::string& what) {
    const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (made < 0 && errno != EEXIST) return Error{what + " cannot be made", path};
    if (made >= 0) ::close(made);
    struct stat seen {};
    if (::lstat(path.c_str(), &seen) != 0 || !S_ISREG(seen.st_mode)) return Error{"no regular file", path};
    if ((seen.st_mode & k_of_others) != 0) return Error{"others than the owner may use the file; chmod 600", path};
    return std::nullopt;
}

OpeningAlone::OpeningAlone(const std::string& path)
    : folder_(::open(std::filesystem::absolute(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (folder_ >= 0) ::flock(folder_, LOCK_EX);
}

OpeningAlone::~OpeningAlone() {
    if (folder_ >= 0) ::close(folder_);
}

SQLite::Database open_file(const std::string& path, std::chrono::milliseconds wait) {
    return {path, SQLite::OPEN_READWRITE, static_cast<int>(wait.count())};
}

bool make_durable(SQLite::Database& database) {
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    return database.execAndGet("PRAGMA journal_mode").getString() == "wal" &&
           database.execAndGet("PRAGMA synchronous").getInt() == k_synchronous_full;
}

}  // namespace proctor::store
