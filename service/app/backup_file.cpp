#include "app/backup_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace proctor::app {

namespace {

// Or the file could be without its name after a power cut.
bool sync_folder_of(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path();
    const int opened = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = opened >= 0 && ::fsync(opened) == 0;
    if (opened >= 0) ::close(opened);
    return synced;
}

}  // namespace

Result<std::unique_ptr<NewBackup>> NewBackup::create(const std::string& path) {
    const int made = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (made < 0) return Error{errno == EEXIST ? "is there already" : "cannot be made", path};
    return std::unique_ptr<NewBackup>(new NewBackup(path, made));
}

NewBackup::~NewBackup() {
    ::close(descriptor_);
    if (!kept_) ::unlink(path_.c_str());
}

bool NewBackup::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) return false;
        if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

Status NewBackup::keep() {
    kept_ = ::fsync(descriptor_) == 0 && sync_folder_of(path_);
    if (!kept_) return Error{"cannot be written", path_};
    return Done{};
}

void BackupFile::rewind() {
    in_.clear();
    in_.seekg(0);
}

bool BackupFile::next(std::string& line) { return static_cast<bool>(std::getline(in_, line)); }

}  // namespace proctor::app
