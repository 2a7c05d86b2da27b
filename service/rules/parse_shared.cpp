// manifest.json, orders.json and override-reasons.json.
#include "rules/parse.h"

namespace proctor::rules {

void read_manifest(const Reader& at, Content& content) {
    Manifest& manifest = content.manifest;
    manifest.name = at["name"].text();
    manifest.version = at["version"].text();
    manifest.region = at["region"].text();
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
        content.overrideReasons.push_back({code, value.text()});
    }
}

}  // namespace proctor::rules
