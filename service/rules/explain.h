// Why a rule fired or did not, for one patient: every test of the rule, its truth value, and the resources it used.
// Contains patient data: for the console and the command line, never for logs.
#pragma once

#include <string>

#include "rules/evaluate.h"

namespace proctor::rules {

// Plain text, one line a test, indented as the rule nests. An outcome without slots is that of a deceased patient.
[[nodiscard]] std::string explain(const Content& content, const LoadedRule& rule, const Outcome& outcome,
                                  const fhir::Record& record);

}  // namespace proctor::rules
