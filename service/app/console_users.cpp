#include "app/console_users.h"

#include <array>

#include "app/files.h"
#include "base/digest.h"

namespace proctor::app {

Result<console::Users> read_users(const std::filesystem::path& file) {
    namespace fs = std::filesystem;
    auto text = read_text(file.string(), limits::k_users_bytes);
    if (!text) return text.error();
    std::error_code error;
    const auto permissions = fs::status(file, error).permissions();
    if (error || (permissions & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none)
        return Error{"others than the owner may use the file; chmod 600", file.string()};
    return console::Users::parse(*text, file.string());
}

Result<console::Users> demo_user(Entropy& entropy, std::string& password) {
    std::array<char, 16> random{};
    entropy.fill({reinterpret_cast<std::uint8_t*>(random.data()), random.size()});
    password = sha256_hex({random.data(), random.size()}).substr(0, 20);
    auto line = console::new_user_line("demo", console::role_names(), password, entropy);
    if (!line) return line.error();
    return console::Users::parse(*line, "the demonstration's user");
}

}  // namespace proctor::app
