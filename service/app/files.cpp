#include "app/files.h"

#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

namespace proctor::app {
namespace {

namespace fs = std::filesystem;

bool writable_by_all(const fs::path& path, std::error_code& error) {
    const auto status = fs::symlink_status(path, error);
    if (error || status.type() == fs::file_type::symlink) return false;  // a link's own mode means nothing
    return (status.permissions() & fs::perms::others_write) != fs::perms::none;
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
    std::error_code error;
    // The place that is named may be a link: what it leads to counts.
    const auto named = fs::status(place, error);
    if (!error && (named.permissions() & fs::perms::others_write) != fs::perms::none)
        return Error{"can be written by everybody", place.string()};
    if (!error && !fs::is_directory(named)) return Done{};
    for (fs::recursive_directory_iterator it(place, error), end; !error && it != end; it.increment(error)) {
        if (writable_by_all(it->path(), error)) return Error{"can be written by everybody", it->path().string()};
    }
    if (error) return Error{"cannot be read: " + error.message(), place.string()};
    return Done{};
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
