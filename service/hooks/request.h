// A CDS Hooks request as this service understands it: the envelope judged against the specification (CDS Hooks 3.0,
// HTTP Request and the hook's context table), and whether enough data came to decide anything. It knows no HTTP library
// and no cards.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fhir/read.h"

namespace proctor::hooks {

// Why a request was not answered with cards: an HTTP status and an OperationOutcome (FHIR R4, 4.0.1 OperationOutcome).
struct Fault {
    std::string
        code;  // issue-type: structure, value, required, not-found, too-long, not-supported, incomplete, exception
    std::string diagnostics;  // one sentence, no patient data
    std::string expression;   // "Request.context.patientId", may be empty
};
struct Refusal {
    int status = 400;
    std::vector<Fault> faults;  // at least one
};

// For a request that came to no endpoint: whichever service has its hook.
inline constexpr std::string_view k_any_service;

// Every fault of the envelope, not only the first; nothing when it may be answered. `service` is the id of the
// endpoint, which takes any of its hooks. Liberal where EHRs deviate: "Patient/123" in patientId, `selection` for
// `selections`, trailing slash in fhirServer, a missing optional member, unknown members. 400, or 412 when it has no
// fault but its token is for another patient.
[[nodiscard]] std::optional<Refusal> check_envelope(const fhir::HookEnvelope& envelope, std::string_view service);

// 412 (CDS Hooks 3.0, Prefetch: required data neither in prefetch nor fetchable), naming the prefetch keys that are
// missing: only when Patient, or both Condition and every Observation search, cannot be had.
[[nodiscard]] std::optional<Refusal> check_supply(const fhir::HookDocument& document, const fhir::PrefetchKeys& keys);

[[nodiscard]] std::string write_operation_outcome(const Refusal& refusal);

}  // namespace proctor::hooks
