// A JSON document read once, front to back: what a reader asks for is read, everything else is validated to the letter
// (RFC 8259) and dropped. Counts depth, values and string lengths on the way. It knows nothing of FHIR. Private to this
// room.
//
// It walks the index of tokens that simdjson's first stage makes, on demand, as simdjson's own On-Demand front end
// does. That front end is not used itself: it accepts malformed JSON in what it skips, and visiting every value through
// it, to validate it, took more than twice as long as this walk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/limits.h"
#include "base/result.h"
#include "fhir/record.h"

namespace proctor::fhir {

class PaddedJson;

// The state of one walk, over one document after the other. The first failure ends it: loops stop, values read as
// absent.
class JsonWalk {
public:
    explicit JsonWalk(TextArena& arena);
    ~JsonWalk();
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
    struct Index;

    bool open(const PaddedJson& json);
    Status close();
    void malformed() { fail("malformed JSON", pointer_); }

    // The first byte of the token to come; NUL behind the last one, which no step accepts, so none goes further.
    [[nodiscard]] char peek() const { return base_[*token_]; }
    bool take(char c) {
        if (peek() != c) return false;
        ++token_;
        return true;
    }
    // The text between the quotes of the token to come, which begins with one; still escaped.
    std::string_view take_string();
    // A number or literal as written; fails the walk when the token to come is none.
    std::string_view take_scalar();
    // A member's name and its colon.
    std::string_view take_name();
    std::string_view refuse_string();
    [[nodiscard]] std::string_view unescape(std::string_view raw);
    [[nodiscard]] std::string_view unescape_slowly(std::string_view raw);

    void count(std::size_t values);
    bool enter();
    void leave(char bracket);
    void skip();
    struct Skip;

    TextArena& arena_;
    std::unique_ptr<Index> index_;
    const char* base_ = nullptr;
    const std::uint32_t* token_ = nullptr;       // offsets from base_
    const std::uint32_t* last_token_ = nullptr;  // the NUL; a walk that failed stands there
    const char* end_ = nullptr;
    const char* escape_ = nullptr;  // no backslash stands between what was read and this one
    bool failed_ = false;
    std::size_t depth_ = 0;
    std::size_t values_ = 0;
    std::string_view pointer_;
    Error error_;
};

// One value of the document, read at most once. What nobody reads is validated and skipped when its parent's loop goes
// on.
class JsonValue {
public:
    explicit JsonValue(JsonWalk& walk) : walk_(walk), first_(walk.failed() ? '\0' : walk.peek()) {}

    [[nodiscard]] bool is_object() const { return first_ == '{'; }
    [[nodiscard]] bool is_array() const { return first_ == '['; }
    [[nodiscard]] bool is_string() const { return first_ == '"'; }
    [[nodiscard]] bool is_null() const { return first_ == 'n'; }
    [[nodiscard]] bool is_number() const { return first_ == '-' || (first_ >= '0' && first_ <= '9'); }
    [[nodiscard]] bool is_boolean() const { return first_ == 't' || first_ == 'f'; }

    // The text of a string, unescaped; stays as long as the request bytes and the arena. Empty for any other type.
    std::string_view text() {
        if (!is_string() || used_ || walk_.failed()) return {};
        used_ = true;
        const auto raw = walk_.take_string();
        walk_.count(1);
        return walk_.unescape(raw);
    }
    // The token of a number as written. Empty for any other type.
    std::string_view number();
    [[nodiscard]] bool boolean() const { return first_ == 't'; }

    // each(std::string_view name, JsonValue& member) for an object; false, and nothing read, for any other type.
    template <typename Each>
    bool members(Each&& each);
    // each(JsonValue& element) for an array; false, and nothing read, for any other type.
    template <typename Each>
    bool elements(Each&& each);

    void skip() {
        if (!used_) walk_.skip();
        used_ = true;
    }

private:
    bool open(char bracket);

    JsonWalk& walk_;
    char first_;
    bool used_ = false;
};

// Behind the closing quote only white space stands before the next token: anything else would be a token.
inline std::string_view JsonWalk::take_string() {
    const char* text = base_ + token_[0];
    std::size_t size = token_[1] - token_[0];
    while (size > 1 && text[size - 1] != '"') --size;
    if (size - 2 > limits::k_string_bytes) return refuse_string();  // a lone quote wraps around
    ++token_;
    return {text + 1, size - 2};
}

inline std::string_view JsonWalk::take_name() {
    if (peek() != '"') {
        malformed();
        return {};
    }
    const auto name = take_string();
    if (!take(':')) malformed();
    return name;
}

// Most texts have no escape: the next backslash of the document stands behind them.
inline std::string_view JsonWalk::unescape(std::string_view raw) {
    return raw.data() + raw.size() <= escape_ ? raw : unescape_slowly(raw);
}

inline void JsonWalk::count(std::size_t values) {
    values_ += values;
    if (values_ > limits::k_json_nodes) fail("more JSON values than the limit", pointer_);
}

inline bool JsonWalk::enter() {
    if (++depth_ > limits::k_json_depth) fail("nested deeper than the limit", pointer_);
    return !failed_;
}

inline void JsonWalk::leave(char bracket) {
    if (!take(bracket)) malformed();
    --depth_;
}

// False when there is nothing to loop over.
inline bool JsonValue::open(char bracket) {
    if (used_ || walk_.failed()) return false;
    used_ = true;
    ++walk_.token_;
    walk_.count(1);
    if (!walk_.enter()) return false;
    if (walk_.peek() != bracket) return true;
    walk_.leave(bracket);
    return false;
}

template <typename Each>
bool JsonValue::members(Each&& each) {
    if (!is_object()) return false;
    if (!open('}')) return true;
    do {
        const auto name = walk_.unescape(walk_.take_name());
        if (walk_.failed()) return true;
        JsonValue member(walk_);
        each(name, member);
        member.skip();
    } while (walk_.take(','));
    walk_.leave('}');
    return true;
}

template <typename Each>
bool JsonValue::elements(Each&& each) {
    if (!is_array()) return false;
    if (!open(']')) return true;
    do {
        JsonValue element(walk_);
        each(element);
        element.skip();
    } while (walk_.take(','));
    walk_.leave(']');
    return true;
}

template <typename Each>
Status JsonWalk::read(const PaddedJson& json, Each&& each) {
    if (open(json)) {
        JsonValue root(*this);
        if (root.is_object())
            each(root);
        else
            fail("not a JSON object", "");
        root.skip();
    }
    return close();
}

}  // namespace proctor::fhir
