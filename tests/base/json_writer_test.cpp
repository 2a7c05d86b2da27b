#include "base/json_writer.h"
#include "base/json.h"

#include <gtest/gtest.h>

namespace proctor {
namespace {

std::string text(std::string_view utf8) { return JsonWriter().text(utf8).take(); }

TEST(JsonWriter, PutsCommasBetweenValuesAndNowhereElse) {
    JsonWriter out;
    out.object().name("a").array().text("x").text("").object().end().end().name("b").object().name("c").raw("1.50");
    out.name("d").array().end().end().name("e").raw("{}").end();
    EXPECT_EQ(out.take(), R"({"a":["x","",{}],"b":{"c":1.50,"d":[]},"e":{}})");
}

TEST(JsonWriter, WritesEveryCharacterAsNlohmannDoes) {
    for (unsigned c = 1; c < 0x3000; ++c) {
        const nlohmann::json point = nlohmann::json::parse(
            "\"a\\u" + std::string(1, "0123456789abcdef"[c >> 12U]) + "0123456789abcdef"[(c >> 8U) & 15U] +
            "0123456789abcdef"[(c >> 4U) & 15U] + "0123456789abcdef"[c & 15U] + "b\"");
        ASSERT_EQ(text(point.get<std::string>()), point.dump()) << c;
    }
    EXPECT_EQ(text("\xF0\x9F\x98\x80"), "\"\xF0\x9F\x98\x80\"");
}

TEST(JsonWriter, FindsWhatIsEscapedWhereverItStandsInALongText) {
    for (std::size_t size = 1; size < 70; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (const char c : {'"', '\\', '\n', '\x01', '\x1F'}) {
                std::string one(size, ' ');
                one[at] = c;
                ASSERT_EQ(text(one), nlohmann::json(one).dump()) << size << ' ' << at;
                one[size - 1 - at] = '"';
                ASSERT_EQ(text(one), nlohmann::json(one).dump()) << size << ' ' << at;
            }
        }
    }
}

TEST(JsonWriter, ReplacesWhatIsNoUtf8AndNul) {
    EXPECT_EQ(text(std::string_view("a\0b", 3)), "\"a\xEF\xBF\xBD\x62\"");
    EXPECT_EQ(text("\xC3(\xFF\""), "\"\xEF\xBF\xBD(\xEF\xBF\xBD\\\"\"");
}

}  // namespace
}  // namespace proctor
