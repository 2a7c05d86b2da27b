// Logging in to the console and out of it: users, their failures and their sessions behind one door. It knows the
// cookie and no other part of the page.
#pragma once

#include <mutex>

#include "base/log.h"
#include "console/attempts.h"
#include "console/sessions.h"
#include "console/users.h"
#include "http/server.h"

namespace proctor::console {

// Safe to use from every thread.
class Login final {
public:
    // Refers to clock, entropy and log.
    Login(Users users, const Clock& clock, Entropy& entropy, Log& log);

    // {"user","password"}: 204 with a cookie, 400, 401, or 429. One at a time, as each takes 32 MiB and 0.1 s.
    [[nodiscard]] http::Response enter(const http::Request& request);
    [[nodiscard]] http::Response leave(const http::Request& request);
    // Null: nobody. Valid as long as this.
    [[nodiscard]] const User* user_of(const http::Request& request);

private:
    void record(std::string_view user, std::string_view reason, int status);

    const Users users_;
    Log& log_;
    Attempts attempts_;
    Sessions sessions_;
    std::mutex one_at_a_time_;
};

}  // namespace proctor::console
