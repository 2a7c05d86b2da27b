#include "app/hook_request.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "hooks/hook_table.h"
#include "hooks/settings.h"
#include "rules/parse_json.h"
#include "rules/template.h"

namespace proctor::app {
namespace {

using fhir::Source;
using rules::Node;

// Names hookInstance; any fixed UUID serves (RFC 9562, section 5.5).
constexpr std::string_view k_namespace = "5f0c7a1e-2d7b-4b56-9c0e-3a4f6c1d8e92";

std::string text_at(const Node& node, std::string_view member) {
    const Node* found = node.find(member);
    return found == nullptr ? "" : found->text;
}

Node object(std::vector<std::pair<std::string, Node>>&& members) {
    Node node;
    node.kind = Node::Kind::object;
    for (auto& [name, value] : members) node.set(std::move(name), std::move(value));
    return node;
}

Node text(std::string value) { return rules::string_node(std::move(value)); }

void codes_of(const Node& node, std::vector<std::string>& codes) {
    if (const std::string code = text_at(node, "code"); !code.empty()) codes.push_back(code);
    for (const Node& item : node.items) codes_of(item, codes);
}

// What `Observation?category=` finds it under.
std::vector<Source> sources_of_observation(const Node& resource) {
    static const std::vector<std::pair<std::string, Source>> categories = {{"laboratory", Source::laboratory},
                                                                           {"vital-signs", Source::vital_signs},
                                                                           {"survey", Source::survey},
                                                                           {"exam", Source::exam}};
    std::vector<std::string> codes;
    if (const Node* category = resource.find("category")) codes_of(*category, codes);
    std::vector<Source> found;
    for (const auto& [code, source] : categories) {
        if (std::find(codes.begin(), codes.end(), code) != codes.end()) found.push_back(source);
    }
    return found;
}

std::vector<Source> sources_of(const Node& resource) {
    static const std::vector<std::pair<std::string, Source>> types = {
        {"Patient", Source::patient},
        {"Condition", Source::condition},
        {"Procedure", Source::procedure},
        {"ServiceRequest", Source::service_request},
        {"DiagnosticOrder", Source::service_request},
        {"ProcedureRequest", Source::service_request},
        {"ReferralRequest", Source::service_request},
        {"Encounter", Source::encounter},
        {"MedicationRequest", Source::medication_request},
        {"MedicationOrder", Source::medication_request},
        {"MedicationStatement", Source::medication_statement},
        {"MedicationAdministration", Source::medication_administration},
        {"Medication", Source::medication_request},  // rides along with the requests that refer to it
    };
    const std::string type = text_at(resource, "resourceType");
    if (type == "Observation") return sources_of_observation(resource);
    for (const auto& [name, source] : types) {
        if (name == type) return {source};
    }
    return {};
}

Node entry_of(const Node& resource) {
    const char* mode = text_at(resource, "resourceType") == "Medication" ? "include" : "match";
    return object({{"resource", resource}, {"search", object({{"mode", text(mode)}})}});
}

Node searchset(const std::vector<Node>& resources, Source source) {
    Node entries;
    entries.kind = Node::Kind::array;
    for (const Node& resource : resources) {
        const auto sources = sources_of(resource);
        if (std::find(sources.begin(), sources.end(), source) != sources.end())
            entries.items.push_back(entry_of(resource));
    }
    Node bundle = object({{"resourceType", text("Bundle")}, {"type", text("searchset")}});
    if (!entries.items.empty()) bundle.set("entry", std::move(entries));  // FHIR forbids empty arrays
    return bundle;
}

std::vector<Node> resources_of(const Node& bundle) {
    std::vector<Node> resources;
    const Node* entries = bundle.find("entry");
    if (entries == nullptr) return resources;
    for (const Node& entry : entries->items) {
        if (const Node* resource = entry.find("resource")) resources.push_back(*resource);
    }
    return resources;
}

Node prefetch_of(const std::vector<Node>& resources, const Node& patient, const hooks::Service& service) {
    Node prefetch = object({});
    for (const auto& [key, source] : hooks::default_keys()) {
        if (!hooks::asks_for(service, source)) continue;
        prefetch.set(key, source == Source::patient ? patient : searchset(resources, source));
    }
    return prefetch;
}

Result<Node> read_template(std::string_view json, fhir::Instant as_of) {
    auto rendered = rules::render_template(json, as_of);
    if (!rendered) return rendered.error();
    return rules::parse_json(*rendered);
}

Result<Node> context_of(std::string_view further, const std::string& patient, fhir::Instant as_of) {
    Node context = object({{"userId", text("Practitioner/example")}, {"patientId", text(patient)}});
    if (further.empty()) return context;
    auto parsed = read_template(further, as_of);
    if (!parsed) return Error{"the context: " + parsed.error().message, ""};
    if (parsed->kind != Node::Kind::object) return Error{"the context is not a JSON object", ""};
    for (std::size_t i = 0; i < context.names.size(); ++i) {
        if (parsed->find(context.names[i]) == nullptr) parsed->set(context.names[i], context.items[i]);
    }
    return parsed;
}

}  // namespace

Result<HookRequest> make_hook_request(std::string_view bundle, std::string_view hook, fhir::Instant as_of,
                                      std::string_view further_context) {
    const auto* row = hooks::find_hook(hook);
    if (row == nullptr) return Error{"is for a hook that is not served", ""};
    auto parsed = read_template(bundle, as_of);
    if (!parsed) return parsed.error();
    if (text_at(*parsed, "resourceType") != "Bundle") return Error{"is not a FHIR Bundle", ""};
    const auto resources = resources_of(*parsed);
    const auto patient = std::find_if(resources.begin(), resources.end(),
                                      [](const Node& r) { return text_at(r, "resourceType") == "Patient"; });
    const std::string id = patient == resources.end() ? "" : text_at(*patient, "id");
    if (id.empty()) return Error{"holds no Patient with an id", ""};
    auto context = context_of(further_context, id, as_of);
    if (!context) return context.error();
    const std::string instance = uuid5(k_namespace, id + '|' + fhir::print_instant(as_of));
    const Node request = object({{"hook", text(std::string(hook))},
                                 {"hookInstance", text(instance)},
                                 {"context", *std::move(context)},
                                 {"prefetch", prefetch_of(resources, *patient, *hooks::find_service(row->service))}});
    const auto left_out =
        std::count_if(resources.begin(), resources.end(), [](const Node& r) { return sources_of(r).empty(); });
    return HookRequest{rules::write_json(request), static_cast<std::size_t>(left_out)};
}

}  // namespace proctor::app
