// More liberal than FHIR R4 in three points, because charts are: a dateTime without an offset is read in the given
// zone, seconds may be missing, and the colon of an offset may be. Stricter in none. Fractions of a second beyond
// milliseconds are dropped.
#include "fhir/instant.h"

#include <date/tz.h>

#include <limits>

namespace proctor::fhir {
namespace {

using std::chrono::milliseconds;
constexpr Duration k_day = std::chrono::hours{24};

// Reads a text from the left; every step says whether it fitted.
class Scan {
public:
    explicit Scan(std::string_view text) : rest_(text) {}
    [[nodiscard]] bool done() const { return rest_.empty(); }
    [[nodiscard]] char next() const { return rest_.empty() ? '\0' : rest_.front(); }
    bool take(char c) {
        if (next() != c || rest_.empty()) return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool digit(int& value) {
        if (next() < '0' || next() > '9') return false;
        value = rest_.front() - '0';
        rest_.remove_prefix(1);
        return true;
    }
    bool digits(int count, int& value) {
        value = 0;
        for (int d = 0; count > 0; --count) {
            if (!digit(d)) return false;
            value = value * 10 + d;
        }
        return true;
    }

private:
    std::string_view rest_;
};

struct DayTime {
    int year = 0, month = 0, day = 0;  // month, day 0: not given
    bool has_time = false;
    bool has_seconds = false;
    milliseconds time{};
    std::optional<milliseconds> offset;
};

bool scan_fraction(Scan& scan, milliseconds& time) {
    int d = 0;
    if (!scan.digit(d)) return false;
    int weight = 100;
    do {
        time += milliseconds{d * weight};
        weight /= 10;
    } while (scan.digit(d));
    return true;
}

bool scan_clock(Scan& scan, DayTime& out) {
    int hour = 0, minute = 0, second = 0;
    if (!scan.digits(2, hour) || !scan.take(':') || !scan.digits(2, minute)) return false;
    out.has_seconds = scan.take(':');
    if (out.has_seconds && !scan.digits(2, second)) return false;
    if (hour > 23 || minute > 59 || second > 60) return false;
    if (second == 60) second = 59;
    out.time = std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
    return !(out.has_seconds && scan.take('.')) || scan_fraction(scan, out.time);
}

bool scan_offset(Scan& scan, DayTime& out) {
    if (scan.done()) return true;
    if (scan.take('Z')) {
        out.offset = milliseconds{0};
        return true;
    }
    const bool west = scan.take('-');
    int hour = 0, minute = 0;
    if ((!west && !scan.take('+')) || !scan.digits(2, hour)) return false;
    scan.take(':');
    if (!scan.digits(2, minute)) return false;
    if (hour > 14 || minute > 59 || (hour == 14 && minute > 0)) return false;
    const milliseconds offset = std::chrono::hours{hour} + std::chrono::minutes{minute};
    out.offset = west ? -offset : offset;
    return true;
}

std::optional<DayTime> scan_day_time(std::string_view text) {
    Scan scan(text);
    DayTime out;
    if (!scan.digits(4, out.year) || out.year == 0) return std::nullopt;
    if (scan.take('-')) {
        if (!scan.digits(2, out.month) || out.month < 1 || out.month > 12) return std::nullopt;
        if (scan.take('-') && (!scan.digits(2, out.day) || out.day < 1)) return std::nullopt;
    }
    out.has_time = out.day != 0 && scan.take('T');
    if (out.has_time && (!scan_clock(scan, out) || !scan_offset(scan, out))) return std::nullopt;
    if (!scan.done()) return std::nullopt;
    return out;
}

std::optional<date::local_days> calendar_day(int year, unsigned month, unsigned day) {
    const date::year_month_day ymd{date::year{year}, date::month{month}, date::day{day}};
    if (!ymd.ok()) return std::nullopt;
    return date::local_days{ymd};
}

Instant utc(date::local_days day, milliseconds time) { return Instant{day.time_since_epoch() + time}; }

std::optional<TimeSpan> exactly(std::optional<Instant> instant) {
    if (!instant) return std::nullopt;
    return TimeSpan{*instant, *instant};
}

std::optional<TimeSpan> between(std::optional<Instant> from, std::optional<Instant> until) {
    if (!from || !until) return std::nullopt;
    return TimeSpan{*from, *until};
}

std::optional<TimeSpan> whole_day(const DayTime& at, const Zone& zone) {
    const auto day = calendar_day(at.year, static_cast<unsigned>(at.month), static_cast<unsigned>(at.day));
    if (!day) return std::nullopt;
    const date::year_month_day next{*day + date::days{1}};
    return between(zone.start_of_day(at.year, static_cast<unsigned>(at.month), static_cast<unsigned>(at.day)),
                   zone.start_of_day(int(next.year()), unsigned(next.month()), unsigned(next.day())));
}

std::optional<TimeSpan> point(const DayTime& at, const Zone& zone) {
    const auto month = static_cast<unsigned>(at.month), day = static_cast<unsigned>(at.day);
    if (!at.offset) return exactly(zone.local(at.year, month, day, at.time));
    const auto date = calendar_day(at.year, month, day);
    if (!date) return std::nullopt;
    return exactly(utc(*date, at.time - *at.offset));
}

struct DurationUnit {
    char letter;
    bool after_t;
    milliseconds length;
};
constexpr DurationUnit k_duration_units[] = {{'W', false, 7 * k_day},
                                             {'D', false, k_day},
                                             {'H', true, std::chrono::hours{1}},
                                             {'M', true, std::chrono::minutes{1}}};

// At least so many, with zeros in front.
void append_digits(std::string& out, std::int64_t number, std::size_t digits) {
    const std::string text = std::to_string(number);
    if (text.size() < digits) out.append(digits - text.size(), '0');
    out += text;
}

std::string counted(std::int64_t count, std::string_view unit) {
    std::string text = std::to_string(count) + " ";
    text += unit;
    if (count != 1) text += 's';
    return text;
}

}  // namespace

Result<Zone> Zone::named(std::string_view iana_name) {
    try {
        Zone zone;
        if (iana_name != "UTC") zone.zone_ = date::locate_zone(std::string(iana_name));
        return zone;
    } catch (const std::exception&) {
        return Error{"not a time zone of the IANA database", std::string(iana_name)};
    }
}

std::string_view Zone::name() const {
    if (zone_ == nullptr) return "UTC";
    return static_cast<const date::time_zone*>(zone_)->name();
}

std::optional<Instant> Zone::local(int year, unsigned month, unsigned day, Duration time_of_day) const {
    const auto date = calendar_day(year, month, day);
    if (!date) return std::nullopt;
    if (zone_ == nullptr) return utc(*date, time_of_day);
    // A time that the clock skips is the moment of the change; one that it shows twice is the first of the two.
    const auto* zone = static_cast<const date::time_zone*>(zone_);
    const auto local = date::local_time<milliseconds>{date->time_since_epoch()} + time_of_day;
    return Instant{zone->to_sys(local, date::choose::earliest).time_since_epoch()};
}

std::optional<Instant> Zone::start_of_day(int year, unsigned month, unsigned day) const {
    return local(year, month, day, Duration{0});
}

std::chrono::local_days Zone::day_of(Instant instant) const {
    const auto* zone = static_cast<const date::time_zone*>(zone_);
    const auto shown = zone == nullptr ? instant.time_since_epoch() : zone->to_local(instant).time_since_epoch();
    return std::chrono::local_days{std::chrono::floor<std::chrono::days>(shown)};
}

std::optional<TimeSpan> read_time(std::string_view text, const Zone& zone) {
    const auto at = scan_day_time(text);
    if (!at) return std::nullopt;
    if (at->has_time) return point(*at, zone);
    if (at->day != 0) return whole_day(*at, zone);
    const auto month = static_cast<unsigned>(at->month);
    if (month == 0) return between(zone.start_of_day(at->year, 1, 1), zone.start_of_day(at->year + 1, 1, 1));
    const bool december = month == 12;
    return between(zone.start_of_day(at->year, month, 1),
                   zone.start_of_day(at->year + (december ? 1 : 0), december ? 1 : month + 1, 1));
}

Result<Instant> read_instant(std::string_view text) {
    const auto at = scan_day_time(text);
    if (!at || !at->has_seconds || !at->offset) {
        return Error{"an instant is written like 2026-06-15T12:00:00Z, with an offset or Z", ""};
    }
    const auto span = point(*at, Zone{});
    if (!span) return Error{"the calendar has no such day", ""};
    return span->earliest;
}

std::string print_instant(Instant instant) {
    const auto day = date::floor<date::days>(instant);
    const date::year_month_day on{day};
    const date::hh_mm_ss time{instant - day};
    std::string printed;
    append_digits(printed, static_cast<int>(on.year()), 4);
    append_digits(printed.append(1, '-'), static_cast<unsigned>(on.month()), 2);
    append_digits(printed.append(1, '-'), static_cast<unsigned>(on.day()), 2);
    append_digits(printed.append(1, 'T'), time.hours().count(), 2);
    append_digits(printed.append(1, ':'), time.minutes().count(), 2);
    append_digits(printed.append(1, ':'), time.seconds().count(), 2);
    if (time.subseconds() != milliseconds{0}) append_digits(printed.append(1, '.'), time.subseconds().count(), 3);
    return printed.append(1, 'Z');
}

Result<Duration> read_duration(std::string_view text) {
    const Error error{"a duration is written like P30D, P2W, PT60M or P1DT12H (no months or years)", ""};
    Scan scan(text);
    if (!scan.take('P') || scan.done()) return error;
    Duration total{0};
    bool after_t = false;
    const DurationUnit* unit = std::begin(k_duration_units);
    while (!scan.done()) {
        if (!after_t && scan.take('T')) after_t = true;
        int value = 0, d = 0;
        if (!scan.digit(value)) return error;
        while (scan.digit(d)) {
            if (value > 1'000'000) return error;
            value = value * 10 + d;
        }
        while (unit != std::end(k_duration_units) && (unit->after_t != after_t || unit->letter != scan.next())) ++unit;
        if (unit == std::end(k_duration_units)) return error;
        scan.take(unit->letter);
        total += value * unit->length;
        ++unit;
    }
    return total;
}

// Clinicians count to three days in hours and to one hour in minutes.
std::string print_duration(Duration duration) {
    const auto count = [&](Duration unit) { return static_cast<std::int64_t>(duration / unit); };
    const auto whole = [&](Duration unit) { return duration % unit == Duration{0}; };
    if (whole(k_day) && duration > 3 * k_day) return counted(count(k_day), "day");
    if (whole(std::chrono::hours{1}) && duration > std::chrono::hours{1})
        return counted(count(std::chrono::hours{1}), "hour");
    if (whole(std::chrono::minutes{1})) return counted(count(std::chrono::minutes{1}), "minute");
    return counted(count(std::chrono::seconds{1}), "second");
}

}  // namespace proctor::fhir
