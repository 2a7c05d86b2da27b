#include <algorithm>

#include "auth/authenticator.h"

namespace proctor::auth {
namespace {

constexpr std::size_t k_sha256_hex = 64;
constexpr std::chrono::seconds k_longest_lifetime{3600};

bool is_sha256(const std::string& text) {
    return text.size() == k_sha256_hex && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Status wrong(const std::string& what, std::size_t client, const std::string& member) {
    return Error{what, "/clients/" + std::to_string(client) + "/" + member};
}

bool share(const std::vector<std::string>& one, const std::vector<std::string>& other) {
    return std::any_of(one.begin(), one.end(),
                       [&](const auto& text) { return std::find(other.begin(), other.end(), text) != other.end(); });
}

// Whether a token of their issuer could be either's.
bool ambiguous(const ClientTrust& one, const ClientTrust& other) {
    if (one.issuer != other.issuer) return false;
    const auto& tenants = one.policy.tenants;
    return tenants.empty() || other.policy.tenants.empty() || share(tenants, other.policy.tenants);
}

Status check_alone(const ClientTrust& client, std::size_t i) {
    if (client.id.empty()) return wrong("a client needs an id", i, "id");
    if (client.issuer.empty()) return wrong("a client needs an issuer", i, "issuer");
    if (client.jwks_url.empty() == client.jwks_file.empty())
        return wrong("a client needs an address of its key set or a file with it, not both", i, "jwks_url");
    if (client.stale_if_error.count() < 0) return wrong("a time cannot be negative", i, "stale_if_error");
    if (client.policy.algorithms.empty()) return wrong("a client needs an algorithm", i, "algorithms");
    if (client.policy.lifetime.count() <= 0 || client.policy.lifetime > k_longest_lifetime)
        return wrong("a token may live 1 to 3600 seconds", i, "lifetime");
    if (!std::all_of(client.certificates.begin(), client.certificates.end(), is_sha256))
        return wrong("a certificate is given by its SHA-256, 64 lower-case hex digits", i, "certificates");
    return Done{};
}

Status check_pair(const ClientTrust& earlier, const ClientTrust& later, std::size_t i) {
    if (earlier.id == later.id) return wrong("this id is another client's, too", i, "id");
    if (ambiguous(earlier, later))
        return wrong("this issuer is another client's, too; then each needs tenants of its own", i, "issuer");
    return Done{};
}

}  // namespace

Status check_clients(const std::vector<ClientTrust>& clients) {
    for (std::size_t i = 0; i < clients.size(); ++i) {
        if (auto status = check_alone(clients[i], i); !status) return status;
        for (std::size_t earlier = 0; earlier < i; ++earlier) {
            if (auto status = check_pair(clients[earlier], clients[i], i); !status) return status;
        }
    }
    return Done{};
}

}  // namespace proctor::auth
