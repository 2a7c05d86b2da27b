// Dates relative to an instant in hand-written FHIR: any string "${-P3D}" becomes that long before `asOf` as
// a dateTime in UTC ("${P1D}": after it), "${date:-P3D}" its date, "${month:-P60D}" its month. Used by rule
// cases and by fhir-fixtures/.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "fhir/instant.h"

namespace proctor::rules {

// The JSON document with every such string replaced; member order is kept. Error: malformed JSON or an
// unreadable template, with its JSON Pointer.
Result<std::string> render_template(std::string_view json, fhir::Instant as_of);

}  // namespace proctor::rules
