// The users of the console: those of the configuration's file, or the one of a demonstration.
#pragma once

#include <string>

#include "app/config.h"
#include "base/entropy.h"
#include "console/users.h"

namespace proctor::app {

// Error: the file cannot be read, others than its owner may use it, or it holds something else or no user.
[[nodiscard]] Result<console::Users> read_users(const std::filesystem::path& file);

// "demo", who may do everything; `password` becomes a new random one.
[[nodiscard]] Result<console::Users> demo_user(Entropy& entropy, std::string& password);

}  // namespace proctor::app
