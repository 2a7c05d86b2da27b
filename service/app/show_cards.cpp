#include "app/show_cards.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace proctor::app {
namespace {

using rules::Node;

const Node* at(const Node* node, std::string_view member) { return node == nullptr ? nullptr : node->find(member); }

std::string text_at(const Node* node, std::string_view member) {
    const Node* found = at(node, member);
    return found == nullptr ? "" : found->text;
}

const std::vector<Node>& items_at(const Node* node, std::string_view member) {
    static const std::vector<Node> none;
    const Node* found = at(node, member);
    return found == nullptr ? none : found->items;
}

std::string_view colour_of(const std::string& indicator) {
    if (indicator == "critical") return "1;31";
    return indicator == "warning" ? "1;33" : "1;36";
}

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

// Prints a card's lines behind a bar in the colour of its urgency.
class CardPrinter {
public:
    CardPrinter(std::string indicator, const Screen& screen)
        : screen_{screen.width - 2, screen.colour},
          bar_(paint("┃", colour_of(indicator), screen)),
          indicator_(std::move(indicator)) {}

    std::string print(const Node& card) {
        add(paint(' ' + upper(indicator_) + ' ', std::string(colour_of(indicator_)) + ";7", screen_));
        markdown("**" + text_at(&card, "summary") + "**");
        add("");
        markdown(text_at(&card, "detail"));
        suggestions(card);
        source(card);
        reasons(card);
        return std::move(out_);
    }

private:
    void add(const std::string& line) { out_ += line.empty() ? bar_ + '\n' : bar_ + ' ' + line + '\n'; }
    void markdown(const std::string& text) {
        for (const auto& line : render_markdown(text, screen_)) add(line);
    }
    void dim(const std::string& text) {
        for (const auto& line : render_markdown(text, {screen_.width, false})) add(paint(line, "2", screen_));
    }
    void suggestions(const Node& card) {
        if (!items_at(&card, "suggestions").empty()) add("");
        for (const Node& suggestion : items_at(&card, "suggestions"))
            add(paint("[ ] ", "32", screen_) + text_at(&suggestion, "label"));
    }
    void source(const Node& card) {
        const Node* source = card.find("source");
        const std::string url = text_at(source, "url");
        add("");
        dim("Source: " + text_at(source, "label") + (url.empty() ? "" : " " + url));
    }
    void reasons(const Node& card) {
        std::string list;
        for (const Node& reason : items_at(&card, "overrideReasons"))
            list += (list.empty() ? "" : " · ") + text_at(&reason, "display");
        if (!list.empty()) dim("Dismiss because: " + list);
    }

    Screen screen_;
    std::string bar_;
    std::string indicator_;
    std::string out_;
};

std::string show_outcome(const Node& outcome, const Screen& screen) {
    std::string out;
    for (const Node& issue : items_at(&outcome, "issue")) {
        out += paint("refused", "1;31", screen) + ' ' + text_at(&issue, "code") + ": " +
               text_at(&issue, "diagnostics") + '\n';
    }
    return out;
}

}  // namespace

std::string show_answer(const Node& answer, const Screen& screen) {
    if (text_at(&answer, "resourceType") == "OperationOutcome") return show_outcome(answer, screen);
    const Node* cards = answer.find("cards");
    if (cards == nullptr) return "";
    if (cards->items.empty()) return paint("no card", "2", screen) + '\n';
    std::string out;
    for (const Node& card : cards->items) {
        if (!out.empty()) out += '\n';
        out += CardPrinter(text_at(&card, "indicator"), screen).print(card);
    }
    return out;
}

}  // namespace proctor::app
