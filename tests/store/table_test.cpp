#include "store/table.h"

#include <gtest/gtest.h>

namespace proctor::store::table_test {
namespace {

TEST(CsvCell, IsQuotedAsRfc4180SaysAndNeverAFormula) {
    struct Row {
        std::string text, cell;
    };
    const std::vector<Row> table = {
        {"", ""},
        {"a b", "a b"},
        {"a,b", "\"a,b\""},
        {"say \"no\"", "\"say \"\"no\"\"\""},
        {"\"", "\"\"\"\""},
        {"a\nb", "\"a\nb\""},
        {"a\r\nb", "\"a\r\nb\""},
        {"=1+1", "'=1+1"},
        {"+1", "'+1"},
        {"-1", "'-1"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"\tx", "'\tx"},
        {"\r=x", "\"'\r=x\""},
        {"=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""},
        {"a=1", "a=1"},
        {"é;ü", "é;ü"},
    };
    for (const auto& row : table) EXPECT_EQ(csv_cell(row.text), row.cell) << row.text;
}

std::string write(ExportFormat format) {
    std::string text;
    const Sink sink = [&](std::string_view bytes) { return text.append(bytes), true; };
    Table table(format, {"a", "b"}, sink);
    EXPECT_TRUE(table.begin());
    EXPECT_TRUE(table.row({"1", "x,\"y\""}));
    EXPECT_TRUE(table.row({"=2", "\xFF\n"}));
    return text;
}

TEST(Table, HasTheSameFieldsInBothForms) {
    EXPECT_EQ(write(ExportFormat::csv), "a,b\r\n1,\"x,\"\"y\"\"\"\r\n'=2,\"\xFF\n\"\r\n");
    EXPECT_EQ(write(ExportFormat::ndjson),
              "{\"a\":\"1\",\"b\":\"x,\\\"y\\\"\"}\n{\"a\":\"=2\",\"b\":\"\xEF\xBF\xBD\\n\"}\n");
}

TEST(Table, SaysWhenNobodyTakesIt) {
    const Sink sink = [](std::string_view) { return false; };
    Table table(ExportFormat::csv, {"a"}, sink);
    EXPECT_FALSE(table.begin());
    EXPECT_FALSE(table.row({"1"}));
}

}  // namespace
}  // namespace proctor::store::table_test
