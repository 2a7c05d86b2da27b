// Templates of dates in an already parsed document (template.h says what they are).
#pragma once

#include "fhir/instant.h"
#include "rules/parse_json.h"

namespace proctor::rules {

// Replaces in place. Error: an unreadable template, `where` being its JSON Pointer.
Status render_node(Node& node, fhir::Instant as_of);

}  // namespace proctor::rules
