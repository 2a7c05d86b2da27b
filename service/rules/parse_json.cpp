#include "rules/parse_json.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_set>

#include "base/json.h"
#include "base/limits.h"

namespace proctor::rules {
namespace {

using Json = nlohmann::json;

std::string line_and_column(std::string_view text, std::size_t position) {
    const auto before = text.substr(0, std::min(position, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto start = before.rfind('\n');
    const auto column = std::max<std::size_t>(1, before.size() - (start == std::string_view::npos ? 0 : start + 1));
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

class Builder final : public nlohmann::json_sax<Json> {
public:
    Builder(std::string_view text, std::size_t values) : text_(text), values_(values) {}

    Node root;
    std::optional<Error> error;

    bool null() override { return add({}); }
    bool boolean(bool value) override {
        Node node;
        node.kind = Node::Kind::boolean;
        node.flag = value;
        return add(std::move(node));
    }
    bool number_integer(number_integer_t value) override { return add_number(std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override { return add_number(std::to_string(value)); }
    bool number_float(number_float_t, const string_t& token) override { return add_number(token); }
    bool string(string_t& value) override { return add(string_node(std::move(value))); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(Node::Kind::object); }
    bool start_array(std::size_t) override { return open(Node::Kind::array); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        if (!seen_.back().insert(name).second) {
            return fail("the member stands twice", pointer() + pointer_step(name));
        }
        open_.back()->names.push_back(std::move(name));
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
        return fail("not valid JSON at " + line_and_column(text_, position), "");
    }

private:
    bool fail(std::string message, std::string where) {
        error = Error{std::move(message), std::move(where)};
        return false;
    }

    // Where the open containers stand: each but the innermost has its open child last.
    [[nodiscard]] std::string pointer() const {
        std::string result;
        for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
            const Node& node = *open_[i];
            const bool object = node.kind == Node::Kind::object;
            result += pointer_step(object ? node.names.back() : std::to_string(node.items.size() - 1));
        }
        return result;
    }

    bool add_number(std::string token) {
        Node node;
        node.kind = Node::Kind::number;
        node.text = std::move(token);
        return add(std::move(node));
    }

    bool add(Node node) {
        if (values_-- == 0) return fail("it has more values than are read", "");
        if (open_.empty()) {
            root = std::move(node);
        } else {
            open_.back()->items.push_back(std::move(node));
        }
        return true;
    }

    bool open(Node::Kind kind) {
        if (open_.size() >= limits::k_json_depth) return fail("nested too deeply", pointer());
        Node node;
        node.kind = kind;
        if (!add(std::move(node))) return false;
        open_.push_back(open_.empty() ? &root : &open_.back()->items.back());
        seen_.emplace_back();
        return true;
    }

    bool close() {
        open_.pop_back();
        seen_.pop_back();
        return true;
    }

    std::string_view text_;
    std::size_t values_;  // that may still come
    std::vector<Node*> open_;
    std::vector<std::unordered_set<std::string>> seen_;  // names in each of them: callers' objects may have thousands
};

void write_string(std::string_view text, std::string& out) {
    static constexpr std::string_view k_hex = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += {'\\', c};
        } else if (byte < 0x20) {
            out += std::string("\\u00") + k_hex[byte >> 4U] + k_hex[byte & 15U];
        } else {
            out += c;
        }
    }
    out += '"';
}

void write(const Node& node, std::string& out);

void write_items(const Node& node, std::string& out) {
    const bool object = node.kind == Node::Kind::object;
    out += object ? '{' : '[';
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        if (i != 0) out += ',';
        if (object) {
            write_string(node.names[i], out);
            out += ':';
        }
        write(node.items[i], out);
    }
    out += object ? '}' : ']';
}

void write(const Node& node, std::string& out) {
    switch (node.kind) {
        case Node::Kind::null: out += "null"; return;
        case Node::Kind::boolean: out += node.flag ? "true" : "false"; return;
        case Node::Kind::number: out += node.text; return;
        case Node::Kind::string: write_string(node.text, out); return;
        case Node::Kind::array:
        case Node::Kind::object: write_items(node, out); return;
    }
}

}  // namespace

const Node* Node::find(std::string_view name) const {
    const auto it = std::find(names.begin(), names.end(), name);
    return it == names.end() ? nullptr : &items[static_cast<std::size_t>(it - names.begin())];
}

void Node::set(std::string name, Node value) {
    names.push_back(std::move(name));
    items.push_back(std::move(value));
}

Node string_node(std::string text) {
    Node node;
    node.kind = Node::Kind::string;
    node.text = std::move(text);
    return node;
}

Result<Node> parse_json(std::string_view text, std::size_t values) {
    Builder builder(text, values);
    Json::sax_parse(text.begin(), text.end(), &builder);
    if (builder.error) return *builder.error;
    return std::move(builder.root);
}

std::string write_json(const Node& node) {
    std::string out;
    write(node, out);
    return out;
}

std::string pointer_step(std::string_view name) {
    std::string step = "/";
    for (const char c : name) {
        if (c == '~') {
            step += "~0";
        } else if (c == '/') {
            step += "~1";
        } else {
            step += c;
        }
    }
    return step;
}

}  // namespace proctor::rules
