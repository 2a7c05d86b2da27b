// FHIR date, dateTime and instant as what they really say: an interval of time. It knows the lexical forms of FHIR R4
// (section 2.24.0.1) and time zones; it knows nothing of clinical windows and never asks what time it is.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace proctor::fhir {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;

// All a date says: something happened at or after `earliest` and before or at `latest`. A dateTime with a time has
// both equal; "2026-06" runs from the first instant of the month to the first instant of the next.
struct TimeSpan {
    Instant earliest{};
    Instant latest{};
    friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

// The IANA zone in which a value without an offset is read: the patient's or the facility's. UTC when default-made.
// Refers to the process-wide zone data; cheap to copy.
class Zone {
public:
    Zone() = default;
    static Result<Zone> named(std::string_view iana_name);
    [[nodiscard]] std::string_view name() const;
    // First instant of a local day; a day the calendar lacks (30 February) gives nothing.
    [[nodiscard]] std::optional<Instant> start_of_day(int year, unsigned month, unsigned day) const;
    [[nodiscard]] std::optional<Instant> local(int year, unsigned month, unsigned day, Duration time_of_day) const;
    [[nodiscard]] std::chrono::local_days day_of(Instant instant) const;  // what the calendar on the wall shows

private:
    const void* zone_ = nullptr;  // date::time_zone, kept out of this header; nullptr is UTC
};

// A FHIR date or dateTime: YYYY, YYYY-MM, YYYY-MM-DD or with time and optional offset. Second 60 is read as 59.
// Anything else, and any impossible date, gives nothing.
[[nodiscard]] std::optional<TimeSpan> read_time(std::string_view text, const Zone& zone);

// An instant given by a person or a configuration: a full date and time with offset or Z.
Result<Instant> read_instant(std::string_view text);

// "2026-06-15T12:00:00Z" (milliseconds only when they are not zero), in UTC.
[[nodiscard]] std::string print_instant(Instant instant);

// An ISO 8601 duration of weeks, days, hours, minutes: "P30D", "PT60M", "P2W". No months or years: their length varies.
Result<Duration> read_duration(std::string_view text);
// The plain words: "30 days", "60 minutes", "72 hours".
[[nodiscard]] std::string print_duration(Duration duration);

}  // namespace proctor::fhir
