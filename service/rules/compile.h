// Rules to a Program: each test becomes an operation, equal operations become one, operands come before what
// uses them.
#pragma once

#include "rules/content.h"

namespace proctor::rules {

// All active and draft rules. Requires content whose names are resolved.
[[nodiscard]] Program compile(const Content& content);
// One rule, whatever its status: for printing.
[[nodiscard]] Program compile_rule(const Content& content, std::uint32_t rule);

}  // namespace proctor::rules
