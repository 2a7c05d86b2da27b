#include "hooks/check_answer.h"

#include <cctype>

#include "base/limits.h"
#include "base/text.h"
#include "hooks/place.h"

namespace proctor::hooks {
namespace {

using Kind = rules::Node::Kind;

// "Type/id"
bool is_reference(std::string_view text) {
    const auto slash = text.find('/');
    return slash != std::string_view::npos && slash > 0 && std::isupper(static_cast<unsigned char>(text[0])) != 0 &&
           slash + 1 < text.size() && text.find('/', slash + 1) == std::string_view::npos;
}

// Tags; an autolink of Markdown is none.
bool has_html(std::string_view markdown) {
    for (auto at = markdown.find('<'); at != std::string_view::npos; at = markdown.find('<', at + 1)) {
        const auto inside = markdown.substr(at + 1);
        const bool tag = !inside.empty() && (std::isalpha(static_cast<unsigned char>(inside[0])) != 0 ||
                                             inside[0] == '/' || inside[0] == '!');
        if (tag && inside.substr(0, inside.find('>')).find("://") == std::string_view::npos) return true;
    }
    return false;
}

void check_coding(const Place& coding, Need display) {
    if (!coding.check_object()) return;
    static_cast<void>(coding.take("code", Kind::string, Need::required));
    static_cast<void>(coding.take("system", Kind::string, Need::required));
    static_cast<void>(coding.take("display", Kind::string, display));
}

void check_source(const Place& source) {
    if (!source || !source.check_object()) return;
    static_cast<void>(source.take("label", Kind::string, Need::required));
    source.check_url("url");
    source.check_url("icon");
    if (const Place topic = source["topic"]) check_coding(topic, Need::optional);
}

void check_delete(const Place& action) {
    if (!action["resourceId"]) action.should("a delete SHOULD have a resourceId");
    if (const Place resource = action["resource"]) resource.should("a delete SHOULD have no resource");
}

// Also of systemActions.
void check_action(const Place& action) {
    if (!action.check_object()) return;
    const auto type = action.take_word("type", {"create", "update", "delete"}, Need::required);
    static_cast<void>(action.take("description", Kind::string, Need::required));
    const Place id = action.take("resourceId", Kind::string);
    if (id && !id.text().empty() && !is_reference(id.text())) id.must("resourceId SHALL be \"Type/id\"");
    if (type == "delete") return check_delete(action);
    if (type.empty()) return;
    const Place resource = action.take("resource", Kind::object, Need::required);
    if (resource) static_cast<void>(resource.take("resourceType", Kind::string, Need::required));
}

void check_suggestion(const Place& suggestion) {
    if (!suggestion.check_object()) return;
    static_cast<void>(suggestion.take("label", Kind::string, Need::required));
    const Place uuid = suggestion.take("uuid", Kind::string);
    if (!uuid) suggestion.should("without a uuid feedback cannot say that the suggestion was accepted");
    static_cast<void>(suggestion.take("isRecommended", Kind::boolean));
    for (const Place& action : suggestion.take("actions", Kind::array).items()) check_action(action);
    if (const Place selection = suggestion["actionSelectionBehavior"])
        selection.should("actionSelectionBehavior SHALL NOT be sent unless the client is known to support it");
}

bool is_recommended(const Place& suggestion) {
    const Place flag = suggestion["isRecommended"];
    return flag.is(Kind::boolean) && flag.flag();
}

void check_suggestions(const Place& card) {
    const Place suggestions = card.take("suggestions", Kind::array);
    const auto selection =
        card.take_word("selectionBehavior", {"at-most-one", "any"}, suggestions ? Need::required : Need::optional);
    std::size_t recommended = 0;
    for (const Place& suggestion : suggestions.items()) {
        check_suggestion(suggestion);
        recommended += is_recommended(suggestion) ? 1U : 0U;
    }
    if (selection == "at-most-one" && recommended > 1)
        suggestions.must("with at-most-one, at most one suggestion SHALL be recommended");
}

void check_link(const Place& link) {
    if (!link.check_object()) return;
    static_cast<void>(link.take("label", Kind::string, Need::required));
    link.check_url("url", Need::required);
    const auto type = link.take_word("type", {"absolute", "smart"}, Need::required);
    const Place context = link.take("appContext", Kind::string);
    if (context && type == "absolute") context.must("appContext SHALL be on links of type smart alone");
    static_cast<void>(link.take("autolaunchable", Kind::boolean));
}

void check_texts(const Place& card) {
    const Place summary = card.take("summary", Kind::string, Need::required);
    if (summary && characters(summary.text()) > limits::k_summary_characters)
        summary.must("summary SHALL be fewer than 140 characters");
    const Place detail = card.take("detail", Kind::string);
    if (detail && has_html(detail.text())) detail.should("HTML in detail: few clients show it, and some run it");
    if (!card.take("uuid", Kind::string)) card.should("without a uuid there can be no feedback to the card");
}

void check_card(const Place& card) {
    if (!card.check_object()) return;
    check_texts(card);
    static_cast<void>(card.take_word("indicator", {"info", "warning", "critical"}, Need::required));
    check_source(card.take("source", Kind::object, Need::required));
    check_suggestions(card);
    for (const Place& reason : card.take("overrideReasons", Kind::array).items()) check_coding(reason, Need::required);
    for (const Place& link : card.take("links", Kind::array).items()) check_link(link);
}

}  // namespace

Findings check_answer(std::string_view body) {
    Findings findings;
    const auto document = read_document(body, "cards", findings);
    if (!document) return findings;
    const Place answer(&*document, "", findings);
    for (const Place& card : answer.take("cards", Kind::array, Need::required).items()) check_card(card);
    const Place actions = answer.take("systemActions", Kind::array);
    if (actions) actions.should("systemActions are for clients with which they were agreed on beforehand");
    for (const Place& action : actions.items()) check_action(action);
    return findings;
}

}  // namespace proctor::hooks
