#include "hooks/date_words.h"

#include <array>
#include <chrono>

namespace proctor::hooks {
namespace {

using namespace std::chrono;
using fhir::Instant;
using fhir::Zone;

struct Local {
    year_month_day day{};
    fhir::Duration time{};  // since the local midnight by the clock on the wall
};

std::optional<Instant> midnight(const year_month_day& day, const Zone& zone) {
    return zone.start_of_day(static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                             static_cast<unsigned>(day.day()));
}

// The wall clock may have been changed since midnight: then the time elapsed is not the time shown.
fhir::Duration wall_time(const year_month_day& day, const Zone& zone, Instant instant, fhir::Duration elapsed) {
    for (const auto shift : {0, 30, 60, 120, -30, -60, -120}) {
        const auto time = elapsed + minutes(shift);
        if (time < time.zero() || time >= hours(24)) continue;
        const auto shown = zone.local(static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                                      static_cast<unsigned>(day.day()), time);
        if (shown == instant) return time;
    }
    return elapsed;
}

Local localize(Instant instant, const Zone& zone) {
    const auto utc = floor<days>(instant);
    for (const auto offset : {days(1), days(0), days(-1)}) {
        const year_month_day day{utc + offset};
        const auto start = midnight(day, zone);
        if (start && *start <= instant) return {day, wall_time(day, zone, instant, instant - *start)};
    }
    return {year_month_day{utc}, instant - utc};
}

std::string two_digits(long long value) { return (value < 10 ? "0" : "") + std::to_string(value); }

std::string print_month(const year_month_day& day) {
    constexpr std::array<const char*, 12> k_months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return std::string(k_months[(static_cast<unsigned>(day.month()) - 1) % 12]) + ' ' +
           std::to_string(static_cast<int>(day.year()));
}

std::string print_day(const year_month_day& day) {
    return std::to_string(static_cast<unsigned>(day.day())) + ' ' + print_month(day);
}

std::string print_time(const Local& local) {
    const auto minutes_of_day = duration_cast<minutes>(local.time).count();
    return print_day(local.day) + ' ' + two_digits(minutes_of_day / 60) + ':' + two_digits(minutes_of_day % 60);
}

}  // namespace

std::string print_date(const fhir::TimeSpan& span, const Zone& zone) {
    const Local first = localize(span.earliest, zone);
    if (span.earliest == span.latest) return print_time(first);
    const auto is_start = [&](const year_month_day& day) { return midnight(day, zone) == span.latest; };
    const year_month_day next{sys_days(first.day) + days(1)};
    if (is_start(next)) return print_day(first.day);
    const bool whole_days = first.time == first.time.zero();
    if (whole_days && first.day.day() == day(1) && is_start(first.day + months(1))) return print_month(first.day);
    if (whole_days && first.day == first.day.year() / January / 1 && is_start(first.day + years(1))) {
        return std::to_string(static_cast<int>(first.day.year()));
    }
    return print_day(first.day) + " to " + print_day(localize(span.latest, zone).day);
}

}  // namespace proctor::hooks
