// The smallest difference that the writer of a threshold had in mind: one of its last place, 70 -> 1, 37.5 -> 0.1.
#pragma once

#include "fhir/decimal.h"

namespace proctor::rules {

[[nodiscard]] constexpr fhir::Micro step_of(fhir::Micro threshold) {
    fhir::Micro step = 1'000'000;
    while (step > 1 && threshold % step != 0) step /= 10;
    return step;
}

}  // namespace proctor::rules
