// Orders a card suggests, as complete drafts in the client's FHIR version: what the settings say, else what the chart's
// shape says, else R4. A clinician accepts or leaves each one.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hooks/merge.h"

namespace proctor::hooks {

// What has been suggested on a more urgent card of the same answer: system and code of the content's order.
using Suggested = std::set<std::pair<std::string_view, std::string_view>>;

// One suggestion an order of these parts. Left out: another region's, what is already ordered or drafted, what
// `suggested` holds. Adds to it. `card`: uuid of the card, part of each suggestion's identity.
[[nodiscard]] std::vector<Suggestion> suggest(const ComposeInput& input, const std::vector<Part>& parts,
                                              std::string_view card, Suggested& suggested);

}  // namespace proctor::hooks
