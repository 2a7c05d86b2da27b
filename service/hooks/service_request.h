// A ServiceRequest draft in FHIR R4 JSON.
#pragma once

#include <string>
#include <vector>

#include "rules/model.h"

namespace proctor::hooks {

struct DraftRequest {
    const rules::Order& order;
    std::string subject;    // "Patient/1"
    std::string encounter;  // "Encounter/1" or empty
    std::string authoredOn;
    std::vector<std::string> reasonReference;  // Condition and Observation alone (R4)
    std::vector<std::string> supportingInfo;
};

[[nodiscard]] std::string write_service_request(const DraftRequest& draft);

}  // namespace proctor::hooks
