#include "rules/concept_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/chart.h"

namespace proctor::rules {
namespace {

using support::k_icd;
using support::k_rxnorm;
using support::k_snomed;
using testing::HasSubstr;

const Content& content() {
    static support::ContentBuilder builder;
    static const Content& made = [&]() -> const Content& {
        builder.code("bleeding", support::CodeUse::finding, {k_snomed, "12063002", "Rectal hemorrhage"});
        builder.code("bleeding", support::CodeUse::finding, {k_icd, "K62.5", "Hemorrhage of anus and rectum"});
        builder.family("hiv", support::CodeUse::finding, {k_icd, "B20", "HIV disease"});
        builder.code("anticoagulant", support::CodeUse::medication, {k_rxnorm, "11289", "warfarin"});
        return builder.build();
    }();
    return made;
}

std::string group(const std::string& source, std::string_view target, const std::string& elements) {
    return R"({"source":")" + source + R"(","target":")" + std::string(target) + R"(","element":[)" + elements + "]}";
}

std::string element(const std::string& code, const std::string& target, const std::string& equivalence = "equivalent") {
    const std::string to = target.empty() ? "" : R"("code":")" + target + R"(",)";
    return R"({"code":")" + code + R"(","target":[{)" + to + R"("equivalence":")" + equivalence + R"("}]})";
}

MapFile file(const std::string& groups, const std::string& name = "site.json") {
    return {name, R"({"resourceType":"ConceptMap","status":"active","group":[)" + groups + "]}"};
}

std::string error_of(const std::vector<MapFile>& files) {
    const auto map = read_concept_maps(files, content());
    return map ? "no error" : describe(map.error());
}

const std::string k_local = "https://ehr.example/*/codes";
const std::string k_here = "https://ehr.example/site-7/codes";

TEST(ConceptMap, ReadsEveryEquivalenceThatKeepsTheMeaning) {
    for (const char* equivalence : {"equal", "equivalent", "wider", "subsumes"}) {
        const auto map =
            read_concept_maps({file(group(k_local, k_snomed, element("RB", "12063002", equivalence)))}, content());
        ASSERT_TRUE(map) << describe(map.error());
        EXPECT_EQ(map->count, 1U);
        const auto* meanings = map->codes.find(k_here, "RB");
        ASSERT_NE(meanings, nullptr) << equivalence;
        ASSERT_EQ(meanings->size(), 1U);
        EXPECT_EQ(meanings->front().id, content().codes.find(k_snomed, "12063002"));
    }
}

TEST(ConceptMap, WhatWouldSayMoreThanTheChartIsNotUsedAndSaid) {
    for (const char* equivalence : {"narrower", "specializes", "inexact", "relatedto"}) {
        const auto map =
            read_concept_maps({file(group(k_local, k_snomed, element("RB", "12063002", equivalence)))}, content());
        ASSERT_TRUE(map) << describe(map.error());
        EXPECT_EQ(map->codes.find(k_here, "RB"), nullptr) << "still lost";
        ASSERT_EQ(map->warnings.size(), 1U);
        EXPECT_THAT(map->warnings[0], HasSubstr(std::string("site.json#/group/0/element/0/target/0: ") + equivalence));
    }
}

TEST(ConceptMap, UnmatchedIsKnownToMeanNothingHere) {
    const auto map = read_concept_maps({file(group(k_local, k_snomed, element("ADMIN", "", "unmatched")))}, content());
    ASSERT_TRUE(map) << describe(map.error());
    ASSERT_NE(map->codes.find(k_here, "ADMIN"), nullptr);
    EXPECT_TRUE(map->codes.find(k_here, "ADMIN")->empty());
    EXPECT_EQ(map->count, 0U);
}

TEST(ConceptMap, ACodeMayMeanACodeOfEachTargetSystemAndOneOfAFamily) {
    const auto map =
        read_concept_maps({file(group(k_local, k_snomed, element("RB", "12063002")) + "," +
                                group(k_local, k_icd, element("RB", "K62.5") + "," + element("H", "B20.9")))},
                          content());
    ASSERT_TRUE(map) << describe(map.error());
    EXPECT_EQ(map->codes.find(k_here, "RB")->size(), 2U);
    EXPECT_NE(map->codes.find(k_here, "H")->front().id, 0U);
}

TEST(ConceptMap, RxNormRelationsAreTheOnlyMapFromASystemThatIsRead) {
    const std::string rxnorm(k_rxnorm);
    const auto map = read_concept_maps({file(group(rxnorm, k_rxnorm, element("P1", "11289", "subsumes")))}, content());
    ASSERT_TRUE(map) << describe(map.error());
    EXPECT_EQ(map->codes.find(k_rxnorm, "P1")->front().code, "11289");
    EXPECT_THAT(error_of({file(group(std::string(k_snomed), k_icd, element("1", "K62.5")))}),
                HasSubstr("site.json#/group/0/source: the content reads http://snomed.info/sct itself"));
    EXPECT_THAT(error_of({file(group("http://*.info/sct", k_icd, element("1", "K62.5")))}),
                HasSubstr("the content reads"));
    EXPECT_THAT(error_of({file(group(rxnorm, k_snomed, element("1", "12063002")))}), HasSubstr("the content reads"));
    EXPECT_THAT(error_of({file(group(rxnorm, k_rxnorm, element("11289", "11289")))}),
                HasSubstr("element/0/code: the content knows this code itself"));
}

TEST(ConceptMap, SaysWhatIsWrongAndWhere) {
    const std::string bad_target =
        R"({"code":"RB","target":[{"code":"12063002","equivalence":"equal","dependsOn":[{}]}]})";
    const std::pair<MapFile, const char*> rows[] = {
        {file(group(k_local, k_snomed, element("RB", "NO-SUCH-CODE"))),
         "site.json#/group/0/element/0/target/0/code: the content does not know this code"},
        {file(group(k_local, k_icd, element("RB", "k625"))), "does not know this code, did you mean \"K62.5\"?"},
        {file(group(k_local, "http://snomed.info/stc", element("RB", "12063002"))),
         "group/0/target: the content reads no code of this system, did you mean \"http://snomed.info/sct\"?"},
        {file(group("https://*/*/x", k_snomed, element("RB", "12063002"))), "group/0: \"source\""},
        {file(group("", k_snomed, element("RB", "12063002"))), "group/0: \"source\""},
        {file(group(k_local, k_snomed, element("", "12063002"))), "element/0: has no \"code\""},
        {file(group(k_local, k_snomed, element("RB", ""))), "target/0: has no \"code\""},
        {file(group(k_local, k_snomed, R"({"code":"RB"})")), "element/0: has no list \"target\""},
        {file(group(k_local, k_snomed, "")), "group/0: has no list \"element\""},
        {file(""), "site.json: has no list \"group\""},
        {file(group(k_local, k_snomed, element("RB", "12063002", "equivalnt"))), "did you mean \"equivalent\"?"},
        {file(group(k_local, k_snomed, element("RB", "12063002", ""))), "has no \"equivalence\" (FHIR R4)"},
        {file(group(k_local, k_snomed, bad_target)), "\"dependsOn\" and \"product\" are not read"},
        {file(R"({"source":"urn:x","target":"http://snomed.info/sct","element":[)" + element("RB", "12063002") +
              R"(],"unmapped":{"mode":"fixed","code":"12063002"}})"),
         "what no element names is never mapped"},
        {{"site.json", R"({"resourceType":"ValueSet"})"}, "site.json: is not a FHIR R4 ConceptMap"},
        {{"site.json", R"({"resourceType":"ConceptMap","status":"retired"})"},
         "site.json#/status: this map is retired"},
        {{"site.json", "{"}, "site.json"},
    };
    for (const auto& [map, message] : rows) EXPECT_THAT(error_of({map}), HasSubstr(message)) << map.text;
}

TEST(ConceptMap, TwoMapsThatContradictEachOtherAreAnError) {
    const MapFile one = file(group(k_local, k_icd, element("RB", "K62.5")), "one.json");
    const MapFile same = file(group(k_here, k_icd, element("RB", "K62.5")), "same.json");
    const MapFile other = file(group(k_here, k_icd, element("RB", "B20")), "other.json");
    const MapFile none = file(group(k_local, k_icd, element("RB", "", "unmatched")), "none.json");
    const MapFile elsewhere = file(group("https://lab.example/codes", k_icd, element("RB", "B20")), "elsewhere.json");
    EXPECT_EQ(error_of({one, same, elsewhere}), "no error");
    EXPECT_THAT(error_of({one, other}),
                HasSubstr("other.json#/group/0/element/0: contradicts one.json#/group/0/element/0"));
    EXPECT_THAT(error_of({one, none}), HasSubstr("contradicts"));
}

}  // namespace
}  // namespace proctor::rules
