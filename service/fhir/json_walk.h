// A JSON document read once, front to back: what a reader asks for is read, everything else is validated to the letter (RFC 8259)
// and dropped. Counts depth, values and string lengths on the way. On-Demand alone would accept malformed JSON in what it
// skips. It knows nothing of FHIR. Private to this room: only its .cpp files include it.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "fhir/record.h"

namespace proctor::fhir {

class PaddedJson;

// The state of one walk. The first failure ends it: loops stop, values read as absent.
class JsonWalk {
public:
    explicit JsonWalk(TextArena& arena) : arena_(arena) {}
    JsonWalk(const JsonWalk&) = delete;
    JsonWalk& operator=(const JsonWalk&) = delete;

    // The document, which must be an object: each(JsonValue& root).
    template <typename Each>
    Status read(const PaddedJson& json, Each&& each);

    [[nodiscard]] bool failed() const { return failed_; }
    void fail(std::string_view message, std::string_view where);
    // Where a failure happens, as a JSON Pointer into the envelope; must outlive the walk's use of it.
    void at(std::string_view pointer) { pointer_ = pointer; }
    [[nodiscard]] TextArena& arena() { return arena_; }

private:
    friend class JsonValue;
    bool open(const PaddedJson& json, simdjson::ondemand::value& root);
    Status close();
    void malformed() { fail("malformed JSON", pointer_); }
    // One value more; false when a limit is passed.
    bool count();
    bool enter();
    void leave() { --depth_; }
    void skip(simdjson::ondemand::value value);
    void skip_object(simdjson::ondemand::value& value);
    void skip_array(simdjson::ondemand::value& value);
    bool check_scalar(std::string_view token);
    void check_key(const char* key, std::string_view value_token);
    std::string_view key_text(simdjson::ondemand::raw_json_string key);
    std::string_view unescaped(simdjson::ondemand::raw_json_string raw, std::size_t bytes);

    TextArena& arena_;
    simdjson::ondemand::parser parser_;
    simdjson::ondemand::document document_;
    const char* end_ = nullptr;
    bool escapes_ = false;  // a backslash stands somewhere in the document
    bool failed_ = false;
    std::size_t depth_ = 0;
    std::size_t values_ = 0;
    std::string_view pointer_;
    Error error_;
};

// One value of the document, read at most once. What nobody reads is validated and skipped when its parent's loop goes on.
class JsonValue {
public:
    JsonValue(JsonWalk& walk, simdjson::ondemand::value value);

    [[nodiscard]] bool is_object() const { return first() == '{'; }
    [[nodiscard]] bool is_array() const { return first() == '['; }
    [[nodiscard]] bool is_string() const { return first() == '"'; }
    [[nodiscard]] bool is_null() const { return first() == 'n'; }
    [[nodiscard]] bool is_number() const { return first() == '-' || (first() >= '0' && first() <= '9'); }
    [[nodiscard]] bool is_boolean() const { return first() == 't' || first() == 'f'; }

    // The text of a string, unescaped; stays as long as the request bytes and the arena. Empty for any other type.
    std::string_view text();
    // The same, in the arena.
    std::string_view kept_text();
    // The token of a number as written, in the arena. Empty for any other type.
    std::string_view kept_number();
    [[nodiscard]] bool boolean() const { return first() == 't'; }

    // each(std::string_view name, JsonValue& member) for an object; false, and nothing read, for any other type.
    template <typename Each>
    bool members(Each&& each);
    // each(JsonValue& element) for an array; false, and nothing read, for any other type.
    template <typename Each>
    bool elements(Each&& each);

    void skip();

private:
    [[nodiscard]] char first() const { return token_.empty() ? '\0' : token_.front(); }

    JsonWalk& walk_;
    simdjson::ondemand::value value_;
    std::string_view token_;  // up to the next token, white space included
    bool used_ = false;
};

template <typename Each>
bool JsonValue::members(Each&& each) {
    if (!is_object()) return false;
    used_ = true;
    simdjson::ondemand::object object;
    if (!walk_.enter()) return true;
    if (value_.get_object().get(object) != simdjson::SUCCESS) walk_.malformed();
    for (auto item : object) {
        simdjson::ondemand::field field;
        if (walk_.failed()) break;
        if (std::move(item).get(field) != simdjson::SUCCESS) {
            walk_.malformed();
            break;
        }
        walk_.check_key(field.key().raw(), field.value().raw_json_token());
        JsonValue member(walk_, field.value());
        each(walk_.key_text(field.key()), member);
        member.skip();
        if (walk_.failed()) break;
    }
    walk_.leave();
    return true;
}

template <typename Each>
bool JsonValue::elements(Each&& each) {
    if (!is_array()) return false;
    used_ = true;
    simdjson::ondemand::array array;
    if (!walk_.enter()) return true;
    if (value_.get_array().get(array) != simdjson::SUCCESS) walk_.malformed();
    for (auto item : array) {
        simdjson::ondemand::value value;
        if (walk_.failed()) break;
        if (std::move(item).get(value) != simdjson::SUCCESS) {
            walk_.malformed();
            break;
        }
        JsonValue element(walk_, value);
        each(element);
        element.skip();
        if (walk_.failed()) break;
    }
    walk_.leave();
    return true;
}

template <typename Each>
Status JsonWalk::read(const PaddedJson& json, Each&& each) {
    simdjson::ondemand::value value;
    if (open(json, value)) {
        JsonValue root(*this, value);
        if (!root.is_object()) fail("not a JSON object", "");
        each(root);
        root.skip();
    }
    return close();
}

}  // namespace proctor::fhir
