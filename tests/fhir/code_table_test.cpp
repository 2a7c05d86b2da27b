#include "fhir/code_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace proctor::fhir {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view k_icd = "http://hl7.org/fhir/sid/icd-10-cm", k_sct = "http://snomed.info/sct",
                           k_loinc = "http://loinc.org";

CodeEntry entry(std::uint16_t value_set, std::string_view system, std::string_view code, bool prefix = false) {
    return {value_set, CodeUse::finding, CodeStrength::strong, std::string(system), std::string(code), prefix, ""};
}

std::vector<std::uint32_t> rows(const CodeTable& table, std::string_view system, std::string_view code) {
    const auto found = table.rows(table.find(system, code));
    return {found.begin(), found.end()};
}

TEST(CodeTable, FindsExactCodesOfTheirSystemOnly) {
    CodeTable table;
    table.add(entry(0, k_sct, "405729008"));
    table.add(entry(1, k_icd, "K92.1"));
    table.add(entry(2, k_icd, "K92.1"));
    table.build();
    EXPECT_THAT(rows(table, k_sct, "405729008"), ElementsAre(0));
    EXPECT_THAT(rows(table, k_icd, "K92.1"), ElementsAre(1, 2));
    for (const std::string_view code : {"", "K92", "K92.", "K92.10", "k92.1", "405729008", " K92.1"})
        EXPECT_EQ(table.find(k_icd, code), 0U) << code;
    EXPECT_EQ(table.find("", "K92.1"), 0U);
    EXPECT_EQ(table.find("http://hl7.org/fhir/sid/icd-10", "K92.1"), 0U);
    EXPECT_THAT(table.rows(0), IsEmpty());
}

TEST(CodeTable, FindsEveryFamilyThatCoversACode) {
    CodeTable table;
    table.add(entry(0, k_icd, "K50", true));
    table.add(entry(1, k_icd, "K50.1", true));
    table.add(entry(2, k_icd, "K50.11"));
    table.add(entry(3, k_icd, "K5", true));
    table.build();
    EXPECT_THAT(rows(table, k_icd, "K50.11"), ElementsAre(0, 1, 2, 3));
    EXPECT_THAT(rows(table, k_icd, "K50.12"), ElementsAre(0, 1, 3));
    EXPECT_THAT(rows(table, k_icd, "K50"), ElementsAre(0, 3));
    EXPECT_THAT(rows(table, k_icd, "K51.0"), ElementsAre(3));
    EXPECT_THAT(rows(table, k_icd, "K4"), IsEmpty());
    EXPECT_THAT(rows(table, k_sct, "K50"), IsEmpty());
}

TEST(CodeTable, TakesExcludedCodesOutOfTheFamiliesOfTheirValueSet) {
    CodeTable table;
    table.add(entry(0, k_icd, "K62", true));
    table.add(entry(1, k_icd, "K62", true));
    table.add(entry(2, k_icd, "K63", true));
    table.exclude(0, k_icd, "K62.5");
    table.exclude(2, k_icd, "K63.1");
    table.exclude(2, "http://unknown", "K63.1");
    table.build();
    EXPECT_THAT(rows(table, k_icd, "K62.5"), ElementsAre(1));
    EXPECT_THAT(rows(table, k_icd, "K62.50"), ElementsAre(0, 1));
    EXPECT_EQ(table.find(k_icd, "K63.1"), 0U);
    EXPECT_THAT(rows(table, k_icd, "K63.2"), ElementsAre(2));
}

TEST(CodeTable, KnowsTheSystemsWhoseCodingsSettleAnEntry) {
    CodeTable table;
    table.add(entry(0, k_icd, "K62", true));
    auto drug = entry(1, "http://www.whocc.no/atc", "B01", true);
    drug.use = CodeUse::medication;
    table.add(drug);
    auto question = entry(2, k_loinc, "75325-1");
    question.use = CodeUse::question;
    table.add(question);
    table.build();
    EXPECT_TRUE(table.reads_findings_in(k_icd));
    EXPECT_TRUE(table.reads_findings_in(k_loinc));
    EXPECT_FALSE(table.reads_findings_in("http://www.whocc.no/atc"));
    EXPECT_FALSE(table.reads_findings_in("http://local"));
}

TEST(CodeTable, FindsNothingWhenEmpty) {
    CodeTable table;
    EXPECT_EQ(table.find(k_icd, "K62"), 0U);
    table.build();
    EXPECT_EQ(table.find(k_icd, "K62"), 0U);
}

TEST(CodeTable, FindsEachOfThousands) {
    CodeTable table;
    for (int i = 0; i < 3000; ++i) table.add(entry(0, i % 2 == 0 ? k_sct : k_loinc, std::to_string(i * 7919)));
    table.build();
    for (int i = 0; i < 3000; ++i) {
        const auto code = std::to_string(i * 7919);
        EXPECT_EQ(rows(table, i % 2 == 0 ? k_sct : k_loinc, code).size(), 1U) << code;
        EXPECT_EQ(table.find(i % 2 == 0 ? k_loinc : k_sct, code), 0U) << code;
    }
}

TEST(CodeTable, StaysRightWhenMovedOrCopied) {
    CodeTable table;
    table.add(entry(0, k_icd, "K62", true));
    table.build();
    const CodeTable copy = table;
    const CodeTable moved = std::move(table);
    EXPECT_THAT(rows(copy, k_icd, "K62.5"), ElementsAre(0));
    EXPECT_THAT(rows(moved, k_icd, "K62.5"), ElementsAre(0));
}

}  // namespace
}  // namespace proctor::fhir
