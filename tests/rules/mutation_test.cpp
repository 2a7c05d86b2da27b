// Faults planted in the content, and whether the cases of its rules notice them.
#include "rules/mutation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "rules/case_run.h"
#include "rules/compile.h"
#include "rules/sample_content.h"
#include "support/shipped_content.h"

namespace proctor::rules {
namespace {

std::string show(const MutationReport& report) {
    std::string text;
    for (const Error& survivor : report.survivors) text += describe(survivor) + "\n";
    for (std::size_t i = 0; i < k_mutant_kinds; ++i) {
        text += std::string(print(static_cast<MutantKind>(i))) + ": " + std::to_string(report.scores[i].noticed) +
                " of " + std::to_string(report.scores[i].of) + "\n";
    }
    return text;
}

TEST(Mutation, OfTheSampleSaysWhichFaultsNoCaseNotices) {
    expect_golden("rules/sample.mutants.txt", show(mutate(sample_content(), std::nullopt, 1)));
}

TEST(Mutation, IsTheSameInPartsAndForOneRule) {
    const auto whole = mutate(sample_content(), std::nullopt, 1);
    EXPECT_EQ(show(mutate(sample_content(), std::nullopt, 3)), show(whole));
    const auto one = mutate(sample_content(), 0, 2);  // severe-anaemia
    const auto of = [](const MutationReport& report, MutantKind kind) {
        return report.scores[static_cast<std::size_t>(kind)].of;
    };
    EXPECT_LT(of(one, MutantKind::indicator), of(whole, MutantKind::indicator));
    EXPECT_GT(of(one, MutantKind::window), 0U);
}

TEST(Mutation, AFaultTakenOutLeavesTheContentAsItWas) {
    Content content = sample_content();
    for (const Mutant& mutant : mutants_of(content)) {
        mutant.flip();
        mutant.flip();
    }
    const FactLookup lookup(content);
    EXPECT_EQ(compile(content).ops, sample_content().program.ops);
    for (const CompiledRule& compiled : content.program.rules) {
        for (const Case& example : content.rules[compiled.rule].cases) {
            const auto patient = read_patient(content, example);
            ASSERT_TRUE(patient.ok());
            const auto answer = answer_of(run_case(content, lookup, *patient, example), compiled.rule);
            EXPECT_TRUE(disagreements(content.rules[compiled.rule].rule, example, answer).empty()) << example.title;
        }
    }
}

TEST(Mutation, ACaseAtTheThresholdNoticesAComparisonThatTurned) {
    ScratchContent without;
    without.replace("rules/severe-anaemia/cases.json", R"("value": 80)", R"("value": 95)");
    const auto content = without.load();
    ASSERT_TRUE(content.ok()) << describe(content.error());
    const std::string turned = "haemoglobin lt 80 becomes le 80";
    EXPECT_NE(show(mutate(**content, 0, 1)).find(turned), std::string::npos);
    EXPECT_EQ(show(mutate(sample_content(), 0, 1)).find(turned), std::string::npos);
}

TEST(Mutation, ACaseWithAnotherCodeNoticesThatCode) {
    ScratchContent with;
    with.replace("rules/severe-anaemia/cases.json", R"("expect": "below-80")", R"("expect": "below-80", "alsoWith": [
      {"for": "12063002", "codes": {"http://hl7.org/fhir/sid/icd-10-cm": ["K62.5"]}}])");
    const auto content = with.load();
    ASSERT_TRUE(content.ok()) << describe(content.error());
    const std::string wrong = "rectal-bleeding.json: the code K62.5 of";
    EXPECT_EQ(show(mutate(**content, std::nullopt, 1)).find(wrong), std::string::npos);
    EXPECT_NE(show(mutate(sample_content(), std::nullopt, 1)).find(wrong), std::string::npos);
}

TEST(Mutation, ACaseOfWhatIsOrderedNoticesWhatSatisfiesTheOrder) {
    ScratchContent with;
    with.replace("rules/rectal-bleeding/cases.json", R"("expect": "bleeding")",
                 R"("expect": "bleeding", "expectAlreadyOrdered": ["full-blood-count"], "draftOrders": [{
      "resourceType": "ServiceRequest", "status": "draft", "intent": "order",
      "code": {"coding": [{"system": "http://loinc.org", "code": "58410-2"}]}}])");
    const auto content = with.load();
    ASSERT_TRUE(content.ok()) << describe(content.error());
    const std::string wrong = "order-blood-count.json: the code 58410-2 of";
    EXPECT_EQ(show(mutate(**content, std::nullopt, 1)).find(wrong), std::string::npos);
    EXPECT_NE(show(mutate(sample_content(), std::nullopt, 1)).find(wrong), std::string::npos);
}

