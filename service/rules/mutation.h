// The mutation test of content: how many planted faults (mutants.h) make a case fail. It runs only the cases of the
// rules that use what is changed, in memory.
#pragma once

#include <array>
#include <optional>

#include "rules/mutants.h"

namespace proctor::rules {

struct MutationScore {
    std::size_t noticed = 0, of = 0;
};
struct MutationReport {
    std::array<MutationScore, k_mutant_kinds> scores;  // by MutantKind
    std::vector<Error> survivors;                      // no case noticed, and the case that would
};

// Requires content that agrees with its cases. `rule`: an index into Content::rules, for what that rule uses alone; a
// fault in something shared may be noticed by any rule that uses it. Uses `threads` threads.
[[nodiscard]] MutationReport mutate(const Content& content, std::optional<std::uint32_t> rule, std::size_t threads);

}  // namespace proctor::rules
