#include "publish/plan_definition.h"

#include <gtest/gtest.h>

#include <set>

#include "base/json.h"
#include "publish/data_needs.h"
#include "support/shipped_content.h"

namespace proctor::publish::plan_definition_test {
namespace {

using json = nlohmann::json;

const rules::Content& cards() { return *support::shipped_content(); }

json plan_of(const rules::LoadedRule& rule) {
    return json::parse(write_plan_definition(cards(), rule, "https://proctor.example/fhir"));
}

const rules::LoadedRule& rule_with(const std::string& code) {
    for (const auto& rule : cards().rules) {
        if (rule.rule.code == code) return rule;
    }
    ADD_FAILURE() << code;
    return cards().rules.front();
}

TEST(PlanDefinition, HasAnActionForEveryRowAndEveryOrder) {
    for (const auto& rule : cards().rules) {
        const json plan = plan_of(rule);
        EXPECT_EQ(plan["resourceType"], "PlanDefinition");
        const json& rows = plan["action"][0]["action"];
        ASSERT_EQ(rows.size(), rule.rule.decide.size()) << rule.rule.code;
        for (const json& row : rows) {
            EXPECT_EQ(row.value("action", json::array()).size(), rule.rule.orders.size()) << rule.rule.code;
            EXPECT_FALSE(row["condition"][0]["expression"]["expression"].get<std::string>().empty());
        }
    }
}

TEST(PlanDefinition, NamesHooksUrgencyAndEvidence) {
    const json plan = plan_of(rule_with("ADC-01"));
    EXPECT_EQ(plan["action"][0]["trigger"][0], (json{{"type", "named-event"}, {"name", "patient-view"}}));
    EXPECT_EQ(plan["action"][0]["action"][0]["priority"], "stat");
    EXPECT_EQ(plan["relatedArtifact"].size(), rule_with("ADC-01").rule.relatedArtifact.size());
    EXPECT_TRUE(plan["experimental"].get<bool>()) << "nobody has approved the content";
}

TEST(PlanDefinition, NeedsDataByValueSetsThatAreExported) {
    for (const auto& rule : cards().rules) {
        std::set<std::string> exported;
        for (const auto& id : value_sets_of(cards(), rule))
            exported.insert("https://proctor.example/fhir/ValueSet/" + id);
        for (const json& input : plan_of(rule)["action"][0].value("input", json::array())) {
            ASSERT_LE(input.value("codeFilter", json::array()).size(), 1U) << "filters of one input are a conjunction";
            for (const json& filter : input.value("codeFilter", json::array())) {
                if (filter.contains("valueSet")) {
                    EXPECT_TRUE(exported.contains(filter["valueSet"])) << rule.rule.code << filter;
                }
            }
        }
    }
}

TEST(PlanDefinition, StatesTheWindowOfItsData) {
    const json plan = plan_of(rule_with("ADC-25"));
    const json wanted = {
        {"path", "effective"},
        {"valueDuration", {{"value", 365}, {"unit", "days"}, {"system", "http://unitsofmeasure.org"}, {"code", "d"}}}};
    EXPECT_EQ(plan["action"][0]["input"][0]["dateFilter"][0], wanted);
}

}  // namespace
}  // namespace proctor::publish::plan_definition_test
