// Dates as a card says them: in the site's zone and no more exact than the chart was.
#pragma once

#include <string>

#include "fhir/instant.h"

namespace proctor::hooks {

// "15 Jun 2026 14:00", "15 Jun 2026", "Jun 2026", "2026"; another interval as "10 Jun 2026 to 12 Jun 2026".
[[nodiscard]] std::string print_date(const fhir::TimeSpan& span, const fhir::Zone& zone);

}  // namespace proctor::hooks
