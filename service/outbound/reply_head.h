// A reply's head, read line by line as libcurl hands it over: what decides whether the body is wanted. It keeps nothing
// of a peer's text.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "outbound/fetcher.h"

namespace proctor::outbound {

class ReplyHead final {
public:
    ReplyHead() = default;
    // One line: the status line, a header, the empty line at the end; also those of interim replies and trailers.
    // too_large: all lines together exceed limits::k_reply_head_bytes.
    [[nodiscard]] std::optional<Failure> add(std::string_view line);

    // After an interim reply (1xx): forgets what it said, and still counts its bytes.
    void start_again() { *this = ReplyHead(bytes_); }

    // At the empty line. Nothing: a JSON reply with status 200 that is not compressed and says where it ends.
    [[nodiscard]] std::optional<Failure> judge(long status) const;

    [[nodiscard]] std::optional<std::chrono::seconds> max_age() const { return max_age_; }

private:
    explicit ReplyHead(std::size_t bytes) : bytes_(bytes) {}
    void read(std::string_view name, std::string_view value);
    void read_cache_control(std::string_view value);

    std::size_t bytes_ = 0;
    bool json_ = false;
    bool other_type_ = false;  // a second, different content type counts as none
    bool encoded_ = false;
    bool framed_ = false;  // it has a length: one that ends with the connection cannot be told from one cut short
    std::optional<std::chrono::seconds> max_age_;
};

// application/json, or what FHIR versions (application/fhir+json, application/json+fhir), RFC 7517
// (application/jwk-set+json) and older servers (text/json) call it; parameters are not looked at.
[[nodiscard]] bool is_json(std::string_view content_type);

}  // namespace proctor::outbound
