#include "fhir/age.h"

namespace proctor::fhir {
namespace {

using namespace std::chrono;

// A 29 February that the year lacks is the day after its 28th.
local_days birthday(const year_month_day& born, year in) { return local_days{in / born.month() / born.day()}; }

}  // namespace

Micro age_on(local_days day, local_days born) {
    constexpr Micro k_one = 1'000'000;
    const year_month_day birth{born};
    year last = year_month_day{day}.year();
    if (birthday(birth, last) > day) --last;
    const local_days since = birthday(birth, last), until = birthday(birth, last + years{1});
    return (last - birth.year()).count() * k_one + (day - since).count() * k_one / (until - since).count();
}

int months_on(local_days day, local_days born) {
    const year_month_day today{day}, birth{born};
    const months passed = today.year() / today.month() - birth.year() / birth.month();
    return static_cast<int>(passed.count()) - (today.day() < birth.day() ? 1 : 0);
}

}  // namespace proctor::fhir
