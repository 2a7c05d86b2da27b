// The rule author's compiler: content that loads is run against its own cases. A service does this at start,
// `proctor check` at the desk.
#pragma once

#include <string>
#include <vector>

#include "rules/content.h"
#include "rules/coverage.h"
#include "rules/facts.h"

namespace proctor::rules {

struct CheckReport {
    std::vector<Error> errors;  // a case that does not come out as expected, with file and JSON Pointer
    std::vector<Error> gaps;    // what no case touches, and which case to add (coverage.h)
    std::vector<std::string> warnings;
    std::vector<RuleCoverage> coverage;  // by rule
    std::size_t cases = 0;
};

[[nodiscard]] CheckReport check_content(const Content& content, const FactLookup& lookup);

}  // namespace proctor::rules
