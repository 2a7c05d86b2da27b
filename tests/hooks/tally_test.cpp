#include "hooks/tally.h"

#include <gtest/gtest.h>

namespace proctor::hooks::tally_test {
namespace {

rules::Content with_rules(std::initializer_list<rules::RuleStatus> all) {
    rules::Content content;
    for (const auto status : all) content.rules.emplace_back().rule.status = status;
    return content;
}

TEST(Tally, DraftsAreCountedApartAndNeverAmongWhatCouldNotBeChecked) {
    using rules::RuleStatus;
    const auto content = with_rules({RuleStatus::active, RuleStatus::draft, RuleStatus::active});
    rules::Outcome outcome;
    outcome.fired = {{0, 0, {}, {}, {}}, {1, 0, {}, {}, {}}};
    outcome.not_checked = {{1, 0, {}}, {2, 0, {}}, {2, 1, {}}};
    const Tally counted = tally(content, outcome);
    EXPECT_EQ(counted.drafts, 1U);
    EXPECT_EQ(counted.not_checked, 1U);  // two rows of one rule
}

}  // namespace
}  // namespace proctor::hooks::tally_test
