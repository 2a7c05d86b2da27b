// rule.json and text.en.json of one rule.
#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "rules/parse.h"

namespace proctor::rules {
namespace {

RuleStatus read_status(const Reader& at) {
    const std::string name = at.text();
    return name == "active" ? RuleStatus::active : name == "retired" ? RuleStatus::retired : RuleStatus::draft;
}

Row read_row(const Reader& at, const Scope& scope) {
    Row row;
    row.id = at["id"].text();
    if (!is_name(row.id)) at["id"].fail("names are lower-case-with-hyphens");
    row.condition = read_test(at["if"], scope);
    row.indicator = read_indicator(at["indicator"]);
    for (const auto& [profile, value] : at["profiles"].members()) row.profiles[profile] = read_indicator(value);
    row.absorbs = at["absorbs"].texts();
    return row;
}

void read_rows(const Reader& at, const Scope& scope, Rule& rule) {
    for (const Reader& item : at.items()) {
        Row row = read_row(item, scope);
        const auto same = [&](const Row& other) { return other.id == row.id; };
        if (std::any_of(rule.decide.begin(), rule.decide.end(), same)) item["id"].fail("another row has this id");
        rule.decide.push_back(std::move(row));
    }
}

RuleOrder read_rule_order(const Reader& at, const Scope& scope) {
    RuleOrder order;
    order.order = known(at["order"], "order", scope.content.orders);
    if (at["when"]) order.when = read_test(at["when"], scope);
    return order;
}

std::string read_reason(const Reader& at, const Content& content) {
    std::string code = at.text();
    std::vector<std::string> codes;
    for (const OverrideReason& reason : content.overrideReasons) codes.push_back(reason.code);
    if (std::find(codes.begin(), codes.end(), code) == codes.end())
        at.fail(unknown_name("override reason", code, codes));
    return code;
}

void check_identity(const Reader& at, const Rule& rule, const Content& content) {
    if (at.file() != "rules/" + rule.id + "/rule.json") at["id"].fail("the id is the folder's name");
    if (!rule.code.starts_with("ADC-") || rule.code.size() == std::string_view("ADC-").size()) {
        at["code"].fail("a rule's code is ADC- and a number");
    }
    for (const LoadedRule& other : content.rules) {
        if (other.rule.code == rule.code) at["code"].fail("the rule \"" + other.rule.id + "\" has this code already");
    }
}

std::string read_date(const Reader& at) {
    if (at && !fhir::read_instant(at.text() + "T00:00:00Z")) at.fail("there is no such day");
    return at.text();
}

std::string read_summary(const Reader& at) {
    if (characters(at.text()) > limits::k_summary_characters) {
        at.fail("a summary is under 140 characters, this one has " + std::to_string(characters(at.text())));
    }
    return at.text();
}

}  // namespace

Indicator read_indicator(const Reader& at) {
    const std::string name = at.text();
    return name == "critical" ? Indicator::critical : name == "warning" ? Indicator::warning : Indicator::info;
}

Rule read_rule(const Reader& at, const Content& content) {
    Rule rule;
    rule.id = at["id"].text();
    rule.code = at["code"].text();
    rule.version = at["version"].text();
    rule.title = at["title"].text();
    rule.status = read_status(at["status"]);
    rule.date = read_date(at["date"]);
    rule.approvalDate = read_date(at["approvalDate"]);
    rule.lastReviewDate = read_date(at["lastReviewDate"]);
    rule.rank = static_cast<int>(at["rank"].number() / 1'000'000);
    rule.hooks = at["hooks"].texts();
    check_identity(at, rule, content);
    rule.facts = read_fact_list(at["facts"], content);
    const Scope scope = scope_of(content, rule.facts);
    read_rows(at["decide"], scope, rule);
    for (const Reader& item : at["orders"].items()) rule.orders.push_back(read_rule_order(item, scope));
    for (const Reader& item : at["overrideReasons"].items()) rule.overrideReasons.push_back(read_reason(item, content));
    for (const Reader& item : at["relatedArtifact"].items()) {
        rule.relatedArtifact.push_back({item["label"].text(), item["citation"].text(), item["url"].text()});
    }
    return rule;
}

RuleText read_text(const Reader& at, const Rule& rule) {
    RuleText text;
    text.summary = read_summary(at["summary"]);
    std::vector<std::string> ids;
    for (const Row& row : rule.decide) ids.push_back(row.id);
    for (const auto& [id, value] : at["rows"].members()) {
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) value.fail(unknown_name("row", id, ids));
        if (value["summary"]) text.rowSummaries[id] = read_summary(value["summary"]);
        if (value["act"]) text.rowActs[id] = value["act"].texts();
    }
    text.why = at["why"].text();
    text.act = at["act"].texts();
    text.absorbed = at["absorbed"].text();
    text.notChecked = at["notChecked"].text();
    return text;
}

}  // namespace proctor::rules
