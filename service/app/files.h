// Files and standard input of the command line.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace proctor::app {

// The whole file; "-" is standard input. Error: cannot be read, or holds more than `limit` bytes.
Result<std::string> read_text(const std::string& file, std::size_t limit);

// Replaces the file. Error: cannot be written.
Status write_text(const std::string& file, const std::string& text);

// Nobody but its owner and group can change what is read there: neither the file can be written by everybody, nor the
// folder and what is below it, nor what links lead to; nor, but for one that is sticky or a read-only mount, a folder
// above. Error: the first such path, or one that cannot be seen.
Status check_permissions(const std::filesystem::path& place);

// A file that only its owner may use. Error: another may, or it cannot be seen.
Status check_private(const std::filesystem::path& file);

}  // namespace proctor::app
