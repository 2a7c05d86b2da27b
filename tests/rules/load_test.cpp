#include <gtest/gtest.h>

#include <algorithm>

#include "rules/sample_content.h"

namespace proctor::rules {
namespace {

TEST(Load, ReadsNumbersExactly) {
    const auto conversion = [](const std::string& quantity, const std::string& unit) {
        const auto& kinds = sample_content().quantities;
        const auto same = [&](const QuantityKind& kind) { return kind.id == quantity; };
        return std::find_if(kinds.begin(), kinds.end(), same)->units.at(unit);
    };
    EXPECT_EQ(conversion("haemoglobin", "mmol/L").numerator, 16'114'000);
    const Conversion fahrenheit = conversion("temperature", "[degF]");
    EXPECT_EQ(fahrenheit.numerator, 5'000'000);
    EXPECT_EQ(fahrenheit.denominator, 9'000'000);
    EXPECT_EQ(fahrenheit.offset, 32'000'000);
}

TEST(Load, PutsRulesInTheOrderOfTheirCodes) {
    std::string codes;
    for (const LoadedRule& rule : sample_content().rules) codes += rule.rule.code + " ";
    EXPECT_EQ(codes, "ADC-02 ADC-12 ADC-99 ");
}

TEST(Load, PutsConditionsAfterThoseTheyName) {
    std::vector<std::string> names;
    for (const Condition& condition : sample_content().conditions) names.push_back(condition.name);
    EXPECT_EQ(names, (std::vector<std::string>{"low-pressure", "unstable", "bleeding"}));
}

TEST(Load, ContentWithoutAnApprovalIsNotApproved) {
    EXPECT_FALSE(sample_content().manifest.approved);
    ScratchContent scratch;
    scratch.replace("manifest.json", "null",
                    R"({"date": "2026-01-31", "role": "Consultant", "text": "Approved for a trial"})");
    const auto content = scratch.load();
    ASSERT_TRUE(content.ok()) << describe(content.error());
    EXPECT_TRUE((*content)->manifest.approved);
    EXPECT_EQ((*content)->manifest.approval, "Approved for a trial");
}

TEST(Load, CodesThatAFindingSettlesAreInTheTable) {
    const Content& content = sample_content();
    const fhir::CodeId id = content.codes.find("http://hl7.org/fhir/sid/icd-10-cm", "R19.5");
    ASSERT_NE(id, 0U);
    const auto& row = content.codes.row(content.codes.rows(id).front());
    EXPECT_EQ(row.strength, fhir::CodeStrength::weak);
    EXPECT_EQ(content.valueSets[row.value_set].id, "settles/melaena");
}

TEST(Load, FamiliesCoverTheirCodesButNotTheExcluded) {
    const fhir::CodeTable& codes = sample_content().codes;
    EXPECT_NE(codes.find("http://hl7.org/fhir/sid/icd-10-cm", "K62.5"), 0U);
    EXPECT_NE(codes.find("http://hl7.org/fhir/sid/icd-10-cm", "K62.51"), 0U);
    EXPECT_EQ(codes.find("http://hl7.org/fhir/sid/icd-10-cm", "K62.59"), 0U);
    EXPECT_EQ(codes.find("http://hl7.org/fhir/sid/icd-10-cm", "K62.6"), 0U);
}

TEST(Load, RendersEachCaseToABundleOfOnePatient) {
    const Case& example = sample_rule("rectal-bleeding").cases.front();
    EXPECT_EQ(
        example.bundle,
        R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":{"birthDate":"1960-03-01","gender":"female",)"
        R"("resourceType":"Patient","id":"case"}},{"resource":{"resourceType":"Condition","code":{"coding":[)"
        R"({"system":"http://snomed.info/sct","code":"12063002"}]},"recordedDate":"2026-06-12T12:00:00Z",)"
        R"("subject":{"reference":"Patient/case"}}}]})");
}

TEST(Load, TheRevisionFollowsEveryFile) {
    ScratchContent scratch;
    const auto before = scratch.load();
    ASSERT_TRUE(before.ok()) << describe(before.error());
    EXPECT_EQ((*before)->revision, sample_content().revision);
    EXPECT_EQ((*before)->revision.size(), 12U);
    scratch.replace("rules/old-rule/evidence.md", "Kept", "Still kept");
    EXPECT_NE((*scratch.load())->revision, (*before)->revision);
}

TEST(Load, SaysEveryThingThatIsWrongInAFile) {
    ScratchContent scratch;
    scratch.replace("findings.json", R"("valueSet": "melaena")", R"("valueSet": "melena")");
    scratch.replace("findings.json", "gums?", "gums(");
    EXPECT_EQ(scratch.complaint(),
              "findings.json#/rectal-bleeding/notAbout/0: not a pattern that RE2 takes: missing ): gums(\n"
              "findings.json#/melaena/valueSet: no value set is called \"melena\", did you mean \"melaena\"?");
}

struct Mistake {
    const char* file;
    const char* from;
    const char* to;
    const char* complaint;
};

class LoadRefuses : public testing::TestWithParam<Mistake> {};

TEST_P(LoadRefuses, WithFilePointerAndReason) {
    ScratchContent scratch;
    scratch.replace(GetParam().file, GetParam().from, GetParam().to);
    EXPECT_EQ(scratch.complaint(), GetParam().complaint);
}

constexpr const char* k_rule = "rules/rectal-bleeding/rule.json";
constexpr const char* k_cases = "rules/rectal-bleeding/cases.json";
constexpr const char* k_text = "rules/rectal-bleeding/text.en.json";

INSTANTIATE_TEST_SUITE_P(
    Vocabulary, LoadRefuses,
    testing::Values(
        Mistake{"manifest.json", R"("name")", R"("nmae")",
                "manifest.json: unknown member \"nmae\", did you mean \"name\"?\nmanifest.json: the member "
                "\"name\" is missing"},
        Mistake{"manifest.json", "{", "{,", "manifest.json: not valid JSON at line 1, column 2"},
        Mistake{"manifest.json", "{", R"({"name": "x", )", "manifest.json#/name: the member stands twice"},
        Mistake{"valuesets/melaena.json", R"("id": "melaena")", R"("id": "melena")",
                "valuesets/melaena.json#/id: the id is the file's name"},
        Mistake{"valuesets/melaena.json", R"("valueCode": "finding")", R"("valueCode": "findings")",
                "valuesets/melaena.json#/compose/include/0/extension/0/valueCode: no use is called "
                "\"findings\", did you mean \"finding\"?"},
        Mistake{"valuesets/rectal-bleeding.json", R"(K62\\.5.*)", R"(K62\\.[5-6])",
                "valuesets/rectal-bleeding.json#/compose/include/1/filter/0/value: a family of codes is a "
                "literal start and \".*\", such as K62\\.8.*"},
        Mistake{"valuesets/heart-rate.json", R"({"code": "8867-4")", R"({"code": "8867-4"}, {"code": "8867-4")",
                "valuesets/heart-rate.json#/compose/include/0/concept/1: the code stands twice in this value "
                "set"},
        Mistake{"findings.json", R"("valueSet": "rectal-bleeding")", R"("valueSet": "rectal-bleding")",
                "findings.json#/rectal-bleeding/valueSet: no value set is called \"rectal-bleding\", did you "
                "mean \"rectal-bleeding\"?"},
        Mistake{"findings.json", "mela?ena", "(mela",
                "findings.json#/melaena/words/0: not a pattern that RE2 takes: missing ): (mela"},
        Mistake{"findings.json", R"("valueSet": "heart-disease")", R"("notAbout": ["x"])",
                "findings.json#/heart-disease: nothing ever counts for this finding: no strong code, no "
                "words, nothing settled"},
        Mistake{"findings.json", R"(, "words": ["tarry"])", "",
                "findings.json#/melaena/settledBy/1: an entry settles by \"words\", by \"titleOnly\" or "
                "\"alone\""},
        Mistake{"quantities.json", R"("mmol/L": 16.114)", R"("mmol/L": 16.1140001)",
                "quantities.json#/haemoglobin/units/mmol~1L: numbers have at most six decimals, and no exponent"},
        Mistake{"quantities.json", R"("Cel": 1, )", "",
                "quantities.json#/temperature/units: the unit \"Cel\" itself is missing"},
        Mistake{"quantities.json", "[20, 260]", "[260, 20]",
                "quantities.json#/haemoglobin/plausible: the lower end comes first"},
        Mistake{"scores.json", R"("low": 131)", R"("low": 40)",
                "scores.json#/scores/alarm/items/0/bands/1: bands ascend and do not overlap"},
        Mistake{"answers.json", R"("clauseEnd")", R"("clauseEnds")",
                "answers.json: unknown member \"clauseEnds\", did you mean \"clauseEnd\"?\nanswers.json: the "
                "member \"clauseEnd\" is missing"}));

INSTANTIATE_TEST_SUITE_P(
    Tests, LoadRefuses,
    testing::Values(
        Mistake{"facts.json", R"("observationWithin")", R"("observationsWithin")",
                "facts.json#/melaena: unknown member \"observationsWithin\", did you mean "
                "\"observationWithin\"?"},
        Mistake{"facts.json", R"("medication": "anticoagulant")", R"("drug": "anticoagulant")",
                "facts.json#/anticoagulant: unknown member \"drug\""},
        Mistake{"facts.json", R"(, "assume": 40)", "",
                "facts.json#/age: \"age\" needs \"assume\", the years to go by when no birth date is known"},
        Mistake{"facts.json", R"("heart-disease": {)", R"("Heart": {)",
                "facts.json#/Heart: names are lower-case-with-hyphens"},
        Mistake{"facts.json", R"("heart-disease": {)", R"("any": {)",
                "facts.json#/any: \"any\" is a word of the language"},
        Mistake{"conditions.json", R"({"any": ["rectal-bleeding", "melaena"]})",
                R"({"any": ["rectal-bleeding", "unstable-bleeding"]}},
            "unstable-bleeding": {"title": "x", "is": "bleeding")",
                "conditions.json#/bleeding/is: conditions name each other: bleeding, unstable-bleeding, "
                "bleeding"},
        Mistake{"conditions.json", R"("bleeding": {)", R"("melaena": {"title": "x", "is": true}, "bleeding": {)",
                "conditions.json#/melaena: a shared fact has this name already"},
        Mistake{"conditions.json", R"({"any": ["rectal-bleeding", "melaena"]})", R"({"any": []})",
                "conditions.json#/bleeding/is/any: Array should contain no fewer than 1 elements."},
        Mistake{"orders.json", R"("satisfiedBy": "order-colonoscopy")", R"("satisfiedBy": "colonoscopy")",
                "orders.json#/colonoscopy/satisfiedBy: no value set is called \"colonoscopy\""},
        Mistake{"override-reasons.json", R"("data-wrong": "The data are wrong")", R"("data-wrong": 1)",
                "override-reasons.json#/data-wrong: the wrong type of value"},
        Mistake{"override-reasons.json", R"("data-wrong": "The data are wrong")",
                R"("data-wrong": {"display": "The data are wrong"})",
                "override-reasons.json#/data-wrong: the member \"note\" is missing"},
        Mistake{"override-reasons.json", R"("data-wrong": "The data are wrong")",
                R"("data-wrong": {"display": "a", "note": "b", "next": "without-order"})",
                "override-reasons.json#/data-wrong/next: not one of the allowed values, did you mean "
                "\"without-orders\"?"}));

INSTANTIATE_TEST_SUITE_P(
    Rules, LoadRefuses,
    testing::Values(
        Mistake{k_rule, R"("id": "rectal-bleeding")", R"("id": "bleeding")",
                "rules/rectal-bleeding/rule.json#/id: the id is the folder's name"},
        Mistake{k_rule, R"("code": "ADC-12")", R"("code": "12")",
                "rules/rectal-bleeding/rule.json#/code: a rule's code is ADC- and a number"},
        Mistake{k_rule, "https://example.org/sample", "javascript:alert(1)",
                "rules/rectal-bleeding/rule.json#/relatedArtifact/0/url: not in the expected form"},
        Mistake{"rules/severe-anaemia/rule.json", R"("code": "ADC-02")", R"("code": "ADC-12")",
                "rules/severe-anaemia/rule.json#/code: the rule \"rectal-bleeding\" has this code already"},
        Mistake{"rules/severe-anaemia/rule.json", R"("absorbs": ["ADC-12"])", R"("absorbs": ["ADC-13"])",
                "rules/severe-anaemia/rule.json#/decide/0/absorbs/0: no rule is called \"ADC-13\", did you "
                "mean \"ADC-12\"?"},
        Mistake{"rules/severe-anaemia/rule.json", R"("absorbs": ["ADC-12"])", R"("absorbs": ["ADC-99"])",
                "rules/severe-anaemia/rule.json#/decide/0/absorbs/0: the text of ADC-99 has no \"absorbed\" "
                "line"},
        Mistake{k_rule, R"("indicator": "warning")", R"("indicator": "urgent")",
                "rules/rectal-bleeding/rule.json#/decide/1/indicator: not one of the allowed values: info, warning, "
                "critical"},
        Mistake{k_rule, R"("id": "lasting")", R"("id": "bleeding")",
                "rules/rectal-bleeding/rule.json#/decide/2/id: another row has this id"},
        Mistake{k_rule, R"("long-ago": {)", R"("melaena": {)",
                "rules/rectal-bleeding/rule.json#/facts/melaena: a shared fact has this name already\n"
                "rules/rectal-bleeding/rule.json#/decide/2/if/all/0: no fact or condition is called "
                "\"long-ago\""},
        Mistake{k_rule, R"({"order": "full-blood-count"})", R"({"order": "full-blod-count"})",
                "rules/rectal-bleeding/rule.json#/orders/0/order: no order is called \"full-blod-count\", "
                "did you mean \"full-blood-count\"?"},
        Mistake{k_rule, R"("already-ordered")", R"("ordered")",
                "rules/rectal-bleeding/rule.json#/overrideReasons/0: no override reason is called \"ordered\""},
        Mistake{k_text, R"("unstable": {)", R"("instable": {)",
                "rules/rectal-bleeding/text.en.json#/rows/instable: no row is called \"instable\", did you "
                "mean \"unstable\"?"},
        Mistake{k_text, "Rectal bleeding: examine the patient",
                "0123456789012345678901234567890123456789012345678901234567890123456789"
                "0123456789012345678901234567890123456789012345678901234567890123456789",
                "rules/rectal-bleeding/text.en.json#/summary: a summary is under 140 characters, this one "
                "has 140"},
        Mistake{k_cases, R"("expect": "bleeding")", R"("expect": "bleding")",
                "rules/rectal-bleeding/cases.json#/0/expect: no row is called \"bleding\", did you mean "
                "\"bleeding\"?"},
        Mistake{k_cases, "${-P3D}", "${-3D}",
                "rules/rectal-bleeding/cases.json#/0: not a date template such as ${-P3D} or ${date:-P3D}, "
                "at resources/0/recordedDate"},
        Mistake{k_cases, "2026-06-15T12:00:00Z", "15 June",
                "rules/rectal-bleeding/cases.json#/0/asOf: not an instant such as 2026-06-15T12:00:00Z"},
        Mistake{k_cases, R"("expect": "bleeding")",
                R"("expect": "bleeding", "alsoWith": [{"for": "87763006", "codes": {"urn:x": ["1"]}}])",
                "rules/rectal-bleeding/cases.json#/0/alsoWith/0/for: no coding of this case has the code 87763006"},
        Mistake{k_cases, R"("expect": "bleeding")",
                R"("expect": "bleeding", "alsoWith": [{"for": "12063002", "codes": {"urn:x": ["1", "1"]}}])",
                "rules/rectal-bleeding/cases.json#/0/alsoWith/0/codes/urn:x/1: this case has 1 already"},
        Mistake{k_cases, R"("expect": "bleeding")", R"("expect": "bleeding", "alsoWith": [{"for": "12063002",
                "codes": {"http://snomed.info/sct": ["12063002"]}}])",
                "rules/rectal-bleeding/cases.json#/0/alsoWith/0/codes/http:~1~1snomed.info~1sct/0: this case has "
                "12063002 already"},
        Mistake{k_cases, R"("expect": "bleeding")",
                R"("expect": "bleeding", "alsoWith": [{"for": "12063002", "codes": {"urn:x": []}}])",
                "rules/rectal-bleeding/cases.json#/0/alsoWith/0/codes/urn:x: Array should contain no fewer than 1 "
                "elements."},
        Mistake{k_cases, R"(["vital-signs"])", R"(["vitals"])",
                "rules/rectal-bleeding/cases.json#/4/notSupplied/0: not one of the allowed values: patient, condition, "
                "laboratory, vital-signs, survey, exam, procedure, service-request, encounter, medication-request, "
                "medication-statement, medication-administration"}));

