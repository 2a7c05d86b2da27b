// A patient's Bundle as the CDS Hooks request an EHR would send for it: each prefetch key that discovery names for the
// hook holds what its search would find. For integrators and the demonstration; it reads no clinical meaning.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "fhir/instant.h"

namespace proctor::app {

struct HookRequest {
    std::string json;          // a request for the hook, with the keys of discovery
    std::size_t left_out = 0;  // resources that no search of discovery would find
};

// `bundle`: FHIR JSON, or a template of rules/template.h; numbers keep their digits. hookInstance is
// derived from the patient and the instant, so the same call gives the same request. `context`: a JSON object, or a
// template, of further members of the context (draftOrders, encounterId, ...); may be empty. Error: no Bundle, no
// Patient with an id, no such hook, no object.
Result<HookRequest> make_hook_request(std::string_view bundle, std::string_view hook, fhir::Instant as_of,
                                      std::string_view context = {});

}  // namespace proctor::app
