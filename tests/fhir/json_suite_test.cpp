// JSONTestSuite (github.com/nst/JSONTestSuite), where PROCTOR_JSON_SUITE names its folder test_parsing: it is not part
// of this project. Each file is what a part of a request says: those that must parse are accepted, those that must not
// are refused, and both were decided once for the others.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "fhir/reading.h"

namespace proctor::fhir::reading {
namespace {

// U+0000 is no text of a chart; deeper than limits::k_json_depth is an attack.
const std::set<std::string> k_refused_though_valid{"y_object_escaped_null_in_key.json", "y_string_null_escape.json"};

TEST(JsonSuite, EachFileIsTakenForWhatItIs) {
    const char* folder = std::getenv("PROCTOR_JSON_SUITE");
    if (folder == nullptr) GTEST_SKIP() << "PROCTOR_JSON_SUITE does not name a folder";
    std::size_t files = 0;
    for (const auto& path : std::filesystem::directory_iterator(folder)) {
        const std::string name = path.path().filename().string();
        const bool accepted = read(request("\"undeclared\":" + file(path.path()))).ok();
        const bool whole = bundle(file(path.path())).ok();  // no file is a Bundle
        EXPECT_FALSE(whole) << name;
        const bool free = name.starts_with("i_");  // to be either
        const bool expected = name.starts_with("y_") && !k_refused_though_valid.contains(name);
        EXPECT_EQ(accepted, free ? accepted : expected) << name;
        ++files;
    }
    EXPECT_GT(files, 300U);
}

}  // namespace
}  // namespace proctor::fhir::reading
