#include "rules/template.h"

#include <gtest/gtest.h>

namespace proctor::rules {
namespace {

fhir::Instant noon() { return *fhir::read_instant("2026-06-15T12:00:00Z"); }

TEST(Template, DatesCountFromTheInstant) {
    const std::pair<const char*, const char*> table[] = {
        {R"("${-P3D}")", R"("2026-06-12T12:00:00Z")"},   {R"("${P1D}")", R"("2026-06-16T12:00:00Z")"},
        {R"("${-PT90M}")", R"("2026-06-15T10:30:00Z")"}, {R"("${-P2W}")", R"("2026-06-01T12:00:00Z")"},
        {R"("${date:-P3D}")", R"("2026-06-12")"},        {R"("${date:P1D}")", R"("2026-06-16")"},
        {R"("${month:-P60D}")", R"("2026-04")"},
    };
    for (const auto& [from, to] : table) {
        const auto rendered = render_template(from, noon());
        ASSERT_TRUE(rendered.ok()) << from;
        EXPECT_EQ(*rendered, to);
    }
}

TEST(Template, LeavesEverythingElseAsItStands) {
    const std::string json =
        R"({"b":[1.50,1E-3,-7,true,null,"a \"quoted\" $ {x}","Größe\n"],"a":{"z":123456789012345678901234567890}})";
    const auto rendered = render_template(json, noon());
    ASSERT_TRUE(rendered.ok());
    EXPECT_EQ(
        *rendered,
        R"({"b":[1.50,1E-3,-7,true,null,"a \"quoted\" $ {x}","Größe\u000a"],"a":{"z":123456789012345678901234567890}})");
}

TEST(Template, RefusesWhatItCannotReadAndSaysWhere) {
    const std::pair<const char*, const char*> table[] = {
        {R"({"a":[{"x/y":"${-P3Q}"}]})", "/a/0/x~1y: not a date template such as ${-P3D} or ${date:-P3D}"},
        {R"({"a":"${-P3D"})", "/a: not a date template such as ${-P3D} or ${date:-P3D}"},
        {R"({"a":"${year:-P3D}"})", "/a: not a date template such as ${-P3D} or ${date:-P3D}"},
        {"{\"a\":\n  }", "not valid JSON at line 2, column 3"},
    };
    for (const auto& [json, complaint] : table) {
        const auto rendered = render_template(json, noon());
        ASSERT_FALSE(rendered.ok()) << json;
        EXPECT_EQ(describe(rendered.error()), complaint);
    }
}

}  // namespace
}  // namespace proctor::rules
