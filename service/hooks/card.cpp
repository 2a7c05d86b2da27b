#include "hooks/card.h"

#include <algorithm>

#include "base/json_writer.h"

namespace proctor::hooks {
namespace {

// CDS Hooks 3.0 forbids empty members: a member without a value is left out.
void put(JsonWriter& out, const char* name, const std::string& value) {
    if (!value.empty()) out.name(name).text(value);
}

void write(JsonWriter& out, const Coding& coding) {
    out.object();
    put(out, "system", coding.system);
    put(out, "code", coding.code);
    put(out, "display", coding.display);
    out.end();
}

void write(JsonWriter& out, const Source& source) {
    out.object();
    put(out, "label", source.label);
    put(out, "url", source.url);
    if (source.topic) write(out.name("topic"), *source.topic);
    out.end();
}

void write(JsonWriter& out, const Action& action) {
    out.object();
    put(out, "type", action.type);
    put(out, "description", action.description);
    if (!action.resource.empty()) out.name("resource").raw(action.resource);
    out.end();
}

void write(JsonWriter& out, const Link& link) {
    out.object();
    put(out, "label", link.label);
    put(out, "url", link.url);
    put(out, "type", link.type);
    out.end();
}

void write(JsonWriter& out, const Suggestion& suggestion);

template <typename T>
void put(JsonWriter& out, const char* name, const std::vector<T>& values) {
    if (values.empty()) return;
    out.name(name).array();
    for (const T& value : values) write(out, value);
    out.end();
}

void write(JsonWriter& out, const Suggestion& suggestion) {
    out.object();
    put(out, "label", suggestion.label);
    put(out, "uuid", suggestion.uuid);
    put(out, "actions", suggestion.actions);
    out.end();
}

void write(JsonWriter& out, const Card& card) {
    out.object();
    put(out, "uuid", card.uuid);
    put(out, "summary", card.summary);
    out.name("indicator").text(rules::print(card.indicator));
    put(out, "detail", card.detail);
    write(out.name("source"), card.source);
    put(out, "suggestions", card.suggestions);
    if (!card.suggestions.empty()) put(out, "selectionBehavior", card.selectionBehavior);
    put(out, "overrideReasons", card.overrideReasons);
    put(out, "links", card.links);
    out.end();
}

void write_held(JsonWriter& out, const Card& card) {
    const Held& held = *card.held;
    out.object();
    put(out, "rule", card.rule);
    put(out, "row", card.row);
    out.name("answered").text(fhir::print_instant(held.answer.at));
    out.name("outcome").text(held.answer.accepted ? "accepted" : "overridden");
    put(out, "reason", held.answer.reason);
    out.name("until").text(fhir::print_instant(held.until));
    out.end();
}

}  // namespace

std::string write_cards(const std::vector<Card>& cards, const std::vector<Card>& quiet) {
    constexpr std::size_t k_card_bytes = 4096, k_frame_bytes = 128;
    JsonWriter out(cards.size() * k_card_bytes + k_frame_bytes);
    out.object().name("cards").array();
    for (const Card& card : cards) write(out, card);
    out.end();
    const auto is_held = [](const Card& card) { return card.held.has_value(); };
    if (std::any_of(quiet.begin(), quiet.end(), is_held)) {
        out.name("extension").object().name(k_quiet_extension).array();
        for (const Card& card : quiet) {
            if (is_held(card)) write_held(out, card);
        }
        out.end().end();
    }
    return out.end().take();
}

}  // namespace proctor::hooks
