// Who is logged in to the console. A session ends after a while without a request, at the latest after half a day, by
// logging out, and with the process. Only a hash of its token is kept. It knows no passwords and no HTTP.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/limits.h"

namespace proctor::console {

// Safe to use from every thread.
class Sessions final {
public:
    // Refers to both.
    Sessions(const Clock& clock, Entropy& entropy) : clock_(clock), entropy_(entropy) {}

    // A token for the user: 64 hexadecimal digits. The session longest unused makes room when there are too many.
    [[nodiscard]] std::string open(std::string user);
    // Whose session it is; that counts as a use. Nothing: there is no such session any more.
    [[nodiscard]] std::optional<std::string> find(std::string_view token);
    void close(std::string_view token);
    [[nodiscard]] std::size_t size() const;

private:
    struct Session {
        std::string user;
        SteadyTime opened, used;
    };
    void forget();

    const Clock& clock_;
    Entropy& entropy_;
    mutable std::mutex mutex_;
    std::map<std::string, Session> sessions_;  // by the SHA-256 of the token
};

}  // namespace proctor::console
