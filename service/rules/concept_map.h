// A site's code maps, FHIR R4 ConceptMap files, read and checked against the content: every target must be a code that
// the content knows, no two statements may contradict each other. It knows no configuration.
#pragma once

#include <string>
#include <vector>

#include "fhir/code_map.h"
#include "rules/content.h"

namespace proctor::rules {

struct MapFile {
    std::string name;  // for errors
    std::string text;
};

struct SiteMap {
    fhir::CodeMap codes;
    std::size_t count = 0;              // local codes that mean something to the content
    std::vector<std::string> warnings;  // entries that are not used, with file and JSON Pointer
};

// FHIR R4, ConceptMapEquivalence (of the target, seen from the source): equal, equivalent, wider and subsumes keep what
// the content needs, since all that the local code says is also what the target says. unmatched and disjoint: known to
// mean nothing here. narrower, specializes, inexact and relatedto would say more than the chart does: not used, with a
// warning. `source` may hold one `*` (fhir::SystemPattern). From a system that the content reads: only RxNorm
// relations, product to ingredient.
Result<SiteMap> read_concept_maps(const std::vector<MapFile>& files, const Content& content);

}  // namespace proctor::rules
