// The searches that a service needs, as CDS Hooks prefetch templates: what discovery asks the EHR for, and what is
// fetched where the EHR did not bring it.
#pragma once

#include <string>
#include <vector>

#include "hooks/hook_table.h"
#include "hooks/settings.h"

namespace proctor::hooks {

inline constexpr std::string_view k_patient_token = "{{context.patientId}}";

struct PrefetchQuery {
    std::string key;
    fhir::Source source{};
    std::string query;  // relative to the FHIR server; holds k_patient_token once
};

// Every search of the service, under the client's names.
[[nodiscard]] std::vector<PrefetchQuery> searches_of(const Service& service, const Settings& settings,
                                                     fhir::Version version);

}  // namespace proctor::hooks