INSTANTIATE_TEST_SUITE_P(
    ClosedLists, LoadRefuses,
    testing::Values(
        Mistake{k_rule, R"("hooks": ["patient-view"])", R"("hooks": ["patient-veiw"])",
                "rules/rectal-bleeding/rule.json#/hooks/0: not one of the allowed values, did you mean "
                "\"patient-view\"?"},
        Mistake{k_rule, R"("status": "active")", R"("status": "activ")",
                "rules/rectal-bleeding/rule.json#/status: not one of the allowed values, did you mean \"active\"?"},
        Mistake{k_rule, R"("status": "active")", R"("status": "unknown")",  // a value set may be that, a rule not
                "rules/rectal-bleeding/rule.json#/status: not one of the allowed values: draft, active, retired"},
        Mistake{k_rule, R"("indicator": "warning")", R"("indicator": "warnign")",
                "rules/rectal-bleeding/rule.json#/decide/1/indicator: not one of the allowed values, did you mean "
                "\"warning\"?"},
        Mistake{k_rule, R"({"seed": "critical"})", R"({"seed": "kritical"})",
                "rules/rectal-bleeding/rule.json#/decide/1/profiles/seed: not one of the allowed values, did you mean "
                "\"critical\"?"},
        Mistake{k_rule, R"({"seed": "critical"})", R"({"seeds": "critical"})",
                "rules/rectal-bleeding/rule.json#/decide/1/profiles: unknown member \"seeds\", did you mean \"seed\"?"},
        Mistake{k_rule, R"("type": "citation")", R"("type": "citaton")",
                "rules/rectal-bleeding/rule.json#/relatedArtifact/0/type: not one of the allowed values, did you mean "
                "\"citation\"?"},
        Mistake{k_rule, R"("long-ago": {)",
                R"("mine": {"finding": "melaena", "title": "x", "from": "condition"}, "long-ago": {)",
                "rules/rectal-bleeding/rule.json#/facts/mine/from: not one of the allowed values, did you mean "
                "\"Condition\"?"},
        Mistake{"facts.json", R"("from": "Condition")", R"("from": "Conditions")",
                "facts.json#/heart-disease/from: not one of the allowed values, did you mean \"Condition\"?"},
        Mistake{"facts.json", R"("patient": "age")", R"("patient": "ages")",
                "facts.json#/age/patient: not one of the allowed values, did you mean \"age\"?"},
        Mistake{"orders.json", R"("kind": "procedure")", R"("kind": "procedures")",
                "orders.json#/colonoscopy/kind: not one of the allowed values, did you mean \"procedure\"?"},
        Mistake{"orders.json", R"("kind": "procedure")", R"("kind": 7)",
                "orders.json#/colonoscopy/kind: not one of the allowed values"},
        Mistake{"quantities.json", R"("category": "laboratory")", R"("category": "labratory")",
                "quantities.json#/haemoglobin/category: not one of the allowed values, did you mean \"laboratory\"?"},
        Mistake{"findings.json", R"("valueSet": "heart-disease")",
                R"("valueSet": "heart-disease", "category": ["survay"])",
                "findings.json#/heart-disease/category/0: not one of the allowed values, did you mean \"survey\"?"},
        Mistake{"valuesets/melaena.json", R"("status": "draft")", R"("status": "drafts")",
                "valuesets/melaena.json#/status: not one of the allowed values, did you mean \"draft\"?"},
        Mistake{k_cases, R"(["vital-signs"])", R"(["vital-sings"])",
                "rules/rectal-bleeding/cases.json#/4/notSupplied/0: not one of the allowed values, did you mean "
                "\"vital-signs\"?"},
        Mistake{k_cases, R"("expect": "bleeding")", R"("profile": "sede", "expect": "bleeding")",
                "rules/rectal-bleeding/cases.json#/0/profile: not one of the allowed values, did you mean \"seed\"?"},
        Mistake{
            k_cases, R"("expect": "bleeding")", R"("hook": "order-sing", "expect": "bleeding")",
            "rules/rectal-bleeding/cases.json#/0/hook: not one of the allowed values, did you mean \"order-sign\"?"}));

