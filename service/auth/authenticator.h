// Who calls: the whole way from an Authorization header to a client of ours, the cheap steps first. The door that the
// application asks; it knows no HTTP beyond that header's value.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "auth/failures.h"
#include "auth/key_cache.h"
#include "auth/reason.h"
#include "auth/replay_guard.h"
#include "auth/token.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"

namespace proctor::auth {

// One registered client. Several may share an issuer when each has tenants of its own.
struct ClientTrust {
    std::string id;
    std::string issuer;
    std::string jwks_url, jwks_file;            // exactly one of them
    std::chrono::seconds stale_if_error{3600};  // of the key set, when its address does not answer
    TokenPolicy policy;
    std::vector<std::string> certificates;  // SHA-256 in lower-case hex; empty: no mutual TLS is asked
};

// What is wrong with a list of clients; `where` is "/clients/1/issuer".
[[nodiscard]] Status check_clients(const std::vector<ClientTrust>& clients);

// Of one call. Views: they live as long as the call.
struct Credentials {
    std::string_view authorization;  // the header's value; empty: none
    bool several_headers = false;    // more than one Authorization header was sent
    std::string_view certificate;    // SHA-256 in lower-case hex of the caller's; empty: none
    std::string_view source;         // the remote address
};

struct Admitted {
    std::size_t client = 0;  // its place in the list
    std::string tenant;      // the token's; empty: none
    std::string jti_prefix;  // 12 hex digits of SHA-256(jti), for the log
};

// A file of keys that was not taken.
struct UnreadKeys {
    std::string client;
    Error error;
};

// Safe to use from every thread.
class Authenticator final {
public:
    // `clients` pass check_clients(). Refers to the others. Fetches nothing yet.
    Authenticator(std::vector<ClientTrust> clients, KeyServer& server, ReplayGuard& replay, const Clock& clock,
                  Log& log);

    // The client, or why not. `audiences`: as check_claims() wants them. A token that is admitted is used up.
    [[nodiscard]] std::variant<Admitted, Reason> admit(const Credentials& credentials,
                                                       const std::vector<std::string>& audiences, WallTime now);

    // For a thread of the owner, every second or so: fetches the key sets that are due, until it is to stop.
    void refresh_keys(const std::stop_token& stop = {});
    // At the start and at a reload. All are read; gives the first that cannot be used, where what was read before
    // stays.
    [[nodiscard]] std::optional<UnreadKeys> reload_key_files();
    // For health, in the order of the clients.
    [[nodiscard]] std::vector<KeyState> key_states() const;

private:
    [[nodiscard]] std::variant<std::size_t, Reason> find_client(const Token& token) const;
    [[nodiscard]] std::optional<Reason> check_key(std::size_t client, const Token& token, std::string_view source);

    const std::vector<ClientTrust> clients_;
    std::vector<std::unique_ptr<KeyCache>> keys_;  // one a client
    ReplayGuard& replay_;
    Failures failures_;
};

}  // namespace proctor::auth
