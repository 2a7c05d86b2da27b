// What a fact reads from the chart, in the terms of FHIR's DataRequirement (R4, 4.0.1): resource type, element, codes,
// window. For people and for export; looking facts up does not use it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/content.h"

namespace proctor::publish {

struct DataNeed {
    std::string type;                                        // "Observation"
    std::string path;                                        // "code", "medication", "birthDate"
    std::vector<std::string> valueSets;                      // ids of value sets
    std::vector<std::pair<std::string, std::string>> codes;  // single codes beside them: system, code
    std::string datePath;                                    // "effective"; empty without a window
    std::optional<rules::Duration> within;
};

[[nodiscard]] std::vector<DataNeed> data_needs(const rules::Content& content, const rules::Fact& fact);

// Ids of all value sets that a rule reads or suggests from, sorted, no duplicates.
[[nodiscard]] std::vector<std::string> value_sets_of(const rules::Content& content, const rules::LoadedRule& rule);

}  // namespace proctor::publish
