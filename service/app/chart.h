// One patient's data from a file of either kind.
#pragma once

#include <string>

#include "base/result.h"
#include "fhir/record.h"
#include "hooks/answer.h"

namespace proctor::app {

// A FHIR Bundle, or a CDS Hooks request with the client's prefetch keys. Errors as in fhir/read.h.
Result<fhir::Record> read_chart(std::string text, const hooks::Engine& engine, const hooks::Settings& settings);

}  // namespace proctor::app
