// A card's detail in GitHub Flavored Markdown, short enough for a clinician who has eight seconds. Content text is
// written as it stands (it is reviewed and may hold Markdown); chart text is escaped.
#pragma once

#include <string>
#include <vector>

#include "hooks/merge.h"
#include "hooks/not_checked.h"

namespace proctor::hooks {

// `quiet`: cards held back that this one tells of.
[[nodiscard]] std::string write_detail(const ComposeInput& input, const MergedCard& card,
                                       const std::vector<MergedCard>& quiet);

// The card that gathers what is beyond the limit.
[[nodiscard]] std::string write_gathered_detail(const ComposeInput& input, const std::vector<MergedCard>& gathered);
// The card of the rules that could not be decided and have no card of their own.
[[nodiscard]] std::string write_not_checked_detail(const ComposeInput& input, const std::vector<OpenCheck>& checks,
                                                   const std::vector<MergedCard>& quiet);

// The row's own summary or the rule's, within the limit of the specification.
[[nodiscard]] std::string summary_of(const Part& part);

}  // namespace proctor::hooks
