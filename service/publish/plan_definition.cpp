#include "publish/plan_definition.h"

#include <algorithm>
#include <cctype>

#include "base/json.h"
#include "publish/data_needs.h"
#include "publish/evidence.h"
#include "rules/describe.h"

namespace proctor::publish {
namespace {

using json = nlohmann::ordered_json;

void put(json& object, const char* name, const std::string& value) {
    if (!value.empty()) object[name] = value;
}

// "visible-rectal-bleeding" as a name for machines: "VisibleRectalBleeding".
std::string name_of(const std::string& id) {
    std::string name;
    bool start = true;
    for (const char c : id) {
        if (c != '-') name += start ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        start = c == '-';
    }
    return name;
}

// RequestPriority (FHIR R4) of a card's indicator.
const char* priority_of(rules::Indicator indicator) {
    switch (indicator) {
        case rules::Indicator::critical: return "stat";
        case rules::Indicator::warning: return "urgent";
        case rules::Indicator::info: return "routine";
    }
    return "";
}

std::string logic_in_words(const rules::Outline& outline, const std::string& indent) {
    std::string words = indent + outline.words + "\n";
    for (const auto& part : outline.parts) words += logic_in_words(part, indent + "  ");
    return words;
}

json applicability(const std::string& words) {
    return {{"kind", "applicability"}, {"expression", {{"language", "text/plain"}, {"expression", words}}}};
}

class PlanDefinition {
public:
    PlanDefinition(const rules::Content& content, const rules::LoadedRule& rule, std::string base)
        : content_(content), rule_(rule), described_(rules::describe(content, rule)), base_(std::move(base)) {}

    json write() {
        json plan = identity();
        dates(plan);
        texts(plan);
        for (const auto& citation : rule_.rule.relatedArtifact) {
            json artifact = {{"type", "citation"}, {"label", citation.label}, {"citation", citation.citation}};
            put(artifact, "url", citation.url);
            plan["relatedArtifact"].push_back(std::move(artifact));
        }
        plan["action"].push_back(action());
        return plan;
    }

private:
    json identity() {
        const rules::Rule& rule = rule_.rule;
        return {
            {"resourceType", "PlanDefinition"},
            {"id", rule.id},
            {"url", base_ + "/PlanDefinition/" + rule.id},
            {"identifier", {{{"system", base_ + "/rule"}, {"value", rule.code}}}},
            {"version", rule.version},
            {"name", name_of(rule.id)},
            {"title", rule.title},
            {"type",
             {{"coding",
               {{{"system", "http://terminology.hl7.org/CodeSystem/plan-definition-type"}, {"code", "eca-rule"}}}}}},
            {"status", rule.status == rules::RuleStatus::active    ? "active"
                       : rule.status == rules::RuleStatus::retired ? "retired"
                                                                   : "draft"},
            {"experimental", !content_.manifest.approved}};
    }

    void dates(json& plan) const {
        const auto& released = content_.sourceAttributes;
        plan["date"] = rule_.rule.date.empty() ? released.released : rule_.rule.date;
        plan["publisher"] = released.developer;
        put(plan, "approvalDate", rule_.rule.approvalDate);
        put(plan, "lastReviewDate", rule_.rule.lastReviewDate);
    }

    void texts(json& plan) const {
        put(plan, "description", section_of(rule_.evidence, "What the rule does"));
        put(plan, "purpose", rule_.text.why);
        const std::string limits = section_of(rule_.evidence, "Limits"), misuse = section_of(rule_.evidence, "Misuse");
        put(plan, "usage", limits + (limits.empty() || misuse.empty() ? "" : "\n\n") + misuse);
    }

    json action() {
        json group = {{"title", rule_.rule.title}};
        for (const auto& hook : rule_.rule.hooks) group["trigger"].push_back({{"type", "named-event"}, {"name", hook}});
        for (const auto& fact : described_.facts) {
            for (const DataNeed& need : data_needs(content_, fact)) add_inputs(group, need);
        }
        group["groupingBehavior"] = "logical-group";
        group["selectionBehavior"] = "at-most-one";
        for (const auto& row : described_.rows) group["action"].push_back(row_action(row));
        return group;
    }

    // Filters of one input are a conjunction, so each value set is an input of its own.
    void add_inputs(json& group, const DataNeed& need) const {
        json input = {{"type", need.type}};
        if (need.type == "Patient") input["mustSupport"] = json::array({need.path});
        if (need.valueSets.empty() && need.codes.empty()) return add_once(group["input"], std::move(input), need);
        const std::string path = need.path == "medication" ? "medication.ofType(CodeableConcept)" : need.path;
        for (const auto& id : need.valueSets) {
            json of_set = input;
            of_set["codeFilter"].push_back({{"path", path}, {"valueSet", value_set_url(id)}});
            add_once(group["input"], std::move(of_set), need);
        }
        if (need.codes.empty()) return;
        json filter = {{"path", path}};
        for (const auto& [system, code] : need.codes) filter["code"].push_back({{"system", system}, {"code", code}});
        input["codeFilter"].push_back(std::move(filter));
        add_once(group["input"], std::move(input), need);
    }

    static void add_once(json& inputs, json&& input, const DataNeed& need) {
        if (need.within)
            input["dateFilter"].push_back({{"path", need.datePath}, {"valueDuration", window(*need.within)}});
        if (std::find(inputs.begin(), inputs.end(), input) == inputs.end()) inputs.push_back(std::move(input));
    }

    static json window(rules::Duration within) {
        const auto hours = std::chrono::duration_cast<std::chrono::hours>(within).count();
        const bool days = hours % 24 == 0;
        return {{"value", days ? hours / 24 : hours},
                {"unit", days ? "days" : "hours"},
                {"system", "http://unitsofmeasure.org"},
                {"code", days ? "d" : "h"}};
    }

    [[nodiscard]] std::string value_set_url(const std::string& id) const {
        for (const auto& set : content_.valueSets) {
            if (set.id == id) return set.url;
        }
        return base_ + "/ValueSet/" + id;
    }

    json row_action(const rules::RowDescription& row) const {
        json action = {{"title", row.row->id},
                       {"description", row.summary},
                       {"priority", priority_of(row.row->indicator)},
                       {"condition", {applicability(logic_in_words(row.when, ""))}}};
        for (const auto& order : described_.orders) action["action"].push_back(order_action(order));
        if (action.contains("action")) action["selectionBehavior"] = "any";
        return action;
    }

    static json order_action(const rules::OrderDescription& described) {
        const rules::Order& order = *described.order;
        json action = {
            {"title", order.label},
            {"code", {{{"coding", {{{"system", order.system}, {"code", order.code}, {"display", order.display}}}}}}},
            {"type",
             {{"coding", {{{"system", "http://terminology.hl7.org/CodeSystem/action-type"}, {"code", "create"}}}}}}};
        if (!described.when.empty()) action["condition"].push_back(applicability(described.when));
        return action;
    }

    const rules::Content& content_;
    const rules::LoadedRule& rule_;
    rules::RuleDescription described_;
    std::string base_;
};

}  // namespace

std::string write_plan_definition(const rules::Content& content, const rules::LoadedRule& rule,
                                  const std::string& base) {
    return PlanDefinition(content, rule, base).write().dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace proctor::publish
