// JSON as it goes over the wire, written front to back into one text: for answers, whose writing takes as long as
// judging them when a document is built first. Everything else uses base/json.h.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace proctor {

// The caller closes what it opens; in an object a name comes before each value.
class JsonWriter {
public:
    // `bytes`: about as many as the text will have.
    explicit JsonWriter(std::size_t bytes = 1024) { out_.reserve(bytes); }

    JsonWriter& object();
    JsonWriter& array();
    JsonWriter& end();  // of the innermost object or array
    // Plain: nothing in it needs an escape.
    JsonWriter& name(std::string_view plain);
    // NUL, and what is no UTF-8, becomes U+FFFD.
    JsonWriter& text(std::string_view utf8);
    // A whole JSON value.
    JsonWriter& raw(std::string_view json);

    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    JsonWriter& open(char bracket, char closing);
    void separate();
    void append_escaped(std::string_view utf8);

    std::string out_;
    std::string open_;      // the closing brackets to come, innermost last
    bool follows_ = false;  // what comes next follows a value
};

}  // namespace proctor
