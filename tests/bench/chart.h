// A patient's chart of any size, as an EHR would send it: the patients of fhir-fixtures/ in turn, each as the same
// person's history, each further back, with the members that EHRs add and no rule reads.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "fhir/read.h"

namespace proctor::bench {

[[nodiscard]] fhir::Instant now();  // always the same
[[nodiscard]] const fhir::PrefetchKeys& keys();
// The names of those of fhir-fixtures/, in order.
[[nodiscard]] std::vector<std::string> patients();

struct Chart {
    std::size_t bytes = 0;                             // about so many
    std::chrono::hours apart{30 * 24};                 // between the patients; 0: everything is the matter at once
    std::string first = "bleeding-at-the-thresholds";  // the patient who is taken first
    std::size_t of_each = 0;                           // resources taken of a patient, the newest; 0: all
    fhir::Instant now = bench::now();
};
// A patient-view request, without white space. The same chart gives the same bytes.
[[nodiscard]] std::string hook_request(const Chart& chart);

}  // namespace proctor::bench
