#include "app/key_server.h"

#include <algorithm>

#include "app/files.h"

namespace proctor::app {
namespace {

// Callers may be waiting for it.
constexpr std::chrono::milliseconds k_patience{1000};

}  // namespace

Result<auth::KeyDocument> ClientKeyServer::get(const std::string& url) {
    const bool inside = std::any_of(clients_.begin(), clients_.end(), [&](const ClientConfig& client) {
        return client.private_jwks && client.trust.jwks_url == url;
    });
    outbound::Get request{.url = url,
                          .bearer = {},
                          .accept = "application/json",
                          .body_bytes = limits::k_jwks_bytes,
                          .private_address = inside};
    auto fetched = outbound_.get({std::move(request)}, clock_.steady() + k_patience);
    if (const auto* failure = std::get_if<outbound::Failure>(&fetched.front()))
        return Error{std::string(outbound::print(*failure)), "jwks_url"};
    auto& reply = std::get<outbound::Reply>(fetched.front());
    return auth::KeyDocument{std::move(reply.body), reply.max_age};
}

Result<std::string> ClientKeyServer::read(const std::string& file) {
    // Whoever writes it makes callers.
    if (auto safe = check_permissions(file); !safe) return safe.error();
    return read_text(file, limits::k_jwks_bytes);
}

}  // namespace proctor::app
