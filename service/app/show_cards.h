// A CDS Hooks answer as a person reads it in a terminal.
#pragma once

#include <string>

#include "app/markdown.h"
#include "rules/parse_json.h"

namespace proctor::app {

// {"cards": [...]} or an OperationOutcome. Anything else gives nothing.
[[nodiscard]] std::string show_answer(const rules::Node& answer, const Screen& screen);

}  // namespace proctor::app
