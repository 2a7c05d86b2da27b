#include "watch/audit_chain.h"

#include <charconv>

#include "base/digest.h"
#include "watch/audit_event.h"

namespace proctor::watch {
namespace {

constexpr std::string_view k_number = "{\"n\":", k_previous = ",\"previous\":\"",
                           k_event = "\",\"event\":", k_head = "\",\"head\":", k_recorded = "\"recorded\":\"",
                           k_closed = "\"closed\":true,", k_key = "\"key\":\"", k_signature = ",\"signature\":\"",
                           k_hash = ",\"hash\":\"";

std::string begin_line(const Place& place, std::string_view kind) {
    std::string line(k_number);
    return line.append(std::to_string(place.n + 1)).append(k_previous).append(place.hash).append(kind);
}

std::string end_line(Place& place, std::string line, bool head, bool closed) {
    ++place.n;
    place.hash = sha256_hex(line);
    if (head) place.head = place.n;
    place.closed = closed;
    return line.append(k_hash).append(place.hash).append("\"}\n");
}

// Takes what a text begins with off it.
bool take(std::string_view& text, std::string_view expected) {
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(expected.size());
    return true;
}

// Without leading zeros, as it is written.
bool take_number(std::string_view& text, std::uint64_t& number) {
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto digits = static_cast<std::size_t>(parsed.ptr - text.data());
    if (parsed.ec != std::errc() || number == 0 || text.front() == '0') return false;
    text.remove_prefix(digits);
    return true;
}

bool take_hash(std::string_view& text, std::string_view& hash) {
    if (text.size() < k_hash_digits) return false;
    hash = text.substr(0, k_hash_digits);
    text.remove_prefix(k_hash_digits);
    return true;
}

// The text in quotes behind a name; empty: there is none.
std::string_view value_of(std::string_view text, std::string_view name) {
    const auto at = text.find(name);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + name.size());
    return text.substr(0, text.find('"'));
}

Head read_head(std::string_view line, std::string_view body) {
    Head head;
    head.closed = body.find(k_closed) != std::string_view::npos;
    head.key = value_of(body, k_key);
    head.signature = value_of(body, k_signature);
    head.signed_text = line.substr(0, line.find(k_signature));
    return head;
}

}  // namespace

std::string print(const Place& place) { return std::to_string(place.n) + ':' + place.hash; }

std::optional<Place> read_place(std::string_view text) {
    Place place;
    std::string_view hash;
    if (!take_number(text, place.n) || !take(text, ":") || !take_hash(text, hash) || !text.empty()) return std::nullopt;
    if (hash.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
    place.hash = hash;
    return place;
}

std::string write_event_line(Place& place, std::string_view event) {
    return end_line(place, begin_line(place, k_event).append(event), false, false);
}

std::string write_head_line(Place& place, const AuditKey& key, WallTime recorded, bool closed) {
    std::string line = begin_line(place, k_head);
    line.append("{").append(k_recorded).append(print_instant(recorded)).append("\",\"closed\":");
    line.append(closed ? "true," : "false,").append(k_key).append(key.id()).append("\"");
    const std::string signature = key.sign(line);
    if (signature.empty()) return {};
    line.append(k_signature).append(signature).append("\"}");
    return end_line(place, std::move(line), true, closed);
}

std::optional<Line> read_line(std::string_view text) {
    const std::size_t tail = k_hash.size() + k_hash_digits + 2;
    if (text.size() < tail) return std::nullopt;
    const std::string_view hashed = text.substr(0, text.size() - tail);
    std::string_view rest = text.substr(hashed.size());
    Line line;
    if (!take(rest, k_hash) || !take_hash(rest, line.hash) || rest != "\"}") return std::nullopt;
    if (sha256_hex(hashed) != line.hash) return std::nullopt;
    rest = hashed;
    if (!take(rest, k_number) || !take_number(rest, line.n)) return std::nullopt;
    if (!take(rest, k_previous) || !take_hash(rest, line.previous)) return std::nullopt;
    const bool head = take(rest, k_head);
    if (!head && !take(rest, k_event)) return std::nullopt;
    line.recorded = value_of(rest, k_recorded);
    if (head) line.head = read_head(hashed, rest);
    return line;
}

Status follow(Place& place, const Line& line) {
    if (line.n != place.n + 1)
        return Error{"line " + std::to_string(line.n) + " comes after line " + std::to_string(place.n), ""};
    if (line.previous != place.hash) return Error{"it does not follow the line before it, or that was replaced", ""};
    place.n = line.n;
    place.hash = line.hash;
    if (line.head) place.head = line.n;
    place.closed = line.head && line.head->closed;
    return Done{};
}

}  // namespace proctor::watch
