// One value of a JSON document that is checked, with its JSON Pointer, and what holds for every value there (CDS Hooks
// 3.0, JSON and Extensions). It knows no cards.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hooks/check_answer.h"
#include "rules/parse_json.h"

namespace proctor::hooks {

enum class Need : std::uint8_t { required, optional };

// Refers to the document and to the findings.
class Place {
public:
    using Node = rules::Node;
    using Kind = Node::Kind;

    Place(const Node* node, std::string pointer, Findings& findings)
        : node_(node), pointer_(std::move(pointer)), findings_(&findings) {}

    explicit operator bool() const { return node_ != nullptr; }  // false: there is no such value
    [[nodiscard]] bool is(Kind kind) const { return node_ != nullptr && node_->kind == kind; }
    [[nodiscard]] const std::string& text() const { return node_->text; }                 // of a string
    [[nodiscard]] bool flag() const { return node_->flag; }                               // of a boolean
    [[nodiscard]] const std::vector<std::string>& names() const { return node_->names; }  // of an object
    [[nodiscard]] bool empty() const;                                                     // null, "", [] or {}
    [[nodiscard]] std::vector<Place> items() const;  // of an array or object; none when there is no value

    void must(std::string message) const { findings_->faults.push_back({std::move(message), pointer_}); }
    void should(std::string message) const { findings_->notes.push_back({std::move(message), pointer_}); }

    [[nodiscard]] Place operator[](std::string_view member) const;
    // The member, when it is of the kind. No value otherwise, and a fault unless it is optional and absent.
    [[nodiscard]] Place take(std::string_view member, Kind kind, Need need = Need::optional) const;
    // Its text, when it is one of the words. Empty otherwise, and a fault as with take().
    [[nodiscard]] std::string take_word(std::string_view member, std::initializer_list<std::string_view> words,
                                        Need need = Need::optional) const;
    // An absolute URL.
    void check_url(std::string_view member, Need need = Need::optional) const;
    // An object of CDS Hooks' own, with its extension. False, and a fault: no object.
    [[nodiscard]] bool check_object() const;

private:
    const Node* node_;
    std::string pointer_;
    Findings* findings_;
};

// The document's root. Nothing, and a fault: too long, not JSON, no object. Checks what no value in it may be: null,
// "", [] or {}, but for the list at its root that is called `may_be_empty`.
[[nodiscard]] std::optional<rules::Node> read_document(std::string_view body, std::string_view may_be_empty,
                                                       Findings& findings);

}  // namespace proctor::hooks
