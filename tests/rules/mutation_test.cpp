// Faults planted in the content, and whether the cases of its rules notice them.
#include "rules/mutation.h"

#include <gtest/gtest.h>

#include <iostream>

#include "rules/case_run.h"
#include "rules/compile.h"
#include "rules/sample_content.h"

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

// What the shipped content reaches; it only ever rises. `proctor check cards --mutate all` names what is left.
struct Required {
    MutantKind kind;
    std::size_t percent;
};
constexpr Required k_required[] = {
    {MutantKind::comparison, 85}, {MutantKind::window, 46}, {MutantKind::indicator, 100}};

TEST(Mutation, TheCasesOfTheShippedContentNoticePlantedFaults) {
    const auto content = load_content(k_source / "cards");
    ASSERT_TRUE(content.ok()) << describe(content.error());
    const auto report = mutate(**content, std::nullopt, 2);
    std::cout << show(report);
    for (const auto& [kind, percent] : k_required) {
        const MutationScore& score = report.scores[static_cast<std::size_t>(kind)];
        EXPECT_GE(score.noticed * 100, score.of * percent) << rules::print(kind);
    }
}

}  // namespace
}  // namespace proctor::rules
