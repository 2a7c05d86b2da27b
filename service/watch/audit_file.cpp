#include "watch/audit_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "watch/line_reader.h"

namespace proctor::watch {
namespace {

constexpr const char* k_not_begun =
    "there is no audit trail yet; the service begins it, and goes on in a new file on SIGHUP";
constexpr mode_t k_of_others = S_IRWXG | S_IRWXO;
constexpr int k_open = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, k_add = k_open | O_RDWR | O_APPEND;

// The file is this process's, if true.
bool lock(int file) {
    for (int tries = 0; tries <= limits::k_audit_lock_ms; ++tries) {
        if (tries > 0) std::this_thread::sleep_for(std::chrono::milliseconds{1});
        if (::flock(file, LOCK_EX | LOCK_NB) == 0) return true;
    }
    return false;
}

off_t size_of(int file) {
    struct stat seen {};
    return ::fstat(file, &seen) == 0 ? seen.st_size : -1;
}

bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

Place place_before(const Line& line) { return {line.n - 1, std::string(line.previous), 0, false}; }

// What a file is to a chain that is at this place. Files between the two may have gone elsewhere.
AuditFile::Named judge(int file, const Place& place) {
    LineReader lines(file, 0);
    const auto first = lines.next();
    if (lines.failed()) return AuditFile::Named::other;
    if (!first || first->end == LineReader::End::none) return AuditFile::Named::none;
    const auto line = read_line(first->text);
    const bool follows = line && (line->n == place.n + 1 ? line->previous == place.hash : line->n > place.n);
    return follows ? AuditFile::Named::next : AuditFile::Named::other;
}

}  // namespace

Result<std::unique_ptr<AuditFile>> AuditFile::open(const std::string& path, const std::optional<Place>& place) {
    const int file = ::open(path.c_str(), place ? k_add | O_CREAT : k_add, S_IRUSR | S_IWUSR);
    if (file < 0 && errno == ENOENT && !place) return Error{k_not_begun, path};
    if (file < 0) return Error{"the audit trail cannot be opened or made there", path};
    auto opened = std::unique_ptr<AuditFile>(new AuditFile(file, path, place.value_or(Place())));
    struct stat seen {};
    if (::fstat(file, &seen) != 0 || !S_ISREG(seen.st_mode)) return Error{"no regular file", path};
    if ((seen.st_mode & k_of_others) != 0) return Error{"others than the owner may use the file; chmod 600", path};
    if (!lock(file)) return Error{"another process does not let go of the file", path};
    const auto read = opened->read_end(place.has_value());
    ::flock(file, LOCK_UN);
    if (!read) return read.error();
    return opened;
}

AuditFile::~AuditFile() { ::close(file_); }

// The last lines must be of one chain; those before them are for `proctor audit verify`.
Status AuditFile::read_end(bool may_be_empty) {
    const Error broken{"the last lines are no whole chain; look with \"proctor audit verify\" and move the file away",
                       path_};
    const off_t size = size_of(file_);
    if (size == 0) return may_be_empty ? Status(Done{}) : Error{k_not_begun, path_};
    const off_t from = std::max<off_t>(0, size - static_cast<off_t>(2 * limits::k_audit_line_bytes));
    LineReader lines(file_, from);
    bool begun = from == 0, first = true;
    end_ = from;
    while (const auto read = lines.next()) {
        if (read->end == LineReader::End::long_) return broken;
        if (read->end == LineReader::End::none && empty() && !may_be_empty) return Error{k_not_begun, path_};
        if (read->end == LineReader::End::none) return set_aside(read->text) ? Status(Done{}) : broken;
        end_ = lines.at();
        if (!std::exchange(begun, true)) continue;  // the rest of a line
        const auto line = read_line(read->text);
        if (!line) return broken;
        if (std::exchange(first, false)) place_ = place_before(*line);
        if (!follow(place_, *line)) return broken;
    }
    return lines.failed() ? Status(Error{"cannot be read", path_}) : Status(Done{});
}

AuditFile::Turn::Turn(AuditFile& file) : file_(file.file_), held_(lock(file_)), caught_up_(held_ && file.catch_up()) {}

AuditFile::Turn::~Turn() {
    if (held_) ::flock(file_, LOCK_UN);
}

bool AuditFile::add(const Compose& compose) {
    Place next = place_;
    const std::string text = compose(next, torn_);
    if (text.empty()) return true;
    if (!write_all(file_, text)) {
        // Should this fail, too, then the next one finds half a line.
        (void)!::ftruncate(file_, end_);
        return false;
    }
    end_ += static_cast<off_t>(text.size());
    place_ = std::move(next);
    torn_.reset();
    return true;
}

// What stands behind the end that we know. Lines that do not follow are left to show.
bool AuditFile::catch_up() {
    const off_t size = size_of(file_);
    if (size < 0) return false;
    LineReader lines(file_, end_);
    end_ = std::min(end_, size);
    Place next = place_;
    bool whole = true;
    while (const auto read = lines.next()) {
        if (read->end == LineReader::End::none && !set_aside(read->text)) return false;
        if (read->end == LineReader::End::none) break;
        end_ = lines.at();
        const auto line = read_line(read->text);
        if (line && next.n == 0) next = place_before(*line);  // another process began the file
        whole = whole && line && follow(next, *line).ok();
    }
    if (whole) place_ = std::move(next);
    return !lines.failed();
}

bool AuditFile::set_aside(std::string_view torn) {
    const int file = ::open((path_ + ".torn").c_str(), k_add | O_CREAT, S_IRUSR | S_IWUSR);
    if (file < 0) return false;
    const bool kept = write_all(file, torn) && write_all(file, "\n") && ::fdatasync(file) == 0;
    ::close(file);
    if (!kept || ::ftruncate(file_, end_) != 0) return false;
    torn_ = Torn{torn.size(), sha256_hex(torn)};
    return true;
}

bool AuditFile::sync() const { return ::fdatasync(file_) == 0; }

AuditFile::Named AuditFile::named() const {
    struct stat there {
    }, opened{};
    if (::lstat(path_.c_str(), &there) != 0) return errno == ENOENT ? Named::none : Named::other;
    if (::fstat(file_, &opened) == 0 && there.st_ino == opened.st_ino && there.st_dev == opened.st_dev)
        return Named::this_one;
    const int file = ::open(path_.c_str(), k_open | O_RDONLY);
    const Named named = judge(file, place_);
    ::close(file);
    return named;
}

bool AuditFile::deleted() const {
    struct stat opened {};
    return ::fstat(file_, &opened) == 0 && opened.st_nlink == 0;
}

void AuditFile::leave() const { (void)!::fchmod(file_, S_IRUSR); }

bool AuditFile::left() const {
    struct stat opened {};
    return ::fstat(file_, &opened) == 0 && (opened.st_mode & S_IWUSR) == 0;
}

}  // namespace proctor::watch
