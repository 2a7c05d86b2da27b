// A record as it was at an earlier instant: for looking back at a real chart without knowing the future.
#pragma once

#include "fhir/record.h"

namespace proctor::batch {

// Drops what certainly was recorded or took effect after `as_of`: Conditions (recorded or onset), Observations,
// Procedures, requests and medications by their time. An entry without a time, or whose date may lie before, stays. An
// abatement after `as_of` had not happened: it is taken back, and a Condition that it closed is active again. Charts
// keep no history of a status that has no date, so such a status stays.
void drop_after(fhir::Record& record, fhir::Instant as_of);

}  // namespace proctor::batch
