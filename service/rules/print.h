// Content as text for people: a rule in plain English, a rule's program. Both are golden files.
#pragma once

#include <string>

#include "rules/content.h"

namespace proctor::rules {

// "ADC-12 Visible rectal bleeding ... shows a warning when ...", with facts spelled out under it.
[[nodiscard]] std::string print_english(const Content& content, const LoadedRule& rule);
// The compiled operations the rule needs, in order, with their facts.
[[nodiscard]] std::string print_program(const Content& content, const LoadedRule& rule);
// One test in words: "haemoglobin (newest within 7 days) below 70 g/L".
[[nodiscard]] std::string print_test(const Content& content, Slot slot);
// One fact in words.
[[nodiscard]] std::string print_fact(const Content& content, const Fact& fact);

}  // namespace proctor::rules
