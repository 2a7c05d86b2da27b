// Pieces of the English of tests and facts, over any Program: that of the content, or of one rule compiled
// for printing.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "rules/content.h"

namespace proctor::rules {

// One test on one line; a named condition by its title.
[[nodiscard]] std::string test_words(const Content& content, const Program& program, Slot slot);
// The same, a named condition spelled out one level.
[[nodiscard]] std::string test_words_spelled_out(const Content& content, const Program& program, Slot slot);
// What makes the fact hold, without its title: "an active Condition of any age, or ...".
[[nodiscard]] std::string fact_words(const Content& content, const Fact& fact);

// What a threshold of the fact is counted in, as a clinician reads it, after a space: " g/L"; empty for a ratio.
[[nodiscard]] std::string unit_words(const Content& content, const Fact& fact);

// The title of the condition that the slot computes; empty for an inner operation.
[[nodiscard]] std::string condition_title(const Content& content, const Program& program, Slot slot);
// Adds the slot and every slot it is computed from.
void add_needed(const Program& program, Slot slot, std::set<Slot>& needed);

// "30 days"; "this encounter".
[[nodiscard]] std::string window_words(Duration window);
[[nodiscard]] const QuantityKind* find_quantity(const Content& content, const std::string& id);
// "a, b or c"
[[nodiscard]] std::string join(const std::vector<std::string>& words, const std::string& last);

}  // namespace proctor::rules
