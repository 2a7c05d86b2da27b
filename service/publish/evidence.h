// evidence.md of a rule: a heading, sections, paragraphs and bullets.
#pragma once

#include <string>
#include <string_view>

namespace proctor::publish {

// The text under "## <heading>", trimmed; empty when there is none.
[[nodiscard]] std::string section_of(std::string_view evidence, std::string_view heading);

// The same as HTML: headings one level below <h3>, paragraphs, lists. Everything else shows literally.
[[nodiscard]] std::string evidence_html(std::string_view evidence);

}  // namespace proctor::publish
