// What happens, as typed events: for the operational log (JSON lines), and for whoever else counts or keeps them. Its
// fields are a closed list, so nothing from a patient, no path, header or body can get into it: the only texts are
// written in this program or come from its own configuration.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace proctor {

enum class Event : std::uint8_t {
    started,
    request,
    reloaded,
    reload_refused,
    keys_failed,  // a client's key set did not come; reason: why
    stopping,
    stopped,
    listener_failed,
    internal_error,
    login,      // to the console; reason: "accepted", "refused", "throttled"
    exporting,  // feedback is about to leave the store: whatever ends the process then, this is known
    exported,   // it left; without `rows` it broke off, after any number of them
    restored,   // a backup was put into it
    purged,     // what was too old was deleted; reason: "unfinished" when some is left, or still on the disk
};
[[nodiscard]] std::string_view print(Event event);

// A card of an answer.
struct LoggedCard {
    std::string rule;            // its code
    std::string_view indicator;  // "critical", "warning", "info"
};

struct LogFields {
    std::optional<int> status;  // HTTP
    std::string_view trace;     // trace-id of W3C Trace Context, 32 hex digits: the caller's, or one of our own
    std::string_view hook;      // one of our own hooks; empty: none, or feedback
    std::string_view user;      // of the console, its name in the configuration
    std::string_view service;   // id of one of our own services; empty: none
    bool feedback = false;      // about cards of that service, and no hook
    std::string_view reason;    // a fixed word of this program, such as "busy"
    std::string_view client;    // its id in the configuration
    std::string_view token;     // of the caller: the first 12 hex digits of SHA-256(jti)
    std::string_view fetch;     // why something that was asked of the FHIR server did not come, the first reason
    std::string_view content;   // revision of the rules
    std::string_view where;     // what a reload stumbled over: a file, and the place in it
    std::optional<std::size_t> body_bytes;
    std::optional<std::size_t> cards;
    std::vector<LoggedCard> shown;                                   // those cards
    std::optional<std::size_t> quiet;                                // cards held back, as they were answered before
    std::vector<std::string_view> missing;                           // our own names of sources that nobody supplied
    std::optional<std::size_t> rows;                                 // exported, restored or purged
    std::optional<std::size_t> not_checked;                          // rules that could not be decided
    std::optional<std::size_t> codings, codings_read, codings_lost;  // of the request; lost: of systems nobody reads
    std::optional<std::size_t> drafts;                               // draft rules that fired, silently
    std::optional<std::size_t> withheld;                             // cards that a pilot did not show
    std::optional<std::size_t> fetches, fetches_failed;              // requests to the FHIR server
    std::optional<std::size_t> accepted, overridden;                 // cards, in feedback that was new
    std::optional<std::size_t> unmatched;                            // of these: not shown to this client
    std::optional<std::size_t> repeated;                             // feedback that was kept before
    std::string_view feedback_store;                                 // "away": what was shown could not be recorded
    std::optional<std::int64_t> duration_us;
};

// Safe to use from every thread; never throws.
class Log {
public:
    virtual ~Log() = default;
    virtual void write(Event event, const LogFields& fields) = 0;
    // The same for what must not be without its event, as when something is about to leave. False: a trail that has to
    // hold it does not.
    [[nodiscard]] virtual bool record(Event event, const LogFields& fields) {
        write(event, fields);
        return true;
    }
};

// Lines that go elsewhere. A reader that is slow is waited for, limits::k_log_wait_ms; while it does not read, and when
// it is gone, lines are dropped at once and counted. (The process ignores SIGPIPE.)
class LineLog : public Log {
public:
    [[nodiscard]] virtual std::uint64_t dropped() const = 0;
};

// {"time":"2026-06-15T12:00:00.123Z","event":"request","status":200,...}, one line an event. To an open descriptor,
// such as standard error, which stays open.
[[nodiscard]] std::unique_ptr<LineLog> log_to_descriptor(int descriptor);
// For tests; the stream outlives the log.
[[nodiscard]] std::unique_ptr<Log> log_to(std::ostream& stream);

}  // namespace proctor
