// cases.json of one rule: each case rendered to a FHIR Bundle of one patient, and what a hook's context adds to it.
#include <algorithm>

#include "rules/parse.h"
#include "rules/template_render.h"

namespace proctor::rules {
namespace {

constexpr std::string_view k_patient_id = "case";

Node object_node() {
    Node node;
    node.kind = Node::Kind::object;
    return node;
}

Node entry_of(Node resource) {
    Node entry = object_node();
    entry.set("resource", std::move(resource));
    return entry;
}

Node patient_of(const Reader& at) {
    Node patient = at.is(Node::Kind::object) ? *at.node() : object_node();
    if (patient.find("resourceType") == nullptr) patient.set("resourceType", string_node("Patient"));
    if (patient.find("id") == nullptr) patient.set("id", string_node(std::string(k_patient_id)));
    return patient;
}

// Authors leave `subject` out; a case about somebody else's data spells it.
Node resource_of(const Reader& at, const std::string& reference) {
    Node resource = at.is(Node::Kind::object) ? *at.node() : object_node();
    const Node* type = resource.find("resourceType");
    const bool about_nobody = type == nullptr || type->text == "Medication" || type->text == "Patient";
    if (about_nobody || resource.find("subject") != nullptr) return resource;
    Node subject = object_node();
    subject.set("reference", string_node(reference));
    resource.set("subject", std::move(subject));
    return resource;
}

Node bundle_of(std::vector<Node> resources) {
    Node entries;
    entries.kind = Node::Kind::array;
    for (Node& resource : resources) entries.items.push_back(entry_of(std::move(resource)));
    Node bundle = object_node();
    bundle.set("resourceType", string_node("Bundle"));
    bundle.set("type", string_node("collection"));
    bundle.set("entry", std::move(entries));
    return bundle;
}

// Renders the resources of the member, each with its place in the case.
std::vector<Node> resources_of(const Reader& at, const std::string& member, const std::string& reference,
                               fhir::Instant as_of) {
    std::vector<Node> resources;
    for (const Reader& item : at[member].items()) {
        Node& resource = resources.emplace_back(resource_of(item, reference));
        if (auto done = render_node(resource, as_of); !done) {
            const std::string place = member + '/' + std::to_string(resources.size() - 1) + done.error().where;
            at.fail(done.error().message + ", at " + place);
        }
    }
    return resources;
}

std::string bundle_of_member(const Reader& at, const std::string& member, const std::string& reference,
                             fhir::Instant as_of) {
    return at[member] ? write_json(bundle_of(resources_of(at, member, reference, as_of))) : "";
}

// A hook at which the rule does not run proves nothing about it.
std::string read_hook(const Reader& at, const Rule& rule) {
    std::string hook = at.text();
    const bool runs = hook.empty() || std::find(rule.hooks.begin(), rule.hooks.end(), hook) != rule.hooks.end();
    if (!runs) at.fail(unknown_name("hook of this rule", hook, rule.hooks));
    return hook;
}

std::string read_row_id(const Reader& at, const Rule& rule) {
    std::string id = at.text();
    if (id.empty()) return id;
    std::vector<std::string> ids;
    for (const Row& row : rule.decide) ids.push_back(row.id);
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) at.fail(unknown_name("row", id, ids));
    return id;
}

std::vector<std::string> read_orders_of(const Rule& rule, const Reader& at) {
    std::vector<std::string> ids, known_ids;
    for (const RuleOrder& order : rule.orders) known_ids.push_back(order.order);
    for (const Reader& item : at.items()) {
        ids.push_back(item.text());
        const bool known = std::find(known_ids.begin(), known_ids.end(), ids.back()) != known_ids.end();
        if (!known) item.fail(unknown_name("order of this rule", ids.back(), known_ids));
    }
    return ids;
}

Case read_case(const Reader& at, const Rule& rule) {
    Case result;
    result.title = at["title"].text();
    result.row = read_row_id(at["expect"], rule);
    result.unknownRow = read_row_id(at["expectUnknown"], rule);
    result.profile = at["profile"].text();
    if (at["expectIndicator"]) result.indicator = read_indicator(at["expectIndicator"]);
    if (at["expectOrders"]) result.orders = read_orders_of(rule, at["expectOrders"]);
    if (at["expectAlreadyOrdered"]) result.alreadyOrdered = read_orders_of(rule, at["expectAlreadyOrdered"]);
    if (result.row.empty() && (result.indicator || result.orders)) {
        at.fail("without a card there are no \"expectIndicator\" and \"expectOrders\"");
    }
    result.notSupplied = read_sources(at["notSupplied"]);
    auto as_of = fhir::read_instant(at["asOf"].text());
    if (!as_of) {
        at["asOf"].fail("not an instant such as 2026-06-15T12:00:00Z");
        return result;
    }
    result.asOf = *as_of;
    Node patient = patient_of(at["patient"]);
    if (auto done = render_node(patient, *as_of); !done)
        at.fail(done.error().message + ", at patient" + done.error().where);
    const std::string reference = "Patient/" + patient.find("id")->text;
    auto resources = resources_of(at, "resources", reference, *as_of);
    resources.insert(resources.begin(), std::move(patient));
    result.bundle = write_json(bundle_of(std::move(resources)));
    result.hook = read_hook(at["hook"], rule);
    result.drafts = bundle_of_member(at, "draftOrders", reference, *as_of);
    result.conditions = bundle_of_member(at, "conditions", reference, *as_of);
    result.encounterId = at["encounterId"].text();
    return result;
}

}  // namespace

std::vector<Case> read_cases(const Reader& at, const Rule& rule) {
    std::vector<Case> cases;
    std::size_t number = 0;
    for (const Reader& item : at.items()) {
        Case example = read_case(item, rule);
        example.item = number++;
        auto also = read_also_with(item["alsoWith"], example);
        cases.push_back(std::move(example));
        std::move(also.begin(), also.end(), std::back_inserter(cases));
    }
    return cases;
}

}  // namespace proctor::rules
