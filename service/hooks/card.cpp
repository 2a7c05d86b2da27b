#include "hooks/card.h"

#include <nlohmann/json.hpp>

namespace proctor::hooks {
namespace {

using json = nlohmann::ordered_json;

// CDS Hooks 3.0 forbids empty members: a member without a value is left out.
void put(json& object, const char* name, const std::string& value) {
    if (!value.empty()) object[name] = value;
}

void put(json& object, const char* name, json&& array) {
    if (!array.empty()) object[name] = std::move(array);
}

json write(const Coding& coding) {
    json out = json::object();
    put(out, "system", coding.system);
    put(out, "code", coding.code);
    put(out, "display", coding.display);
    return out;
}

json write(const Source& source) {
    json out = json::object();
    put(out, "label", source.label);
    put(out, "url", source.url);
    if (source.topic) put(out, "topic", write(*source.topic));
    return out;
}

json write(const Action& action) {
    json out = json::object();
    put(out, "type", action.type);
    put(out, "description", action.description);
    if (!action.resource.empty()) {
        json resource = json::parse(action.resource, nullptr, false);
        if (!resource.is_discarded()) out["resource"] = std::move(resource);
    }
    return out;
}

json write(const Link& link) {
    json out = json::object();
    put(out, "label", link.label);
    put(out, "url", link.url);
    put(out, "type", link.type);
    return out;
}

template <typename T>
json write(const std::vector<T>& values);

json write(const Suggestion& suggestion) {
    json out = json::object();
    put(out, "label", suggestion.label);
    put(out, "uuid", suggestion.uuid);
    put(out, "actions", write(suggestion.actions));
    return out;
}

json write(const Card& card) {
    json out = json::object();
    put(out, "uuid", card.uuid);
    put(out, "summary", card.summary);
    out["indicator"] = rules::print(card.indicator);
    put(out, "detail", card.detail);
    put(out, "source", write(card.source));
    put(out, "suggestions", write(card.suggestions));
    if (!card.suggestions.empty()) put(out, "selectionBehavior", card.selectionBehavior);
    put(out, "overrideReasons", write(card.overrideReasons));
    put(out, "links", write(card.links));
    return out;
}

template <typename T>
json write(const std::vector<T>& values) {
    json out = json::array();
    for (const T& value : values) out.push_back(write(value));
    return out;
}

json write_held(const Card& card) {
    const Held& held = *card.held;
    json out = json::object();
    put(out, "rule", card.rule);
    put(out, "row", card.row);
    out["answered"] = fhir::print_instant(held.answer.at);
    out["outcome"] = held.answer.accepted ? "accepted" : "overridden";
    put(out, "reason", held.answer.reason);
    out["until"] = fhir::print_instant(held.until);
    return out;
}

}  // namespace

std::string write_cards(const std::vector<Card>& cards, const std::vector<Card>& quiet) {
    json answer = {{"cards", write(cards)}};
    for (const Card& card : quiet) {
        if (card.held) answer["extension"][k_quiet_extension].push_back(write_held(card));
    }
    return answer.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace proctor::hooks
