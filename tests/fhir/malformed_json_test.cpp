// Negative space: JSON that must be refused wherever it stands, above all in what the reader skips.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "fhir/reading.h"

namespace proctor::fhir::reading {
namespace {

using namespace std::string_literals;

// Places in which a value is read by nobody, or by somebody, or decides where a resource belongs.
std::vector<std::string> everywhere(const std::string& value) {
    const std::string patient = R"("patient":{"resourceType":"Patient","id":"p1",)";
    return {
        R"({"extension":)" + value + R"(,"context":{"patientId":"p1"},"prefetch":{}})",
        R"({"context":{"patientId":"p1","other":)" + value + R"(},"prefetch":{}})",
        R"({"context":{"patientId":"p1"},"prefetch":{"undeclared":)" + value + "}}",
        R"({"context":{"patientId":"p1"},"prefetch":{"undeclared":{"deep":[{"a":)" + value + "}]}}}",
        R"({"context":{"patientId":"p1"},"prefetch":{)" + patient + R"("text":{"div":)" + value + "}}}}",
        R"({"context":{"patientId":"p1"},"prefetch":{)" + patient + R"("birthDate":)" + value + "}}}",
        R"({"context":{"patientId":"p1"},"prefetch":{"conditions":{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Claim","x":)" +
            value + "}}]}}}",
        R"({"context":{"patientId":"p1"},"prefetch":{"conditions":{"resourceType":"Bundle","entry":[{"search":)" +
            value + "}]}}}",
        R"({"context":{"patientId":"p1"},"prefetch":{"conditions":{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Condition","code":{"text":)" +
            value + "}}}]}}}",
        R"({"context":{"patientId":"p1"},"prefetch":{"laboratory":{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation","valueQuantity":{"value":)" +
            value + "}}}]}}}",
        R"({"context":{"patientId":"p1"},"prefetch":{},"last":)" + value + "}",
    };
}

// clang-format off
const std::string k_refused[] = {
    // numbers
    "01", "-", "-01", "+1", ".5", "1.", "1.e1", "1e", "1e+", "0x10", "1_0", "1,5", "NaN", "Infinity", "-Infinity", "1 2", "--1", "1a", "1\"",
    "1.5.5", "١", "1\f", "0123",
    // literals
    "tru", "truee", "True", "nul", "nulll", "NULL", "fals", "falsey", "undefined", "t", "n", "true false", "nul l",
    // strings
    "\"", "\"abc", "abc\"", "'abc'", R"("\x")", R"("\u12")", R"("\u12G4")", R"("\")", R"("\ud800")", R"("\ud800\u0041")", R"("\udc00")",
    R"("\ud800\ud800")", R"("\u0000")", R"("a\u0000b")", "\"a\nb\"", "\"a\tb\"", "\"a\x01" "b\"", "\"a\x1f\"", R"("a" "b")", R"("a"x)", R"("a":1)", R"("a"b")", R"("\u-123")", R"("\U0041")",
    // invalid UTF-8
    "\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\"", "\"\x80\"", "\xef\xbb\xbf" "1",
    // containers
    "[", "]", "{", "}", "[1,]", "[,1]", "[,]", "[1 2]", "[1,,2]", "[1", "1]", "[1}", "{]", "[}", "[\"a\":1]", "{\"a\"}", "{\"a\":}", "{\"a\" 1}",
    "{\"a\":1,}", "{,}", "{,\"a\":1}", "{\"a\":1 \"b\":2}", "{\"a\":1,,\"b\":2}", "{a:1}", "{1:1}", "{'a':1}", "{\"a\":1]", "{\"a\":1", "{\"a\"::1}",
    "{null:1}", "{\"a\":1 2}", "{[]:1}", "{\"a\",1}", "[\"a\" \"b\"]", "[]]", "{}}", "[][]", "{}{}", "[1]2",
    // keys
    R"({"\x":1})", R"({"\ud800":1})", R"({"a\u0000":1})", "{\"a\nb\":1}", "{\"a\xff\":1}", R"({"a\":1})", R"({"a"b:1})",
    // other
    "", " ", "/*c*/1", "1//c", "\x00"s, "1\x00"s, "\\", "\\\"", "\\n", ",", ":", "\xa0", "\x0b" "1", "\f1",
};
// clang-format on

TEST(MalformedJson, ValuesAreRefusedWhereverTheyStand) {
    for (const auto& value : k_refused) {
        for (const auto& json : everywhere(value)) EXPECT_FALSE(read(json)) << json;
    }
}

// clang-format off
const std::string k_accepted[] = {
    "0", "-0", "1e400", "-1E-400", "1.50", "12345678901234567890123", "true", "false", "null", "\"\"", R"("\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00")",
    "\"\xf0\x9f\x98\x80\"", "[]", "{}", " [ 1 , 2 ] ", "{ \"a\" : { } }", R"({"\u0061":1})", "[[],{},[{}]]", "\"\x7f\"", "\"{[]}:,\"", "\t\r\n 1 \t\r\n",
    R"("\\")", R"("\\\\\"")", R"({"a\\":1})", R"({"a\"b":1})", R"({"a":1,"a":2})"};
