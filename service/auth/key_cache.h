// One client's key set, kept. It decides when a set is fetched, how long it counts and what happens when it cannot be
// had; it knows no HTTP, no file system and no token.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "auth/keys.h"
#include "auth/reason.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/result.h"

namespace proctor::auth {

struct KeyDocument {
    std::string body;
    std::optional<std::chrono::seconds> max_age;  // Cache-Control
};

// Where key sets come from. Implementations are safe to call from every thread, return within about a second and
// enforce limits::k_jwks_bytes. Errors: fixed words, nothing that a peer sent.
class KeyServer {
public:
    virtual ~KeyServer() = default;
    [[nodiscard]] virtual Result<KeyDocument> get(const std::string& url) = 0;
    [[nodiscard]] virtual Result<std::string> read(const std::string& file) = 0;
};

struct KeySource {
    std::string url, file;                      // exactly one of them
    std::chrono::seconds stale_if_error{3600};  // a set outlives its lifetime by this while its server fails
    std::string client{};                       // whose it is, for the log
};

// For health: fresh is within its lifetime; stale is used because the server fails ("degraded"); unavailable: every
// token of the client is refused.
enum class KeyState : std::uint8_t { fresh, stale, unavailable };
[[nodiscard]] std::string_view print(KeyState state);

// Safe to use from every thread. Of all calls that need a fetch at one moment one fetches and the others wait for it.
class KeyCache final {
public:
    // Refers to all but the source. Fetches nothing yet. An address that fails is an event of the log, keys_failed with
    // the word of the KeyServer, or "keySet" when what came is none that can be used; a file is its reader's to tell.
    // `patience`: for a fetch of another call, beyond what a KeyServer takes; who has waited so long goes without.
    KeyCache(KeySource source, KeyServer& server, const Clock& clock, Log& log,
             std::chrono::milliseconds patience = std::chrono::seconds{limits::k_jwks_wait_seconds});
    KeyCache(const KeyCache&) = delete;
    KeyCache& operator=(const KeyCache&) = delete;

    // The key, unknown_key or keys_unavailable. Fetches only when there is no usable set, or for a kid that is not in
    // it: the latter at most once in limits::k_unknown_kid_seconds, and never for a file.
    [[nodiscard]] std::variant<Key, Reason> find(std::string_view kid);

    // For a thread of the owner: fetches when 80 % of the lifetime are over or there is no set. Files are read once.
    [[nodiscard]] bool refresh_due() const;
    void refresh();

    // Reads a file again; nothing for an address. Error, which names the file: the set before it stays.
    [[nodiscard]] Status reload_file();

    [[nodiscard]] KeyState state() const;

private:
    struct Set {
        KeySet keys;
        SteadyTime refresh_at, expires;  // the end of time for a file
    };
    class Fetching;
    [[nodiscard]] Result<Set> obtain() const;
    [[nodiscard]] bool await_fetch(std::unique_lock<std::mutex>& lock);
    Status fetch(std::unique_lock<std::mutex>& lock);
    void tell(std::string_view reason) const;
    [[nodiscard]] bool usable() const;
    [[nodiscard]] bool may_try() const;
    [[nodiscard]] bool may_ask_for_unknown() const;
    [[nodiscard]] bool due() const;

    const KeySource source_;
    KeyServer& server_;
    const Clock& clock_;
    Log& log_;
    const std::chrono::milliseconds patience_;

    mutable std::mutex mutex_;  // of all below; not held while fetching
    std::condition_variable fetched_;
    bool fetching_ = false;
    std::shared_ptr<const Set> set_;       // the last good one
    std::optional<SteadyTime> failed_at_;  // of the last fetch, when it failed
    std::optional<SteadyTime> asked_at_;   // of the last fetch that a call waited for
};

}  // namespace proctor::auth
