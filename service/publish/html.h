// Text as HTML.
#pragma once

#include <string>
#include <string_view>

namespace proctor::publish {

// For element content and attribute values in double quotes.
[[nodiscard]] std::string escape_html(std::string_view text);
// "<tag>escaped text</tag>"
[[nodiscard]] std::string element(std::string_view tag, std::string_view text);
// A link; both escaped. `href` is ours, never from a chart.
[[nodiscard]] std::string link(std::string_view href, std::string_view text);
// A title as a fragment of an address: "FIT at or above 10" -> "fit-at-or-above-10"
[[nodiscard]] std::string anchor_of(std::string_view title);

}  // namespace proctor::publish