TEST(Load, ACaseStandsOnceMoreForEachCodeItHoldsWithAsWell) {
    ScratchContent scratch;
    scratch.replace(k_cases, R"("expect": "bleeding")", R"("expect": "bleeding", "conditions": [
        {"resourceType": "Condition", "code": {"text": "bleeding", "coding": [
            {"system": "http://snomed.info/sct", "code": "12063002", "display": "Rectal haemorrhage"}]}}],
        "alsoWith": [{"for": "12063002", "codes": {"urn:x": ["1", "2"], "urn:y": ["1"]}}])");
    const auto content = scratch.load();
    ASSERT_TRUE(content.ok()) << describe(content.error());
    std::vector<std::string> titles;
    for (const Case& example : (*content)->rules[1].cases) {
        if (example.item != 0) continue;
        titles.push_back(example.title);
        EXPECT_EQ(example.also, titles.size() > 1);
        for (const std::string* text : {&example.bundle, &example.conditions}) {
            EXPECT_EQ(text->find("12063002") == std::string::npos, example.also) << *text;
        }
        EXPECT_EQ(example.conditions.find("Rectal haemorrhage") == std::string::npos, example.also);
        EXPECT_NE(example.conditions.find(R"("text":"bleeding")"), std::string::npos);
    }
    EXPECT_EQ(titles, (std::vector<std::string>{"Bleeding three days ago", "Bleeding three days ago, with urn:x|1",
                                                "Bleeding three days ago, with urn:x|2",
                                                "Bleeding three days ago, with urn:y|1"}));
    EXPECT_NE((*content)->rules[1].cases[3].bundle.find(R"({"system":"urn:y","code":"1"})"), std::string::npos);
}

