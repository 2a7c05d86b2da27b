#include <gtest/gtest.h>

#include "rules/parse.h"
#include "rules/parse_json.h"
#include "rules/sample_content.h"

namespace proctor::rules {
namespace {

TEST(ParseJson, KeepsNumbersAndOrderAsWritten) {
    const std::string json = R"({"z":16.114,"a":[1.10,100,-0.5,1e3],"m":{"b":"x","a":false}})";
    const auto node = parse_json(json);
    ASSERT_TRUE(node.ok());
    EXPECT_EQ(write_json(*node), json);
}

TEST(ParseJson, RefusesWhatIsNotOneDocument) {
    const std::string deep(70, '[');
    const std::pair<std::string, std::string> table[] = {
        {R"({"a":{"b":1,"b":2}})", "/a/b: the member stands twice"},
        {R"([{"a":1},{"a":1,"a":1}])", "/1/a: the member stands twice"},
        {"", "not valid JSON at line 1, column 1"},
        {"{} {}", "not valid JSON at line 1, column 4"},
        {"[1,\n 2,]", "not valid JSON at line 2, column 4"},
        {"\"\xff\"", "not valid JSON at line 1, column 2"},
    };
    for (const auto& [json, complaint] : table) {
        const auto node = parse_json(json);
        ASSERT_FALSE(node.ok()) << json;
        EXPECT_EQ(describe(node.error()), complaint);
    }
    EXPECT_EQ(parse_json(deep).error().message, "nested too deeply");
}

TEST(ParseJson, ReadsAsManyValuesAsItIsTold) {
    EXPECT_TRUE(parse_json(R"([1,{"a":[]}])", 4).ok());
    for (const std::size_t values : {0U, 1U, 2U, 3U})
        EXPECT_EQ(parse_json(R"([1,{"a":[]}])", values).error().message, "it has more values than are read");
}

TEST(Parse, DidYouMeanNamesOnlyWhatIsClose) {
    const std::vector<std::string> names = {"rectal-bleeding", "melaena", "haemoglobin"};
    EXPECT_EQ(did_you_mean("hemoglobin", names), ", did you mean \"haemoglobin\"?");
    EXPECT_EQ(did_you_mean("melena", names), ", did you mean \"melaena\"?");
    EXPECT_EQ(did_you_mean("pulse", names), "");
}

Expr::Kind kind_of(const std::string& json, std::string& complaint) {
    const auto node = parse_json(json);
    Problems problems;
    const Expr expr = read_test(Reader(&*node, "t", problems), scope_of(sample_content(), {}));
    complaint = problems.all.empty() ? "" : describe(problems.error());
    return expr.kind;
}

TEST(ParseTests, ReadEveryForm) {
    const std::pair<const char*, Expr::Kind> table[] = {
        {"true", Expr::Kind::always},
        {R"("bleeding")", Expr::Kind::name},
        {R"({"all": ["bleeding", "melaena"]})", Expr::Kind::all},
        {R"({"any": ["bleeding", {"not": "melaena"}]})", Expr::Kind::any},
        {R"({"not": "melaena"})", Expr::Kind::not_},
        {R"({"haemoglobin": {"lt": 70, "unit": "g/L"}})", Expr::Kind::compare},
        {R"({"age": {"ge": 16, "unit": "years"}})", Expr::Kind::compare},
        {R"({"bleeding-duration": {"minimum": {"gt": 10}, "unit": "days"}})", Expr::Kind::compare},
        {R"({"haemoglobin": {"newerThan": "colonoscopy"}})", Expr::Kind::newer},
    };
    for (const auto& [json, kind] : table) {
        std::string complaint;
        EXPECT_EQ(kind_of(json, complaint), kind) << json;
        EXPECT_EQ(complaint, "") << json;
    }
}

TEST(ParseTests, SayWhatIsWrongAndWhere) {
    const std::pair<const char*, const char*> table[] = {
        {"false", "t: a test is never just false"},
        {R"({"all": ["bleeding", "melena"]})",
         "t#/all/1: no fact or condition is called \"melena\", did you mean \"melaena\"?"},
        {R"({"not": {"any": ["none-such-thing"]}})",
         "t#/not/any/0: no fact or condition is called \"none-such-thing\""},
        {R"({"bleeding": {"lt": 1, "unit": "g/L"}})", "t#/bleeding: no fact is called \"bleeding\""},
        {R"({"haemoglobin": {"lt": 70}})", "t#/haemoglobin: the unit is missing: \"g/L\""},
        {R"({"haemoglobin": {"lt": 7, "unit": "g/dL"}})",
         "t#/haemoglobin/unit: \"haemoglobin\" is compared in \"g/L\""},
        {R"({"melaena": {"lt": 7, "unit": "g/dL"}})", "t#/melaena: \"melaena\" has no value to compare"},
        {R"({"haemoglobin": {"lt": 7, "gt": 3, "unit": "g/L"}})",
         "t#/haemoglobin: a comparison has one of \"lt\", \"le\", \"gt\", \"ge\""},
        {R"({"haemoglobin": {"unit": "g/L"}})",
         "t#/haemoglobin: a comparison has one of \"lt\", \"le\", \"gt\", \"ge\""},
        {R"({"haemoglobin": {"lt": 7.0000001, "unit": "g/L"}})",
         "t#/haemoglobin/lt: numbers have at most six decimals, and no exponent"},
        {R"({"haemoglobin": {"lt": 1e-7, "unit": "g/L"}})",
         "t#/haemoglobin/lt: numbers have at most six decimals, and no exponent"},
        {R"({"haemoglobin": {"lt": {"by": "melaena", "points": [[0, 1], [1, 2]]}, "unit": "g/L"}})",
         "t#/haemoglobin/lt/by: \"melaena\" has no value"},
        {R"({"haemoglobin": {"lt": {"by": "age", "points": [[1, 1], [1, 2]]}, "unit": "g/L"}})",
         "t#/haemoglobin/lt/points/1: points ascend"},
        {R"({"haemoglobin": {"newerThan": "melaena"}})",
         "t#/haemoglobin/newerThan: \"melaena\" has no time: only quantities, test results and performed "
         "procedures have one"},
    };
    for (const auto& [json, expected] : table) {
        std::string complaint;
        kind_of(json, complaint);
        EXPECT_EQ(complaint, expected) << json;
    }
}

}  // namespace
}  // namespace proctor::rules
