// The lines of the audit trail, each holding the hash of the one before it, so that none can be changed, taken out or
// put in without all that follow:
//   {"n":7,"previous":"<hash of line 6>","event":{an AuditEvent},"hash":"<SHA-256 of what stands before ,"hash">"}
// and now and then a head, which signs what stands before ,"signature" and with it all lines up to there:
//   {"n":8,"previous":"...","head":{"recorded":"...","closed":false,"key":"<its id>","signature":"..."},"hash":"..."}
// Hashes are of the bytes as they stand, so no two writers of JSON can differ. It knows no files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "watch/audit_key.h"

namespace proctor::watch {

inline constexpr std::size_t k_hash_digits = 64;

// After which line a trail is; before the first: number 0 and a hash of zeros.
struct Place {
    std::uint64_t n = 0;
    std::string hash = std::string(k_hash_digits, '0');
    std::uint64_t head = 0;  // number of the last head; 0: none known
    bool closed = false;     // that line is a head and says that no service runs
};

// "7:<hash>", as it can be noted elsewhere.
[[nodiscard]] std::string print(const Place& place);
[[nodiscard]] std::optional<Place> read_place(std::string_view text);

// Each gives a line with its line feed and moves the place behind it. `event`: one line of JSON.
[[nodiscard]] std::string write_event_line(Place& place, std::string_view event);
// Empty, and nothing is moved, when OpenSSL fails.
[[nodiscard]] std::string write_head_line(Place& place, const AuditKey& key, WallTime recorded, bool closed);

struct Head {
    bool closed = false;
    std::string_view key, signature, signed_text;
};

struct Line {
    std::uint64_t n = 0;
    std::string_view previous, hash;
    std::string_view recorded;  // time
    std::optional<Head> head;   // otherwise an event
};

// Views into the text, which has no line feed. Nothing: no such line, or its own hash is not its text's.
[[nodiscard]] std::optional<Line> read_line(std::string_view text);

// Moves the place behind the line. Error: it does not follow.
[[nodiscard]] Status follow(Place& place, const Line& line);

}  // namespace proctor::watch
