// Another parser as the judge: what it refuses the reader refuses, wherever the fault stands, and the reverse. The
// faults are made by a fixed sequence of small changes to a request.
#include <gtest/gtest.h>

#include <cstdint>

#include "base/json.h"
#include "base/limits.h"
#include "fhir/reading.h"

namespace proctor::fhir::reading {
namespace {

using namespace std::string_literals;

std::string good_request() {
    const std::string laboratory =
        R"({"resourceType":"Observation","id":"o1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"718-7"}],"text":"Hb \"low\""},)"
        R"("subject":{"reference":"Patient/p1"},"valueQuantity":{"value":-9.50e+0,"unit":"g\/dL"},"referenceRange":[{"low":{"value":12}},{},[]],"x":[null,true,false,[1,2]]})";
    return request(R"("patient":{"resourceType":"Patient","id":"p1","name":[{"given":["\u00e9\ud83d\ude00 é"]}]},)" +
                   ("\"laboratory\":" + searchset(entry(laboratory))) +
                   R"(,"undeclared":[ {"a" : 0, "b":[ ]} ,"\\", 1e5 ])");
}

// Small changes, the same ones each time.
class Faults {
public:
    std::string in(std::string text) {
        for (auto left = 1 + next(2); left > 0 && !text.empty(); --left) change(text);
        return text;
    }

private:
    std::size_t next(std::size_t below) {
        state_ = state_ * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::size_t>(state_ >> 33U) % below;
    }
    void change(std::string& text) {
        static const std::string k_bytes = "{}[]\",:\\ \n\t019.eE+-tfnu/x\x01\x0c\x1a\x7f\xc3\xff\0"s;
        const auto at = next(text.size()), from = next(text.size());
        switch (next(5)) {
            case 0: text[at] = k_bytes[next(k_bytes.size())]; return;
            case 1: text.insert(at, 1, k_bytes[next(k_bytes.size())]); return;
            case 2: text.erase(at, 1 + next(3)); return;
            case 3: text.insert(at, text.substr(from, 1 + next(8))); return;
            default: std::swap(text[at], text[from]); return;
        }
    }
    std::uint64_t state_ = 1;
};

TEST(Strictness, TheReaderAndAnotherParserRefuseTheSameDocuments) {
    const auto good = good_request();
    ASSERT_TRUE(read(good));
    Faults faults;
    std::size_t refused = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto json = faults.in(good);
        const auto document = read(json);
        const bool valid = nlohmann::json::accept(json);
        if (!valid) {
            EXPECT_FALSE(document) << json;
        }
        // The reader also refuses what is valid JSON and no valid envelope, and U+0000.
        if (valid && !document && json.find("\\u0000") == std::string::npos) {
            EXPECT_EQ(document.error().message.find("malformed"), std::string::npos) << json;
        }
        refused += valid ? 0 : 1;
    }
    EXPECT_GT(refused, 5'000U);
    EXPECT_LT(refused, 19'000U);
}

TEST(Strictness, WhiteSpaceBehindALongStringIsNotPartOfIt) {
    const std::string longest = "\"" + std::string(limits::k_string_bytes, 'x') + "\"";
    const std::string too_long = "\"" + std::string(limits::k_string_bytes + 1, 'x') + "\"";
    const std::string space(100, ' ');
    for (const std::string key : {"undeclared", "patient"}) {
        const auto object = [&](const std::string& name, const std::string& value) {
            return request("\"" + key + "\":{" + name + space + ":" + value + space + "}");
        };
        EXPECT_TRUE(read(object("\"a\"", longest)));
        EXPECT_FALSE(read(object("\"a\"", too_long)));
        EXPECT_TRUE(read(object(longest, "1")));
        EXPECT_FALSE(read(object(too_long, "1")));
    }
}

}  // namespace
}  // namespace proctor::fhir::reading
