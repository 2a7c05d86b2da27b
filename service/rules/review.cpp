#include "rules/review.h"

namespace proctor::rules {

std::vector<std::string> review_warnings(const Content& content, fhir::Instant today) {
    std::vector<std::string> warnings;
    std::string never;
    for (const LoadedRule& loaded : content.rules) {
        const Rule& rule = loaded.rule;
        if (rule.status == RuleStatus::retired) continue;
        if (rule.lastReviewDate.empty()) {
            never += (never.empty() ? "" : ", ") + rule.code;
            continue;
        }
        const auto reviewed = fhir::read_instant(rule.lastReviewDate + "T00:00:00Z");
        if (!reviewed || !content.manifest.reviewEvery || today <= *reviewed + *content.manifest.reviewEvery) continue;
        warnings.push_back("rules/" + rule.id + "/rule.json: last reviewed on " + rule.lastReviewDate +
                           ", to be reviewed every " + fhir::print_duration(*content.manifest.reviewEvery));
    }
    if (!never.empty()) warnings.push_back("never reviewed (lastReviewDate): " + never);
    return warnings;
}

}  // namespace proctor::rules
