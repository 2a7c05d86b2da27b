// Chart text as patterns of words read it. It knows no pattern.
#pragma once

#include <string>
#include <string_view>

namespace proctor::rules {

// Without accents, without characters that show nothing (soft hyphens, zero width), with one "-" for every dash, "'"
// for every apostrophe and one blank for blanks of any kind; line and paragraph separators are line feeds. The text
// itself where it reads so already, else written to `room`, in which the result lies. UTF-8; what is none is left as it
// is.
[[nodiscard]] std::string_view fold(std::string_view utf8, std::string& room);

}  // namespace proctor::rules
