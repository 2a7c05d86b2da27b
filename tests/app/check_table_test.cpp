#include "app/check_table.h"

#include <gtest/gtest.h>

namespace proctor::app {
namespace {

TEST(CheckTable, SaysForEachRuleWhatItsCasesTouch) {
    const auto content = rules::load_content(PROCTOR_SOURCE_DIR "/tests/rules/sample");
    ASSERT_TRUE(content) << describe(content.error());
    const rules::FactLookup lookup(**content);
    EXPECT_EQ(write_check_table(**content, rules::check_content(**content, lookup)),
              "rule    id               status   cases  rows  levels  thresholds  missing data  orders\n"
              "ADC-02  severe-anaemia   draft    2      1/1   0/1     2/2         0/1           0/0\n"
              "ADC-12  rectal-bleeding  active   6      3/3   0/4     3/4         1/3           0/2\n"
              "ADC-99  old-rule         retired  1      0/0   0/0     0/0         0/0           0/0\n"
              "                                  8      4/4   0/5     5/6         1/4           0/2\n");
}

}  // namespace
}  // namespace proctor::app