TEST(Load, SaysWhichFileIsMissing) {
    for (const char* file :
         {"findings.json", "rules/rectal-bleeding/text.en.json", "rules/rectal-bleeding/evidence.md"}) {
        ScratchContent scratch;
        scratch.remove(file);
        EXPECT_EQ(scratch.complaint(), std::string(file) + ": the file is missing or cannot be read");
    }
    ScratchContent scratch;
    scratch.remove("schemas");
    EXPECT_EQ(scratch.complaint(), "schemas: no JSON Schemas (*.schema.json) here");
    EXPECT_EQ(describe(load_content("/nowhere/at/all").error()), "/nowhere/at/all: there is no such folder");
}

TEST(Load, ContentIsNeverWithoutTheRulesThatItShouldHave) {
    constexpr const char* k_unread = "rules: the folder cannot be read: ";
    ScratchContent missing;
    missing.remove("rules");
    EXPECT_EQ(missing.complaint(), k_unread + std::string("No such file or directory"));
    ScratchContent without_value_sets;
    without_value_sets.remove("valuesets");
    EXPECT_EQ(without_value_sets.complaint(), "valuesets: the folder cannot be read: No such file or directory");
    ScratchContent dangling;
    dangling.remove("rules");
    dangling.link("rules", "nowhere");
    EXPECT_EQ(dangling.complaint(), k_unread + std::string("No such file or directory"));
    ScratchContent no_folder;
    no_folder.remove("rules");
    no_folder.write("rules", "");
    EXPECT_EQ(no_folder.complaint(), k_unread + std::string("Not a directory"));
    ScratchContent half;
    half.remove("rules/old-rule");
    half.remove("rules/severe-anaemia");
    EXPECT_EQ(half.complaint(),
              "rules/old-rule: manifest.json lists this rule, and it is missing\n"
              "rules/severe-anaemia: manifest.json lists this rule, and it is missing");
    ScratchContent more;
    more.replace("manifest.json", R"("old-rule", )", "");
    EXPECT_EQ(more.complaint(),
              "rules/old-rule: manifest.json does not list this rule; add \"old-rule\" to its \"rules\"");
    ScratchContent none;
    none.replace("manifest.json", R"("old-rule", "rectal-bleeding", "severe-anaemia")", "");
    for (const char* rule : {"old-rule", "rectal-bleeding", "severe-anaemia"})
        none.remove(std::string("rules/") + rule);
    EXPECT_EQ(none.complaint(), "manifest.json#/rules: no rule is listed");
    ScratchContent unsaid;
    unsaid.replace("manifest.json", R"("rules")", R"("ruless")");
    EXPECT_EQ(unsaid.complaint(),
              "manifest.json: unknown member \"ruless\", did you mean \"rules\"?\n"
              "manifest.json: the member \"rules\" is missing");
}

TEST(Load, ASchemaThatIsBrokenOrMissingIsSaidAndEndsNothing) {
    ScratchContent missing;
    missing.own_schemas();
    missing.remove("schemas/facts.schema.json");
    EXPECT_EQ(missing.complaint(),
              "schemas/rule.schema.json: not a usable JSON Schema: Failed to fetch referenced schema document: "
              "facts.schema.json");
    for (const auto& [from, to] :
         {std::pair{R"("pattern": "^[0-9]+)", R"("pattern": "^([0-9]+)"},
          std::pair{R"("#/definitions/hook")", R"("#/definitions/hok")"}, std::pair{R"("#/definitions/hook")", "7"},
          std::pair{R"("minItems": 1)", R"("minItems": -1)"},
          std::pair{R"("definitions": {)", R"("definitions": {,)"}}) {
        ScratchContent scratch;
        scratch.own_schemas();
        scratch.replace("schemas/rule.schema.json", from, to);
        EXPECT_NE(scratch.complaint().find("JSON Schema"), std::string::npos) << to << ": " << scratch.complaint();
        EXPECT_NE(scratch.complaint().find("rule.schema.json: "), std::string::npos) << to << scratch.complaint();
    }
}

}  // namespace
}  // namespace proctor::rules
