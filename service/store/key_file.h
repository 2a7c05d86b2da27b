// A file of secret keys, one a line: "<id> <64 hex digits>". The first is the current one; the others open what was
// made before it came. It knows no cryptography.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/entropy.h"
#include "base/result.h"
#include "base/wiped.h"

namespace proctor::store {

struct SecretKey {
    std::string id;  // up to 32 letters, digits, '.', '_' and '-'; it stands beside whatever its key made
    Wiped bytes;     // 32
};

// At least one. Errors: cannot be read, others than the owner may use it, a line that is no key, an id twice, no key at
// all; they name the line and repeat nothing of it.
[[nodiscard]] Result<std::vector<SecretKey>> read_key_file(const std::filesystem::path& file);
[[nodiscard]] Result<std::vector<SecretKey>> parse_keys(std::string_view text, const std::string& file);

// A line for such a file, without its end. Error: no such id.
[[nodiscard]] Result<Wiped> new_key_line(const std::string& id, Entropy& entropy);

}  // namespace proctor::store