// clang-format on

TEST(MalformedJson, ValidValuesAreAcceptedInTheSamePlaces) {
    for (const auto& value : k_accepted) {
        for (const auto& json : everywhere(value)) {
            const auto document = read(json);
            EXPECT_TRUE(document) << json << "\n" << (document ? "" : describe(document.error()));
        }
    }
}

TEST(MalformedJson, WholeDocumentsAreRefused) {
    const auto good = request("");
    for (const std::string& json : {""s,
                                    " "s,
                                    "{"s,
                                    "}"s,
                                    "[]"s,
                                    "5"s,
                                    "\"hook\""s,
                                    "null"s,
                                    good + "x",
                                    good + "{}",
                                    good + ",",
                                    good + "]",
                                    good + "\""s,
                                    good + "\0"s,
                                    "\xef\xbb\xbf" + good,
                                    "[" + good + "]",
                                    good.substr(0, good.size() - 1),
                                    good.substr(1),
                                    good + good,
                                    "/**/" + good}) {
        EXPECT_FALSE(read(json)) << json;
        EXPECT_FALSE(bundle(json)) << json;
    }
    EXPECT_TRUE(read(" \r\n\t" + good + " \n"));
}

TEST(MalformedJson, EveryCutOfARequestIsRefused) {
    const auto good = request(
        R"("patient":{"resourceType":"Patient","id":"p1","name":[{"given":["\u00e9a"]}],"x":-1.5e3},"other":[true,null])");
    ASSERT_TRUE(read(good));
    for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(read(good.substr(0, size))) << size;
}

std::string nested(std::size_t arrays) { return std::string(arrays, '[') + std::string(arrays, ']'); }
std::string nested_objects(std::size_t objects) {
    std::string text;
    for (std::size_t i = 1; i < objects; ++i) text += "{\"a\":";
    return text + "{}" + std::string(objects - 1, '}');
}

TEST(Limits, DepthIsCountedInSkippedPartsToo) {
    // The request object and prefetch are two of the levels.
    const auto inside = limits::k_json_depth - 2;
    for (const std::string key : {"undeclared", "conditions"}) {
        EXPECT_TRUE(read(request("\"" + key + "\":" + nested(inside))));
        EXPECT_FALSE(read(request("\"" + key + "\":" + nested(inside + 1))));
        EXPECT_TRUE(read(request("\"" + key + "\":" + nested_objects(inside))));
        EXPECT_FALSE(read(request("\"" + key + "\":" + nested_objects(inside + 1))));
    }
    EXPECT_FALSE(read(request("\"undeclared\":" + nested(100'000))));
    EXPECT_FALSE(read(std::string(1'000'000, '[')));
}

TEST(Limits, NestedBundlesEndAtTheDepthLimit) {
    std::string json = R"({"resourceType":"Condition"})";
    for (int i = 0; i < 30; ++i) json = searchset(entry(json));
    EXPECT_FALSE(read(request("\"conditions\":" + json)));
}

TEST(Limits, ValuesAreCounted) {
    const auto list = [](std::size_t count) {
        std::string text = "[0";
        for (std::size_t i = 1; i < count; ++i) text += ",0";
        return "\"undeclared\":" + text + "]";
    };
    const std::size_t others = 8;  // the request's own values, the list itself among them
    EXPECT_TRUE(read(request(list(limits::k_json_nodes - others))));
    EXPECT_FALSE(read(request(list(limits::k_json_nodes - others + 1))));
}

TEST(Limits, StringsKeysAndBodies) {
    const std::string longest(limits::k_string_bytes, 'x');
    EXPECT_TRUE(read(request("\"undeclared\":\"" + longest + "\"")));
    EXPECT_FALSE(read(request("\"undeclared\":\"" + longest + "x\"")));
    EXPECT_FALSE(read(request("\"undeclared\":{\"" + longest + "x\":1}")));
    EXPECT_FALSE(read(request("\"" + longest + "x\":1")));
    EXPECT_FALSE(read(request("\"patient\":{\"resourceType\":\"Patient\",\"id\":\"" + longest + "x\"}")));
    const auto small = request("");
    EXPECT_TRUE(read(small + std::string(limits::k_body_bytes - small.size(), ' ')));
    EXPECT_FALSE(read(small + std::string(limits::k_body_bytes - small.size() + 1, ' ')));
}

TEST(Errors, NameThePlaceAndNeverTheData) {
    const auto error = [](const std::string& json) {
        const auto document = read(json);
        EXPECT_FALSE(document) << json;
        return document ? Error{} : document.error();
    };
    EXPECT_EQ(error(R"({"hook":5})").where, "/hook");
    EXPECT_EQ(error(R"({"context":{"patientId":5}})").where, "/context/patientId");
    EXPECT_EQ(error(R"({"prefetch":{"a":tru}})").where, "/prefetch");
    EXPECT_EQ(describe(error(request(R"("patient":{"name":"Canary)"))).find("Canary"), std::string::npos);
}

}  // namespace
}  // namespace proctor::fhir::reading
