// Why a card appears: each triggering datum of its facts in words.
#pragma once

#include <string>
#include <vector>

#include "hooks/merge.h"

namespace proctor::hooks {

// One line a fact, in program order, own facts before absorbed ones; a resource is described once. `entries`: how many
// of a fact's resources are described; further ones are only named.
[[nodiscard]] std::vector<std::string> found_lines(const ComposeInput& input, const std::vector<Part>& parts,
                                                   std::size_t entries);

}  // namespace proctor::hooks
