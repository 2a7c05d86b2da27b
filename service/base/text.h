// Text from outside: UTF-8, control characters and letters in one case; and made safe for a card, Markdown and HTML. It
// knows nothing of FHIR.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace proctor {

// A to Z as a to z; every other byte stays.
[[nodiscard]] std::string lower(std::string text);

// Equal but for A to Z and a to z.
[[nodiscard]] bool same_letters(std::string_view a, std::string_view b);

// Characters (code points) of valid UTF-8.
[[nodiscard]] std::size_t characters(std::string_view utf8);

// With U+FFFD for each byte that is no UTF-8, and for NUL.
[[nodiscard]] std::string replace_invalid(std::string_view utf8);

// At most `limit` characters, cut at a character with an ellipsis when something was cut.
[[nodiscard]] std::string shorten(std::string_view utf8, std::size_t limit);

// Chart text for a GitHub Flavored Markdown detail: shows literally, on one line. Escapes every Markdown and HTML
// active character, breaks autolinks, turns control characters and newlines into spaces, drops bidirectional overrides
// and zero-width characters.
[[nodiscard]] std::string escape_markdown(std::string_view utf8);

}  // namespace proctor
