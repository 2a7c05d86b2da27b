// One HTTPS request of the operator's own command, awaited (libcurl). The operator names the address, so any may be
// called, inside or outside; what the service itself fetches goes through fetcher.h and its rules. It knows nothing of
// tokens' meaning or cards.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace proctor::outbound {

struct Call {
    std::string url;                   // https
    std::vector<std::string> headers;  // "Accept: application/json"
    std::optional<std::string> body;   // POST with it; nothing: GET
    std::string ca_file;               // PEM certificates to trust beside the system's; empty: none
    std::chrono::milliseconds deadline{10'000};
};

struct Answer {
    int status = 0;
    std::string content_type;  // as sent; empty: none
    // Access-Control-..., Retry-After and WWW-Authenticate; names in lower case.
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;  // at most limits::k_reply_bytes
    std::chrono::milliseconds time{0};
};

// The answer with whatever status; redirections are not followed, proxies not used. The peer is verified, by TLS 1.2 or
// newer. Error: what kept an answer from coming, in an operator's words; `where` is the address.
[[nodiscard]] Result<Answer> call(const Call& call);

}  // namespace proctor::outbound
