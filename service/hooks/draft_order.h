// An order that a card suggests, as a draft resource of the client's FHIR version: R4 and R5 ServiceRequest; STU3
// ProcedureRequest and ReferralRequest; DSTU2 DiagnosticOrder, ProcedureRequest and ReferralRequest. It knows what each
// version can say, not why an order is suggested.
#pragma once

#include <string>
#include <vector>

#include "fhir/version.h"
#include "rules/model.h"

namespace proctor::hooks {

struct DraftOrder {
    const rules::Order& order;
    std::string subject;    // "Patient/1"
    std::string encounter;  // "Encounter/1" or empty
    std::string authoredOn;
    std::vector<std::string> reasonReference;  // Condition and Observation alone: what every version allows
    std::vector<std::string> supportingInfo;
};

// JSON. DSTU2 has no place for all references: a DiagnosticOrder names the reasons as supporting information, a
// ProcedureRequest the first Condition alone.
[[nodiscard]] std::string write_draft_order(const DraftOrder& draft, fhir::Version version);

}  // namespace proctor::hooks
