#include "store/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/hex.h"
#include "base/limits.h"

namespace proctor::store {
namespace {

constexpr std::size_t k_key_bytes = 32;
constexpr std::size_t k_id_characters = 32;
constexpr mode_t k_of_others = S_IRWXG | S_IRWXO;

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= k_id_characters && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-';
    });
}

// False: not 64 hex digits.
bool decode(std::string_view hex, std::string& bytes) {
    bytes.resize(k_key_bytes);
    return read_hex(hex, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
}

class OpenFile final {
public:
    explicit OpenFile(const std::filesystem::path& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~OpenFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    [[nodiscard]] int get() const { return descriptor_; }

private:
    int descriptor_;
};

}  // namespace

Result<std::vector<SecretKey>> parse_keys(std::string_view text, const std::string& file) {
    std::vector<SecretKey> keys;
    for (int line = 1; !text.empty(); ++line) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto here = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::string where = file + " line " + std::to_string(line);
        const auto blank = std::min(here.find(' '), here.size());
        SecretKey key{std::string(here.substr(0, blank)), {}};
        if (!is_id(key.id) || blank == here.size() || !decode(here.substr(blank + 1), key.bytes.text))
            return Error{"is not an id, a blank and 64 digits of 0-9a-f", where};
        const auto same = [&](const SecretKey& other) { return other.id == key.id; };
        if (std::any_of(keys.begin(), keys.end(), same)) return Error{"the id stands twice", where};
        keys.push_back(std::move(key));
    }
    if (keys.empty()) return Error{"holds no key; `proctor store new-key` makes one", file};
    return keys;
}

Result<std::vector<SecretKey>> read_key_file(const std::filesystem::path& file) {
    const OpenFile opened(file);
    struct stat seen {};
    if (opened.get() < 0 || ::fstat(opened.get(), &seen) != 0) return Error{"cannot be read", file.string()};
    if (!S_ISREG(seen.st_mode)) return Error{"is no regular file", file.string()};
    if ((seen.st_mode & k_of_others) != 0)
        return Error{"others than the owner may use the file; chmod 600", file.string()};
    Wiped text(std::string(limits::k_key_file_bytes + 1, '\0'));
    std::size_t size = 0;
    for (ssize_t got = 1; got > 0 && size < text.text.size(); size += static_cast<std::size_t>(got)) {
        got = ::read(opened.get(), text.text.data() + size, text.text.size() - size);
        if (got < 0) return Error{"cannot be read", file.string()};
    }
    if (size > limits::k_key_file_bytes)
        return Error{"is longer than " + std::to_string(limits::k_key_file_bytes) + " bytes", file.string()};
    return parse_keys(std::string_view(text.text).substr(0, size), file.string());
}

Result<Wiped> new_key_line(const std::string& id, Entropy& entropy) {
    if (!is_id(id)) return Error{"an id is up to 32 letters, digits, '.', '_' and '-'", id};
    std::array<std::uint8_t, k_key_bytes> bytes{};
    entropy.fill(bytes);
    Wiped line;
    line.text.reserve(id.size() + 1 + 2 * k_key_bytes);
    line.text.append(id).append(" ");
    append_hex(line.text, bytes);
    ::explicit_bzero(bytes.data(), bytes.size());
    return line;
}

}  // namespace proctor::store
