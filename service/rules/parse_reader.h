// Reading content values with their place: a Reader is one value of a file and knows its JSON Pointer, so
// that whoever finds something wrong can say where. Shapes were checked by the schemas before; a reader gives
// an empty value for what is not there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fhir/decimal.h"
#include "fhir/instant.h"
#include "rules/parse_json.h"

namespace proctor::rules {

// Everything that is wrong with the content, in the order found.
struct Problems {
    std::vector<Error> all;

    void add(std::string_view file, std::string_view pointer, std::string message);
    // One Error: the first problem, and the others as further lines of its message. Requires a problem.
    [[nodiscard]] Error error() const;
};

class Reader {
public:
    Reader(const Node* node, std::string file, Problems& problems)
        : node_(node), file_(std::move(file)), problems_(&problems) {}

    [[nodiscard]] const Node* node() const { return node_; }  // nullptr: there is no such value
    explicit operator bool() const { return node_ != nullptr; }
    [[nodiscard]] bool is(Node::Kind kind) const { return node_ != nullptr && node_->kind == kind; }
    [[nodiscard]] const std::string& file() const { return file_; }

    [[nodiscard]] Reader operator[](std::string_view member) const;
    [[nodiscard]] std::vector<std::pair<std::string, Reader>> members() const;
    [[nodiscard]] std::vector<Reader> items() const;
    [[nodiscard]] std::vector<Reader> one_or_more() const;  // an array's items, or the value itself

    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::vector<std::string> texts() const;  // of one_or_more()
    [[nodiscard]] bool flag(bool otherwise) const;
    [[nodiscard]] fhir::Micro number() const;       // a problem when it has more than six decimals
    [[nodiscard]] fhir::Duration duration() const;  // a problem when it is not an ISO 8601 duration
    [[nodiscard]] std::optional<fhir::Duration> optional_duration() const;
    [[nodiscard]] fhir::Duration window() const;  // a duration, or "encounter": k_encounter (model.h)
    [[nodiscard]] std::optional<fhir::Duration> optional_window() const;
    [[nodiscard]] std::string pattern() const;  // a problem when RE2 does not take it
    [[nodiscard]] std::vector<std::string> patterns() const;

    [[nodiscard]] std::string where() const { return file_ + "#" + pointer_; }
    void fail(std::string message) const { problems_->add(file_, pointer_, std::move(message)); }

private:
    [[nodiscard]] Reader child(const Node* node, std::string_view step) const;

    const Node* node_;
    std::string file_;
    std::string pointer_;
    Problems* problems_;
};

// `, did you mean "x"?` when one of the candidates is close; else nothing.
[[nodiscard]] std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

// lower-case-with-hyphens
[[nodiscard]] bool is_name(std::string_view text);

}  // namespace proctor::rules
