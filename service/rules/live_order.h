// Whether an order stands: it counts for a time only, a draft always, a prohibition never.
#pragma once

#include "rules/content.h"

namespace proctor::rules {

// Neither forbidden nor too old at `now` to prove that it happens; one without a date is not too old. Its status is not
// looked at.
[[nodiscard]] bool order_counts(const fhir::Record& record, const fhir::ServiceRequest& request, fhir::Instant now,
                                fhir::Duration within);

// Such an order that is active, on hold or a draft.
[[nodiscard]] bool is_live_order(const fhir::Record& record, const fhir::ServiceRequest& request, fhir::Instant now,
                                 fhir::Duration within);

// Such an order, not older than orders count, has a code of what satisfies `order`: it is not suggested again.
[[nodiscard]] bool is_satisfied(const Content& content, const fhir::Record& record, fhir::Instant now,
                                const Order& order);

}  // namespace proctor::rules
