// The discovery document (CDS Hooks 3.0, Discovery).
#pragma once

#include <string>

#include "hooks/settings.h"
#include "rules/content.h"

namespace proctor::hooks {

// {"services": [...]}, of the hooks that the client's EHR fires. Prefetch queries are those of the configured FHIR
// version, else of R4, under the client's own keys. They stay in the recommended subset, name each parameter once and
// use only {{context.patientId}}, which 2.0 clients resolve too. Says so when the content is not approved.
[[nodiscard]] std::string write_discovery(const rules::Content& content, const Settings& settings);

}  // namespace proctor::hooks
