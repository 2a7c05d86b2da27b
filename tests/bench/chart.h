// A patient's chart of any size, as an EHR would send it: the patients of fhir-fixtures/ in turn, each as the same
// person's history, 30 days further back, with the members that EHRs add and no rule reads.
#pragma once

#include <string>

#include "fhir/read.h"

namespace proctor::bench {

[[nodiscard]] fhir::Instant now();
[[nodiscard]] const fhir::PrefetchKeys& keys();
// A patient-view request of about this many bytes, without white space.
[[nodiscard]] std::string hook_request(std::size_t bytes);

}  // namespace proctor::bench
