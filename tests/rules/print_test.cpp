#include "rules/print.h"

#include <gtest/gtest.h>

#include "rules/sample_content.h"

namespace proctor::rules {
namespace {

using namespace std::chrono_literals;
constexpr Duration k_day = 24h;

TEST(Print, EnglishIsAsReviewed) {
    for (const char* id : {"rectal-bleeding", "severe-anaemia", "old-rule"}) {
        expect_golden(std::string("rules/sample/") + id + ".english.txt",
                      print_english(sample_content(), sample_rule(id)));
    }
}

TEST(Print, EveryTestReadsAsAPhrase) {
    const Content& content = sample_content();
    std::string all;
    for (Slot slot = 0; slot < content.program.ops.size(); ++slot) all += print_test(content, slot) + "\n";
    expect_golden("rules/sample/tests.txt", all);
}

FindingFact bleeding_fact() {
    FindingFact fact;
    fact.findings = {"rectal-bleeding", "melaena"};
    fact.observationWithin = 30 * k_day;
    return fact;
}

FactBody repeated_and_cancelled() {
    FindingFact fact = bleeding_fact();
    fact.newerNoCancels = true;
    fact.repeated = Repeated{14 * k_day};
    return fact;
}

FactBody only_answers() {
    FindingFact fact = bleeding_fact();
    fact.conditions = false;
    return fact;
}

QuantityFact highest_haemoglobin() {
    QuantityFact fact;
    fact.quantity = "haemoglobin";
    fact.within = 2 * k_day;
    fact.highest = true;
    return fact;
}

TEST(Print, EveryKindOfFactSaysItsWindows) {
    const std::vector<FactBody> bodies = {
        repeated_and_cancelled(),
        only_answers(),
        highest_haemoglobin(),
        RatioFact{"heart-rate", "systolic-pressure", 60min, k_day},
        ScoreFact{"alarm", k_day},
        PositiveFact{"fit", 365 * k_day},
        FlaggedFact{{"fit"}, 365 * k_day},
        TestedFact{"fit", 7 * k_day, 180 * k_day},
        MedicationFact{{"anticoagulant"}, 84 * k_day, false},
        MedicationTextFact{{"leech", "nettle"}},
        OrderedFact{"order-colonoscopy", 180 * k_day},
        PerformedFact{"order-colonoscopy", std::nullopt},
        DurationFact{"rectal-bleeding", 730 * k_day, 14 * k_day},
        RecurrenceFact{{"rectal-bleeding"}, 13 * k_day, 365 * k_day, 7 * k_day},
        SeverityFact{"rectal-bleeding", "severity", 365 * k_day, 7 * k_day},
        RatingFact{"pain", true, 7 * k_day},
        RatingFact{"pain", false, 7 * k_day},
        AgeFact{40'000'000},
        GenderFact{fhir::Gender::male},
        QualityFact{{"stale", "undated"}, {"rectal-bleeding"}},
    };
    std::string all;
    for (const FactBody& body : bodies) all += print_fact(sample_content(), Fact{"f", "title", body}) + "\n";
    expect_golden("rules/sample/facts.txt", all);
}

}  // namespace
}  // namespace proctor::rules
