// One patient's data from a document of either kind: a FHIR Bundle, or a CDS Hooks request of any hook that is served.
// It knows no files.
#pragma once

#include <string_view>

#include "base/result.h"
#include "fhir/read.h"
#include "hooks/answer.h"

namespace proctor::batch {

// A request has its own envelope. A Bundle comes from no hook call: its envelope has this hook (empty: all rules run),
// and the same instance on every run. Errors as in fhir/read.h, and where the service would refuse the request: why.
[[nodiscard]] Result<fhir::HookDocument> read_chart(const fhir::PaddedJson& json, const hooks::Engine& engine,
                                                    const hooks::Settings& settings, std::string_view hook);

}  // namespace proctor::batch
