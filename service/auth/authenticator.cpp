#include "auth/authenticator.h"

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"

namespace proctor::auth {
namespace {

constexpr std::size_t k_jti_prefix = 12;

bool holds(const std::vector<std::string>& list, std::string_view text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

// The two are joined with a character that neither may hold, so that no other pair gives the same text.
std::string joined(std::string_view first, std::string_view second) {
    return std::string(first).append(1, '\0').append(second);
}

bool is_shown(const ClientTrust& client, std::string_view certificate) {
    return client.certificates.empty() || holds(client.certificates, certificate);
}

TokenUse use_of(const Token& token) {
    const WallTime until{std::chrono::seconds(token.exp + limits::k_clock_skew_seconds)};
    return {sha256_hex(joined(token.iss, token.jti)), token.iat, until};
}

}  // namespace

Authenticator::Authenticator(std::vector<ClientTrust> clients, KeyServer& server, ReplayGuard& replay,
                             const Clock& clock, Log& log)
    : clients_(std::move(clients)), replay_(replay), failures_(clock) {
    for (const auto& client : clients_) {
        const KeySource source{client.jwks_url, client.jwks_file, client.stale_if_error, client.id};
        keys_.push_back(std::make_unique<KeyCache>(source, server, clock, log));
    }
}

std::variant<Admitted, Reason> Authenticator::admit(const Credentials& credentials,
                                                    const std::vector<std::string>& audiences, WallTime now) {
    if (credentials.several_headers) return Reason::malformed_token;
    const auto parsed = parse_token(credentials.authorization);
    if (const auto* reason = std::get_if<Reason>(&parsed)) return *reason;
    const Token& token = *std::get_if<Token>(&parsed);
    const auto found = find_client(token);
    if (const auto* reason = std::get_if<Reason>(&found)) return *reason;
    const std::size_t client = *std::get_if<std::size_t>(&found);
    if (const auto reason = check_claims(token, clients_[client].policy, audiences, now)) return *reason;
    if (const auto reason = check_key(client, token, credentials.source)) return *reason;
    if (!is_shown(clients_[client], credentials.certificate)) return Reason::certificate;
    if (const auto reason = replay_.use(use_of(token), now)) return *reason;
    return Admitted{client, token.tenant, sha256_hex(token.jti).substr(0, k_jti_prefix)};
}

void Authenticator::refresh_keys(const std::stop_token& stop) {
    for (const auto& keys : keys_) {
        if (!stop.stop_requested()) keys->refresh();
    }
}

std::optional<UnreadKeys> Authenticator::reload_key_files() {
    std::optional<UnreadKeys> first;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        if (const auto read = keys_[i]->reload_file(); !read && !first)
            first = UnreadKeys{clients_[i].id, read.error()};
    }
    return first;
}

std::vector<KeyState> Authenticator::key_states() const {
    std::vector<KeyState> states;
    for (const auto& keys : keys_) states.push_back(keys->state());
    return states;
}

std::variant<std::size_t, Reason> Authenticator::find_client(const Token& token) const {
    std::vector<std::size_t> of_issuer;
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        if (clients_[i].issuer == token.iss) of_issuer.push_back(i);
    }
    if (of_issuer.empty()) return Reason::unknown_issuer;
    if (of_issuer.size() == 1) return of_issuer.front();
    for (const std::size_t i : of_issuer) {
        if (holds(clients_[i].policy.tenants, token.tenant)) return i;
    }
    return Reason::tenant;
}

// Failures count for a source and client: behind one proxy, a flood against one client leaves the others alone.
std::optional<Reason> Authenticator::check_key(std::size_t client, const Token& token, std::string_view source) {
    const std::string who = joined(source, clients_[client].id);
    if (failures_.too_many(who)) return Reason::too_many_failures;
    const auto found = keys_[client]->find(token.kid);
    if (const auto* reason = std::get_if<Reason>(&found)) return *reason;
    const auto wrong = check_signature(token, *std::get_if<Key>(&found));
    if (wrong == Reason::signature) failures_.record(who);
    return wrong;
}

}  // namespace proctor::auth
