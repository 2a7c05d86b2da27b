// Small faults planted in content, one at a time, to see whether the cases of its rules notice: a comparison turned or
// moved by a step, a window a step longer or shorter, another level of a card, a code that is no longer known.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "rules/content.h"

namespace proctor::rules {

enum class MutantKind : std::uint8_t { comparison, window, indicator, code };
inline constexpr std::size_t k_mutant_kinds = 4;
[[nodiscard]] std::string_view print(MutantKind kind);

struct Mutant {
    MutantKind kind{};
    std::string where;              // file and JSON Pointer
    std::string change;             // "haemoglobin lt 70 becomes le 70"
    std::string remedy;             // the case that would notice
    std::set<std::uint32_t> rules;  // whose cases could notice: those that use what is changed
    std::string code;               // kind code: what a case that could notice contains, as JSON
    std::function<void()> flip;     // plants the fault; once more: takes it out
};

// Every mutant of the content's active and draft rules. They refer to `content`, where they are planted: comparisons
// in the rules and conditions (compile again), windows in content.program.facts, codes in content.codes.
[[nodiscard]] std::vector<Mutant> mutants_of(Content& content);

}  // namespace proctor::rules
