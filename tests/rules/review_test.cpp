#include "rules/review.h"

#include <gtest/gtest.h>

#include "rules/sample_content.h"

namespace proctor::rules {
namespace {

fhir::Instant day(const std::string& date) { return fhir::read_instant(date + "T00:00:00Z").value(); }

Content reviewed() {
    Content content = sample_content();
    content.manifest.reviewEvery = fhir::read_duration("P365D").value();
    content.rules[1].rule.lastReviewDate = "2025-06-15";
    return content;
}

TEST(Review, IsDueAfterTheIntervalOfTheManifest) {
    const std::string never = "never reviewed (lastReviewDate): ADC-02";  // the retired rule needs none
    EXPECT_EQ(review_warnings(reviewed(), day("2026-06-15")), std::vector<std::string>{never});
    EXPECT_EQ(
        review_warnings(reviewed(), day("2026-06-16")),
        (std::vector<std::string>{
            "rules/rectal-bleeding/rule.json: last reviewed on 2025-06-15, to be reviewed every 365 days", never}));
}

TEST(Review, RulesNeverReviewedAreOneWarning) {
    EXPECT_EQ(review_warnings(sample_content(), day("2026-06-15")),
              std::vector<std::string>{"never reviewed (lastReviewDate): ADC-02, ADC-12"});
}

TEST(Review, AnIntervalIsNoMatterWhereThereIsNone) {
    Content content = reviewed();
    content.manifest.reviewEvery.reset();
    EXPECT_EQ(review_warnings(content, day("2036-06-15")).size(), 1U);
}

TEST(Review, ADayThatDoesNotExistIsRefused) {
    ScratchContent scratch;
    scratch.replace("rules/rectal-bleeding/rule.json", R"("status": "active")",
                    R"("status": "active", "lastReviewDate": "2026-02-30")");
    EXPECT_EQ(scratch.complaint(), "rules/rectal-bleeding/rule.json#/lastReviewDate: there is no such day");
}

}  // namespace
}  // namespace proctor::rules
