#include "console/sessions.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/digest.h"

namespace proctor::console {

std::string Sessions::open(std::string user) {
    std::array<char, 32> random{};
    entropy_.fill({reinterpret_cast<std::uint8_t*>(random.data()), random.size()});
    // A digest of random bytes is as hard to guess as they are, and is text.
    std::string token = sha256_hex({random.data(), random.size()});
    const std::lock_guard lock(mutex_);
    forget();
    if (sessions_.size() >= limits::k_console_sessions) {
        sessions_.erase(std::ranges::min_element(sessions_, {}, [](const auto& one) { return one.second.used; }));
    }
    sessions_[sha256_hex(token)] = {std::move(user), clock_.steady(), clock_.steady()};
    return token;
}

std::optional<std::string> Sessions::find(std::string_view token) {
    const std::string key = sha256_hex(token);
    const std::lock_guard lock(mutex_);
    forget();
    const auto known = sessions_.find(key);
    if (known == sessions_.end()) return std::nullopt;
    known->second.used = clock_.steady();
    return known->second.user;
}

void Sessions::close(std::string_view token) {
    const std::string key = sha256_hex(token);
    const std::lock_guard lock(mutex_);
    sessions_.erase(key);
}

std::size_t Sessions::size() const {
    const std::lock_guard lock(mutex_);
    return sessions_.size();
}

void Sessions::forget() {
    const auto now = clock_.steady();
    std::erase_if(sessions_, [now](const auto& one) {
        return now - one.second.used >= std::chrono::seconds(limits::k_session_idle_seconds) ||
               now - one.second.opened >= std::chrono::seconds(limits::k_session_seconds);
    });
}

}  // namespace proctor::console