// Codes that no case can make matter. A new code is not one of them without a reason.
struct Idle {
    const char* valueSet;
    std::vector<const char*> codes;
    const char* reason;
};
const Idle k_idle[] = {
    {"anorectal-sti",
     {"20507-0", "21613-5", "24110-9", "24111-7", "31147-2", "36902-5", "43304-5", "43305-2"},
     "tests; no rule reads their results, only diagnoses, and as orders they stand in sets of their own"},
    {"celiac", {"2458-8", "31017-7", "46128-5"}, "tests; no rule reads their results, only the diagnosis"},
    {"pregnancy",
     {"11449-6", "19080-1", "2106-3", "2118-8", "82810-3", "LA15173-0"},
     "questions and an answer; no rule reads them, only findings"},
    {"fecal-incontinence", {"28146-9"}, "a question; no rule reads it, only findings"},
    {"stool-count", {"300381009"}, "a finding beside a quantity; no number of stools follows from it"},
    {"anticoagulant", {"5224"}, "a weak medication never counts"},
    {"anticoagulant", {"Z79.01"}, "a diagnosis among medications; it counts from long-term-antithrombotic"},
    {"antiplatelet", {"Z79.02"}, "a diagnosis among medications; it counts from long-term-antithrombotic"},
    {"nsaid", {"Z79.1"}, "a diagnosis among medications; no finding has it"},
    {"corticosteroid-systemic", {"5492"}, "a weak medication never counts"},
    {"immunosuppressant-drug", {"L01BB02", "L01FA01"}, "L01 of antineoplastic-drug, which is always asked with it"},
    {"gastroenteritis", {"A09"}, "of ICD-10: diarrhea has it, is always asked with it, and counts for longer"},
    {"anal-ulcer", {"K62.6", "K62.6"}, "of both ICDs: rectal-ulcer has it and is always asked with it"},
    {"rectal-ulcer", {"K62.6", "K62.6"}, "of both ICDs: anal-ulcer has it and is always asked with it"},
};

std::vector<std::string> idle_codes() {
    std::vector<std::string> all;
    for (const Idle& idle : k_idle) {
        for (const char* code : idle.codes)
            all.push_back("valuesets/" + std::string(idle.valueSet) + ".json: the code " + code);
    }
    std::sort(all.begin(), all.end());
    return all;
}

std::vector<std::string> unnoticed_codes(const MutationReport& report) {
    std::vector<std::string> all;
    for (const Error& survivor : report.survivors) {
        const std::string text = describe(survivor);
        if (text.find(" is written wrongly") != std::string::npos) all.push_back(text.substr(0, text.find(" of http")));
    }
    std::sort(all.begin(), all.end());
    return all;
}

// What the shipped content reaches; it only ever rises. `proctor check cards --mutate all` names what is left.
struct Required {
    MutantKind kind;
    std::size_t percent;
};
constexpr Required k_required[] = {
    {MutantKind::comparison, 100}, {MutantKind::window, 100}, {MutantKind::indicator, 100}};

TEST(Mutation, TheCasesOfTheShippedContentNoticePlantedFaults) {
    const auto report = mutate(*support::shipped_content(), std::nullopt, 2);
    std::cout << show(report);
    for (const auto& [kind, percent] : k_required) {
        const MutationScore& score = report.scores[static_cast<std::size_t>(kind)];
        EXPECT_GE(score.noticed * 100, score.of * percent) << rules::print(kind);
    }
    EXPECT_EQ(unnoticed_codes(report), idle_codes());
}

}  // namespace
}  // namespace proctor::rules
