#include "outbound/reply_head.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"

namespace proctor::outbound {
namespace {

constexpr std::chrono::seconds k_longest_age = std::chrono::hours(24 * 365);

std::string_view trim(std::string_view text) {
    constexpr std::string_view k_blank = " \t\r\n";
    const auto first = std::min(text.find_first_not_of(k_blank), text.size());
    text.remove_prefix(first);
    return text.substr(0, text.find_last_not_of(k_blank) + 1);
}

// Compared with a word in lower case.
bool same(std::string_view text, std::string_view word) {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

// The age in seconds; one too long for a number is the longest.
std::optional<std::chrono::seconds> read_age(std::string_view digits) {
    unsigned long seconds = 0;
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    if (rest != digits.data() + digits.size() || digits.empty()) return std::nullopt;
    if (error != std::errc() || seconds > static_cast<unsigned long>(k_longest_age.count())) return k_longest_age;
    return std::chrono::seconds(seconds);
}

bool is_redirect(long status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

std::optional<Failure> ReplyHead::add(std::string_view line) {
    bytes_ += line.size();
    if (bytes_ > limits::k_reply_head_bytes) return Failure::too_large;
    const auto colon = line.find(':');
    if (colon != std::string_view::npos) read(line.substr(0, colon), trim(line.substr(colon + 1)));
    return std::nullopt;
}

void ReplyHead::read(std::string_view name, std::string_view value) {
    if (same(name, "content-type")) (is_json(value) ? json_ : other_type_) = true;
    if (same(name, "content-encoding") && !same(value, "identity")) encoded_ = true;
    if (same(name, "content-length")) framed_ = true;
    if (same(name, "transfer-encoding")) (same(value, "chunked") ? framed_ : encoded_) = true;
    if (same(name, "cache-control")) read_cache_control(value);
}

void ReplyHead::read_cache_control(std::string_view value) {
    while (!value.empty()) {
        const auto comma = std::min(value.find(','), value.size());
        const auto directive = trim(value.substr(0, comma));
        value.remove_prefix(std::min(comma + 1, value.size()));
        const auto equals = std::min(directive.find('='), directive.size());
        const auto word = directive.substr(0, equals);
        std::optional<std::chrono::seconds> age;
        if (same(word, "no-store") || same(word, "no-cache")) age = std::chrono::seconds(0);
        if (same(word, "max-age")) age = read_age(directive.substr(std::min(equals + 1, directive.size())));
        if (age) max_age_ = std::min(*age, max_age_.value_or(*age));
    }
}

std::optional<Failure> ReplyHead::judge(long status) const {
    if (is_redirect(status)) return Failure::redirect;
    if (status == 401 || status == 403) return Failure::unauthorized;
    if (status == 404 || status == 410) return Failure::missing;
    if (status >= 400 && status < 500 && status != 408 && status != 429) return Failure::refused;
    if (status != 200) return Failure::status;
    if (encoded_ || !framed_) return Failure::protocol;
    if (!json_ || other_type_) return Failure::content_type;
    return std::nullopt;
}

bool is_json(std::string_view content_type) {
    const auto type = trim(content_type.substr(0, content_type.find(';')));
    constexpr std::string_view k_types[] = {"application/json", "application/fhir+json", "application/json+fhir",
                                            "application/jwk-set+json", "text/json"};
    return std::any_of(std::begin(k_types), std::end(k_types), [&](std::string_view t) { return same(type, t); });
}

}  // namespace proctor::outbound
