#include "hooks/tally.h"

#include <set>

namespace proctor::hooks {

Tally tally(const rules::Content& content, const rules::Outcome& outcome) {
    const auto status = [&](std::uint32_t rule) { return content.rules[rule].rule.status; };
    Tally tally;
    for (const rules::Fired& fired : outcome.fired) {
        if (status(fired.rule) == rules::RuleStatus::draft) ++tally.drafts;
    }
    std::set<std::uint32_t> open;
    for (const rules::NotChecked& one : outcome.not_checked) {
        if (status(one.rule) == rules::RuleStatus::active) open.insert(one.rule);
    }
    tally.not_checked = open.size();
    return tally;
}

}  // namespace proctor::hooks
