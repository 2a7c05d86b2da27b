// Age as people and guidelines count it: by the calendar, so that it is a whole number on every birthday. It knows no
// zones and no instants: whoever asks says which day it is where the patient lives.
#pragma once

#include <chrono>

#include "fhir/decimal.h"

namespace proctor::fhir {

// Completed years, and the part of the running one that has passed: days since the last birthday / days from it to the
// next, in millionths rounded down. Somebody born on 29 February has the birthday of common years on 1 March. Negative
// before the birth.
[[nodiscard]] Micro age_on(std::chrono::local_days day, std::chrono::local_days born);

// Completed months; a day of the month that a month lacks is the first day of the next.
[[nodiscard]] int months_on(std::chrono::local_days day, std::chrono::local_days born);

}  // namespace proctor::fhir
