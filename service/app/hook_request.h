// A patient's Bundle as the CDS Hooks request an EHR would send for it: each prefetch key holds what its
// search would find. For integrators and the demonstration; it reads no clinical meaning.
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
// derived from the patient and the instant, so the same call gives the same request. Error: no Bundle, no
// Patient with an id.
Result<HookRequest> make_hook_request(std::string_view bundle, std::string_view hook, fhir::Instant as_of);

}  // namespace proctor::app
