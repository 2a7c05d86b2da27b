// JSON with // comments, as the configuration files of the command line are written. It knows no JSON beyond strings.
#pragma once

#include <string>
#include <string_view>

namespace proctor::app {

// Blanks // comments outside strings, so that places in the text stay.
[[nodiscard]] std::string without_comments(std::string_view text);

}  // namespace proctor::app
