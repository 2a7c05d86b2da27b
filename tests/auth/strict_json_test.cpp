#include "auth/strict_json.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/limits.h"

namespace proctor::auth {
namespace {

std::string nested(std::size_t depth) {  // an object with arrays in it
    return R"({"a":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + '}';
}

TEST(StrictJson, ReadsObjectsUpToTheLimitOfDepth) {
    for (const std::string text : {R"({})", R"( {"a":1} )", R"({"a":{"b":1},"b":1})", R"([{"a":1},{"a":1}])",
                                   R"({"a":[{"b":1},{"b":1}]})", R"({"a":"[[[{{{\""})"}) {
        EXPECT_EQ(parse_strict_object(text).has_value(), text[0] != '[') << text;
    }
    EXPECT_TRUE(parse_strict_object(nested(limits::k_json_depth)));
    EXPECT_FALSE(parse_strict_object(nested(limits::k_json_depth + 1)));
    EXPECT_FALSE(parse_strict_object(R"({"a":)" + std::string(100'000, '[')));
}

TEST(StrictJson, RefusesWhatParsersDifferAbout) {
    using namespace std::string_view_literals;
    for (const std::string_view text : {""sv,
                                        "null"sv,
                                        "1"sv,
                                        "\"{}\""sv,
                                        "[]"sv,
                                        "{"sv,
                                        "}"sv,
                                        "{}{}"sv,
                                        "{} x"sv,
                                        "{}\0"sv,
                                        "{\"a\":\"\0\"}"sv,
                                        "\xEF\xBB\xBF{}"sv,
                                        "{\"a\":1,\"a\":1}"sv,
                                        "{\"a\":1,\"\\u0061\":2}"sv,
                                        "{\"b\":{\"a\":1,\"a\":2}}"sv,
                                        "{\"b\":[{\"a\":1,\"c\":2,\"a\":3}]}"sv,
                                        "{\"a\":1,}"sv,
                                        "{'a':1}"sv,
                                        "{a:1}"sv,
                                        "{\"a\":01}"sv,
                                        "{\"a\":+1}"sv,
                                        "{\"a\":1e400}"sv,
                                        "{\"a\":NaN}"sv,
                                        "{\"a\":\"\x01\"}"sv,
                                        "{\"a\":\"\xC3\"}"sv,
                                        "{\"a\":\"\\ud800\"}"sv,
                                        "{/**/}"sv,
                                        "{\"a\":1} //"sv}) {
        EXPECT_FALSE(parse_strict_object(text)) << text;
    }
}

TEST(StrictJson, TakesOnlyWholeSecondsThatFit) {
    const auto object = parse_strict_object(
        R"({"zero":0,"some":1781524800,"most":9223372036854775807,"over":9223372036854775808,"far":1e30,
            "point":1.0,"exponent":1e3,"minus":-1,"minusZero":-0,"text":"1","flag":true,"null":null,"list":[1]})");
    ASSERT_TRUE(object);
    EXPECT_EQ(seconds_member(*object, "zero"), 0);
    EXPECT_EQ(seconds_member(*object, "some"), 1'781'524'800);
    EXPECT_EQ(seconds_member(*object, "most"), INT64_MAX);
    for (const char* name :
         {"over", "far", "point", "exponent", "minus", "minusZero", "text", "flag", "null", "list", "absent"}) {
        EXPECT_EQ(seconds_member(*object, name), std::nullopt) << name;
    }
}

TEST(StrictJson, TakesTextWithoutNul) {
    const auto object = parse_strict_object(R"({"text":"\u00e4","empty":"","nul":"a\u0000","number":1,"list":["a"]})");
    ASSERT_TRUE(object);
    EXPECT_EQ(text_member(*object, "text"), "ä");
    EXPECT_EQ(text_member(*object, "empty"), "");
    for (const char* name : {"nul", "number", "list", "absent"}) {
        EXPECT_EQ(text_member(*object, name), std::nullopt) << name;
    }
}

}  // namespace
}  // namespace proctor::auth
