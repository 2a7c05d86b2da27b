#include "base/text.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace proctor {
namespace {

TEST(Text, CountsCharactersNotBytes) {
    EXPECT_EQ(characters(""), 0U);
    EXPECT_EQ(characters("abc"), 3U);
    EXPECT_EQ(characters("Blähungen"), 9U);
    EXPECT_EQ(characters("\xF0\x9F\xA9\xB8"), 1U);
}

TEST(Text, ShortensAtACharacterWithAnEllipsis) {
    EXPECT_EQ(shorten("abc", 3), "abc");
    EXPECT_EQ(shorten("abcd", 3), "ab…");
    EXPECT_EQ(shorten("ääää", 3), "ää…");
    EXPECT_EQ(shorten("ab cd", 4), "ab…");
    EXPECT_EQ(shorten("ab", 0), "");
    EXPECT_EQ(shorten("ab", 1), "…");
    EXPECT_EQ(characters(shorten(std::string(500, 'x'), 120)), 120U);
}

TEST(Text, EscapesWhatMarkdownAndHtmlAct) {
    const std::vector<std::pair<std::string, std::string>> table = {
        {"Haemorrhoids (internal)", "Haemorrhoids (internal)"},
        {"Crohn's disease", "Crohn's disease"},
        {"Hb 3.5 g/dL at 12:30", "Hb 3.5 g/dL at 12:30"},
        {"3.5 g/dL", "3\\.5 g/dL"},
        {"2026-06-01", "2026-06-01"},
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"&lt;b&gt;", "&amp;lt;b&amp;gt;"},
        {"[x](javascript:alert(1))", "\\[x\\](javascript&#58;alert(1))"},
        {"![i](http://e.example/p)", "!\\[i\\](http&#58;//e&#46;example/p)"},
        {"**bold** _i_ ~~s~~ `c`", "\\*\\*bold\\*\\* \\_i\\_ \\~\\~s\\~\\~ \\`c\\`"},
        {"a|b", "a\\|b"},
        {"# heading", "\\# heading"},
        {"- item", "\\- item"},
        {"+ item", "\\+ item"},
        {"=====", "\\====="},
        {"1. item", "1\\. item"},
        {"1) item", "1\\) item"},
        {"back\\slash", "back\\\\slash"},
        {"www.evil.example", "www&#46;evil&#46;example"},
        {"a@b.example", "a&#64;b&#46;example"},
        {"mailto:x", "mailto&#58;x"},
        {"{{token}}", "\\{\\{token\\}\\}"},
    };
    for (const auto& [chart, shown] : table) EXPECT_EQ(escape_markdown(chart), shown);
}

TEST(Text, KeepsChartTextOnOneLine) {
    EXPECT_EQ(escape_markdown("a\nb\r\n\r\nc\td"), "a b c d");
    EXPECT_EQ(escape_markdown("\n\n# x"), "\\# x");
    EXPECT_EQ(escape_markdown("a\xE2\x80\xA8"
                              "b\xE2\x80\xA9"
                              "c\xC2\x85"
                              "d"),
              "a b c d");
    EXPECT_EQ(escape_markdown(std::string_view("a\0b\x1B[31m\x7F", 8)), "a b \\[31m");
    EXPECT_EQ(escape_markdown("   "), "");
}

TEST(Text, DropsCharactersThatHideOrReorder) {
    EXPECT_EQ(escape_markdown("no\xE2\x80\xAE"
                              "deelb"),
              "nodeelb");  // right-to-left override
    EXPECT_EQ(escape_markdown("ble\xE2\x80\x8B"
                              "eding"),
              "bleeding");  // zero-width space
    EXPECT_EQ(escape_markdown("a\xE2\x81\xA6"
                              "b\xEF\xBB\xBF"
                              "c\xC2\xAD"),
              "abc");  // isolate, BOM, soft hyphen
    EXPECT_EQ(escape_markdown("a\xF3\xA0\x81\x81"
                              "b"),
              "ab");  // tag character
}

TEST(Text, ReplacesWhatADatabaseDoesNotTakeAndNothingElse) {
    const std::string nul("a\0b", 3);
    EXPECT_EQ(replace_invalid(nul),
              "a\xEF\xBF\xBD"
              "b");
    EXPECT_EQ(replace_invalid("\xFF"
                              "a\xC3"),
              "\xEF\xBF\xBD"
              "a\xEF\xBF\xBD");
    EXPECT_EQ(replace_invalid("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    for (const std::string fine : {"", "Blähungen <b>\n\t", "\xF0\x9F\xA9\xB8"}) EXPECT_EQ(replace_invalid(fine), fine);
}

TEST(Text, ReplacesBytesThatAreNoUtf8) {
    EXPECT_EQ(escape_markdown("a\xFF"
                              "b"),
              "a\xEF\xBF\xBD"
              "b");
    EXPECT_EQ(escape_markdown("a\xC3"), "a\xEF\xBF\xBD");
    EXPECT_EQ(escape_markdown("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace proctor
