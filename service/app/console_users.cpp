#include "app/console_users.h"

#include <array>

#include "app/files.h"
#include "base/digest.h"

namespace proctor::app {

Result<console::Users> read_users(const std::filesystem::path& file) {
    auto text = read_text(file.string(), limits::k_users_bytes);
    if (!text) return text.error();
    if (auto fine = check_private(file); !fine) return fine.error();
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
