// manifest.json, orders.json, override-reasons.json and source-attributes.json.
#include "rules/parse.h"

namespace proctor::rules {
namespace {

OrderKind read_order_kind(const Reader& at) {
    const std::string name = at.text();
    if (name == "imaging") return OrderKind::imaging;
    if (name == "procedure") return OrderKind::procedure;
    return name == "referral" ? OrderKind::referral : OrderKind::test;
}

NextTime read_next(const Reader& at) {
    const std::string name = at.text();
    if (name == "without-orders") return NextTime::without_orders;
    return name == "ask-again" ? NextTime::ask_again : NextTime::held;
}

}  // namespace

void read_manifest(const Reader& at, Content& content) {
    Manifest& manifest = content.manifest;
    manifest.name = at["name"].text();
    manifest.version = at["version"].text();
    manifest.region = at["region"].text();
    manifest.reviewEvery = at["reviewEvery"].optional_duration();
    manifest.rules = at["rules"].texts();
    const Reader approval = at["approval"];
    manifest.approval = approval["text"].text();
    manifest.approved = !approval["date"].text().empty() && !approval["role"].text().empty();
}

void read_orders(const Reader& at, Content& content) {
    const Scope scope = scope_of(content, {});
    for (const auto& [id, value] : at.members()) {
        if (!is_name(id)) value.fail("names are lower-case-with-hyphens");
        Order order;
        order.id = id;
        order.kind = read_order_kind(value["kind"]);
        order.system = value["system"].text();
        order.code = value["code"].text();
        order.display = value["display"].text();
        order.label = value["label"].text();
        order.category = value["category"].text();
        order.categoryDisplay = value["categoryDisplay"].text();
        order.satisfiedBy = known_value_set(value["satisfiedBy"], content);
        if (value["when"]) order.when = read_test(value["when"], scope);
        order.regions = value["regions"].texts();
        content.orders.push_back(std::move(order));
    }
}

void read_override_reasons(const Reader& at, Content& content) {
    for (const auto& [code, value] : at.members()) {
        if (!is_name(code)) value.fail("names are lower-case-with-hyphens");
        OverrideReason reason{code, value.text()};
        if (value.is(Node::Kind::object))
            reason = {code, value["display"].text(), read_next(value["next"]), value["note"].text()};
        content.overrideReasons.push_back(std::move(reason));
    }
}

namespace {

std::string known_fact(const Reader& at, const Scope& scope) {
    std::string name = at.text();
    if (scope.facts.contains(name)) return name;
    std::vector<std::string> names;
    for (const auto& [known, fact] : scope.facts) names.push_back(known);
    at.fail(unknown_name("fact", name, names));
    return name;
}

}  // namespace

void read_source_attributes(const Reader& at, Content& content) {
    const Scope scope = scope_of(content, {});
    SourceAttributes& read = content.sourceAttributes;
    read.developer = at["developer"].text();
    read.funding = at["funding"].text();
    read.released = at["released"].text();
    for (const Reader& item : at["uses"].items()) {
        SourceAttribute attribute{item["attribute"].text(), {}, item["note"].text()};
        for (const Reader& fact : item["facts"].items()) attribute.facts.push_back(known_fact(fact, scope));
        read.uses.push_back(std::move(attribute));
    }
}

}  // namespace proctor::rules
