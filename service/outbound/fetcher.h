// HTTPS requests of our own: to FHIR servers and key sets. It knows what may be called and how long it may take; it
// knows nothing of FHIR, tokens' meaning or cards. libcurl lives in this room alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"

namespace proctor::outbound {

// Why there is no reply: a fixed word for the log. None of them carries a URL, a header or a peer's text.
enum class Failure : std::uint8_t {
    not_allowed,   // no strict https URL (url.h), or not below its base
    bad_token,     // the bearer token has characters that a header may not hold
    unresolved,    // the name has no address
    address,       // it has an address that must not be called
    connect,       // refused or unreachable
    tls,           // certificate or handshake
    timeout,       // the deadline passed
    crowded,       // it passed before one of our connections to that server was free
    redirect,      // a redirection, which is never followed
    status,        // any other status than 200: 408, 429 and 5xx among them
    unauthorized,  // 401 or 403
    missing,       // 404 or 410
    refused,       // any other 4xx but 408 and 429
    too_large,     // head or body
    content_type,  // not JSON
    protocol,      // no HTTP, compressed, reset or cut short
    circuit_open,  // what is below this base, or this URL, failed too often a moment ago and was not asked
};
[[nodiscard]] std::string_view print(Failure failure);  // "notAllowed"

struct Get {
    std::string url;                               // absolute, already percent-encoded
    std::string bearer;                            // Authorization: Bearer; empty: none
    std::string accept = "application/fhir+json";  // a constant of ours
    std::size_t body_bytes = 0;                    // the most that is read
    // The configuration lists this host as one inside: loopback and private addresses are fine, too.
    bool private_address = false;
    // The configured URL that `url` must be the same as or lie below, as when a peer's paging link is followed; empty:
    // `url` is itself from the configuration.
    std::string base = {};
    std::string traceparent = {};  // of W3C Trace Context, written by us (base/trace.h); empty: none
    // Whose request it is, with a token and at pages that this client names: what fails is held against no other.
    // Empty: nobody's in particular.
    std::string client = {};
};

struct Reply {
    std::string body;                             // all of it; whether it is JSON is not looked at
    std::optional<std::chrono::seconds> max_age;  // Cache-Control; zero when it forbids keeping
    friend bool operator==(const Reply&, const Reply&) = default;
};
using Fetched = std::variant<Reply, Failure>;

// Safe to call from every thread.
class Outbound {
public:
    virtual ~Outbound() = default;
    // All at once; returns by the deadline whatever the peers do. One answer for each request, in order.
    [[nodiscard]] virtual std::vector<Fetched> get(const std::vector<Get>& requests, SteadyTime deadline) = 0;
};

}  // namespace proctor::outbound
