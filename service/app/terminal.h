// The terminal that standard output is, if it is one.
#pragma once

#include "app/markdown.h"

namespace proctor::app {

// As wide as the terminal, 60 to 100, and with colours; without a terminal 90 and none.
[[nodiscard]] Screen terminal();

}  // namespace proctor::app
