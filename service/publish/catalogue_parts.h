// Inside of catalogue.h: its pages, one function each.
#pragma once

#include <string>
#include <string_view>

#include "rules/describe.h"

namespace proctor::publish {

// A page with head, navigation and `body` (HTML).
[[nodiscard]] std::string page(const rules::Content& content, std::string_view title, std::string_view body);

// One rule, as a section of index.html.
[[nodiscard]] std::string rule_section(const rules::Content& content, const rules::LoadedRule& loaded);
// Every named condition and every fact that rules rest on.
[[nodiscard]] std::string terms_body(const rules::Content& content);
// Every value set with its codes.
[[nodiscard]] std::string codes_body(const rules::Content& content);

// A test as nested lists.
[[nodiscard]] std::string outline_html(const rules::Outline& outline);
// How urgent a card is, as a word with a colour.
[[nodiscard]] std::string badge(rules::Indicator indicator);

[[nodiscard]] std::string_view style_sheet();

}  // namespace proctor::publish
