#include "batch/documents.h"

#include <gtest/gtest.h>

#include <sstream>
#include <utility>
#include <vector>

#include "base/limits.h"

namespace proctor::batch {
namespace {

// "1:{...} 3:{...}"
std::string cut(const std::string& text) {
    std::istringstream input(text);
    Documents documents(input);
    std::string shown;
    while (const auto document = documents.next()) {
        shown += (shown.empty() ? "" : " ") + std::to_string(document->line) + ':' +
                 (document->too_large ? "too large" : document->text);
    }
    return shown;
}

TEST(Documents, OneALine) {
    EXPECT_EQ(cut("{\"a\":1}\n{\"b\":2}\n"), "1:{\"a\":1} 2:{\"b\":2}");
    EXPECT_EQ(cut("{\"a\":1}\n{\"b\":2}"), "1:{\"a\":1} 2:{\"b\":2}");
}

TEST(Documents, BlankLinesAreSkippedAndCounted) {
    EXPECT_EQ(cut("\n\r\n{\"a\":1}\n\n {\"b\":2}\n"), "3:{\"a\":1} 5: {\"b\":2}");
    EXPECT_EQ(cut(""), "");
    EXPECT_EQ(cut("\n \n"), "");
}

TEST(Documents, EachSaysHowFarTheStreamIsRead) {
    const std::pair<std::string, std::vector<std::size_t>> table[] = {{"{}\n{}\n", {3, 6}},
                                                                      {"{}\n{}", {3, 5}},
                                                                      {"\n\n{}\n\n", {5}},
                                                                      {"{\n\"a\":1}\n", {9}},
                                                                      {"{\"a\n{}\n{}\n", {4, 7, 10}}};
    for (const auto& [text, ends] : table) {
        std::istringstream input(text);
        Documents documents(input);
        std::vector<std::size_t> found;
        while (const auto document = documents.next()) found.push_back(document->end);
        EXPECT_EQ(found, ends) << text;
    }
}

TEST(Documents, OneThatSpansTheWholeStream) {
    EXPECT_EQ(cut("{\n \"a\": 1\n}\n"), "1:{\n \"a\": 1\n}");
    EXPECT_EQ(cut("{ \"a\": 1\n, \"b\": 2 }"), "1:{ \"a\": 1\n, \"b\": 2 }");
    EXPECT_EQ(cut("{\"entry\":[\n{\"a\":1},\n{\"a\":2}\n]}"), "1:{\"entry\":[\n{\"a\":1},\n{\"a\":2}\n]}");
}

TEST(Documents, ABrokenFirstLineDoesNotSwallowTheRest) {
    EXPECT_EQ(cut("{\"a\":\"x\n{\"b\":2}\n{\"c\":3}\n"), "1:{\"a\":\"x 2:{\"b\":2} 3:{\"c\":3}");
    EXPECT_EQ(cut("{\"a\":[1]\n{\"b\":2}\n"), "1:{\"a\":[1] 2:{\"b\":2}");
}

TEST(Documents, ABrokenLaterLineIsItsOwnDocument) {
    EXPECT_EQ(cut("{\"a\":1}\n{\"b\":\n{\"c\":3}\n"), "1:{\"a\":1} 2:{\"b\": 3:{\"c\":3}");
}

TEST(Documents, BracesInStringsDoNotCount) {
    EXPECT_EQ(cut("{\"a\":\"}\\\"{\"}\n{\"b\":2}\n"), "1:{\"a\":\"}\\\"{\"} 2:{\"b\":2}");
}

TEST(Documents, WhatIsTooLargeIsPassedOver) {
    const std::string large(limits::k_body_bytes + 1, 'x');
    EXPECT_EQ(cut(large + "\n{\"b\":2}\n"), "1:too large 2:{\"b\":2}");
    EXPECT_EQ(cut("{\"b\":2}\n" + large), "1:{\"b\":2} 2:too large");
    EXPECT_EQ(cut("{\n" + large + "\n}"), "1:too large");
    EXPECT_EQ(cut("{\n" + large.substr(2) + "\n}"), "1:too large");
}

TEST(Documents, TellsRequestsFromResources) {
    EXPECT_TRUE(is_hook_request(R"({"hook":"patient-view"})"));
    EXPECT_TRUE(
        is_hook_request(R"({ "fhirServer" : "x", "prefetch" : {"patient":{"resourceType":"Patient"}}, "hook":"x"})"));
    EXPECT_FALSE(is_hook_request(R"({"resourceType":"Bundle","entry":[{"hook":1}]})"));
    EXPECT_FALSE(is_hook_request(R"({"a":"hook","b":{"hook":1}})"));
    EXPECT_FALSE(is_hook_request(""));
    EXPECT_FALSE(is_hook_request("{\"hook"));
}

}  // namespace
}  // namespace proctor::batch
