// A rule in plain English as a value: what the printed rule (print.h) and the published catalogue show, each in its own
// form. Words only; it decides nothing.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "rules/content.h"

namespace proctor::rules {

// A test: one line, or a heading ("all of:", "any of:") with parts.
struct Outline {
    std::string words;
    std::vector<Outline> parts;
};

struct RowDescription {
    const Row* row = nullptr;
    Outline when;
    std::string summary;  // what the card says
};

struct OrderDescription {
    const Order* order = nullptr;
    std::string when;  // empty: always
};

// Everything a rule rests on. Pointers are into the content it was made from.
struct RuleDescription {
    std::vector<RowDescription> rows;                         // in the order in which they are tried
    std::vector<std::pair<std::string, Outline>> conditions;  // every named condition: title and meaning
    std::vector<Fact> facts;                                  // every fact the rule rests on
    std::vector<OrderDescription> orders;
    std::vector<std::string> overrideReasons;  // displays
};

[[nodiscard]] RuleDescription describe(const Content& content, const LoadedRule& rule);

[[nodiscard]] std::string_view status_words(RuleStatus status);

}  // namespace proctor::rules
