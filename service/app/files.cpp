#include "app/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <system_error>

namespace proctor::app {
namespace {

namespace fs = std::filesystem;

bool has(fs::perms mode, fs::perms bit) { return (mode & bit) != fs::perms::none; }

// What Kubernetes makes of a ConfigMap: mode 0777, and nobody can write there. Not what is read-only to this process
// alone, as nearly everything is to one that systemd protects: such a folder is the root of no mount.
bool is_read_only_mount(const fs::path& folder) {
    struct statx found {};
    struct statvfs mounted {};
    return ::statx(AT_FDCWD, folder.c_str(), 0, STATX_MODE, &found) == 0 &&
           (found.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0 && ::statvfs(folder.c_str(), &mounted) == 0 &&
           (mounted.f_flag & ST_RDONLY) != 0;
}

Error unseen(const fs::path& path, const std::error_code& why) {
    return Error{"cannot be read: " + why.message(), path.string()};
}
Error writable(const fs::path& path) { return Error{"can be written by everybody", path.string()}; }

// Whoever may write in a folder above can put something else in its place, unless the sticky bit leaves that to owners.
Status check_above(const fs::path& place) {
    for (auto folder = place.parent_path();; folder = folder.parent_path()) {
        std::error_code error;
        const auto mode = fs::status(folder, error).permissions();
        if (error) return unseen(folder, error);
        if (has(mode, fs::perms::others_write) && !has(mode, fs::perms::sticky_bit) && !is_read_only_mount(folder))
            return writable(folder);
        if (folder == folder.root_path()) return Done{};
    }
}

// The place, what is below it, and what links there lead to; `seen`: folders, so that links in a circle end.
Status check_below(const fs::path& place, std::set<fs::path>& seen) {
    std::error_code error;
    const auto status = fs::status(place, error);
    if (error) return unseen(place, error);
    if (has(status.permissions(), fs::perms::others_write)) return writable(place);
    const auto real = fs::canonical(place, error);
    if (error) return unseen(place, error);
    if (fs::is_symlink(place, error))
        if (auto safe = check_above(real); !safe) return safe;
    if (!fs::is_directory(status) || !seen.insert(real).second) return Done{};
    for (fs::directory_iterator it(place, error), end; !error && it != end; it.increment(error)) {
        std::error_code nothing;
        if (it->is_symlink(nothing) && !fs::exists(it->path(), nothing)) continue;  // a link to nothing
        if (auto safe = check_below(it->path(), seen); !safe) return safe;
    }
    if (error) return unseen(place, error);
    return Done{};
}

}  // namespace

Result<std::string> read_text(const std::string& file, std::size_t limit) {
    std::ifstream opened;
    if (file != "-") {
        std::error_code error;
        if (fs::is_directory(file, error)) return Error{"is a folder, not a file", file};
        opened.open(file, std::ios::binary);
        if (!opened) return Error{"cannot be read", file};
    }
    std::istream& in = file == "-" ? std::cin : opened;
    std::string text;
    char buffer[65536];
    while (in.read(buffer, sizeof buffer) || in.gcount() > 0) {
        text.append(buffer, static_cast<std::size_t>(in.gcount()));
        if (text.size() > limit) return Error{"is longer than " + std::to_string(limit) + " bytes", file};
    }
    if (in.bad()) return Error{"cannot be read", file};
    return text;
}

Status write_text(const std::string& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) return Error{"cannot be written", file};
    return Done{};
}

Status check_permissions(const fs::path& place) {
    std::set<fs::path> seen;
    if (auto safe = check_below(place, seen); !safe) return safe;
    if (auto safe = check_above(fs::absolute(place)); !safe) return safe;
    std::error_code error;
    const auto real = fs::canonical(place, error);
    return error ? Status(unseen(place, error)) : check_above(real);
}

Status check_private(const std::filesystem::path& file) {
    using std::filesystem::perms;
    std::error_code unseen;
    const auto allowed = std::filesystem::status(file, unseen).permissions();
    if (unseen || (allowed & (perms::group_all | perms::others_all)) != perms::none)
        return Error{"others than the owner may use the file; chmod 600", file.string()};
    return Done{};
}

}  // namespace proctor::app
