// A content file as a tree that keeps what a DOM loses: numbers exactly as written and members in their
// order. Only parse_json.cpp knows the JSON library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace proctor::rules {

struct Node {
    enum class Kind : std::uint8_t { null, boolean, number, string, array, object };
    Kind kind = Kind::null;
    bool flag = false;               // of a boolean
    std::string text;                // a string's characters; a number's token
    std::vector<std::string> names;  // of an object's members, beside `items`
    std::vector<Node> items;         // of an array or object

    [[nodiscard]] const Node* find(std::string_view name) const;  // nullptr when there is no such member
    void set(std::string name, Node value);                       // adds a member; the object lacks it
};

[[nodiscard]] Node string_node(std::string text);

// Error: not JSON, a member twice, deeper than limits::k_json_depth or of more values than `values`; `where` is a JSON
// Pointer, empty for the document.
Result<Node> parse_json(std::string_view text, std::size_t values = std::numeric_limits<std::size_t>::max());
[[nodiscard]] std::string write_json(const Node& node);

// One step of a JSON Pointer (RFC 6901): "/" and the escaped name.
[[nodiscard]] std::string pointer_step(std::string_view name);

}  // namespace proctor::rules
