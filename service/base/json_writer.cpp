#include "base/json_writer.h"

#include <algorithm>

#include "base/hex.h"
#include "base/text.h"

namespace proctor {
namespace {

// RFC 8259, section 7.
constexpr bool is_escaped(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

struct Kind {
    bool ascii = false, plain = false;  // plain: nothing to escape
};

// Without branches: the compiler makes a few steps of it.
Kind kind_of(std::string_view text) {
    unsigned char bits = 0, escaped = 0;
    for (const char c : text) {
        bits |= static_cast<unsigned char>(c);
        escaped |= static_cast<unsigned char>(is_escaped(c));
    }
    return {bits < 0x80, escaped == 0};
}

// Where the first character to escape stands: nearly all of a card's text has none for long.
const char* find_escaped(const char* at, const char* end) {
    constexpr std::ptrdiff_t k_block = 16;
    while (end - at >= k_block && kind_of({at, k_block}).plain) at += k_block;
    return std::find_if(at, end, is_escaped);
}

void append_escape(std::string& out, unsigned char c) {
    switch (c) {
        case '\0': out += "\xEF\xBF\xBD"; return;
        case '\b': out += "\\b"; return;
        case '\t': out += "\\t"; return;
        case '\n': out += "\\n"; return;
        case '\f': out += "\\f"; return;
        case '\r': out += "\\r"; return;
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        default: out += "\\u00"; append_hex(out, {&c, 1});
    }
}

}  // namespace

JsonWriter& JsonWriter::object() { return open('{', '}'); }

JsonWriter& JsonWriter::array() { return open('[', ']'); }

JsonWriter& JsonWriter::end() {
    out_ += open_.back();
    open_.pop_back();
    follows_ = true;
    return *this;
}

JsonWriter& JsonWriter::name(std::string_view plain) {
    separate();
    out_ += '"';
    out_ += plain;
    out_ += "\":";
    follows_ = false;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view utf8) {
    separate();
    out_ += '"';
    const Kind kind = kind_of(utf8);
    if (!kind.ascii)
        append_escaped(replace_invalid(utf8));
    else if (kind.plain)
        out_ += utf8;
    else
        append_escaped(utf8);
    out_ += '"';
    return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

JsonWriter& JsonWriter::open(char bracket, char closing) {
    separate();
    out_ += bracket;
    open_ += closing;
    follows_ = false;
    return *this;
}

void JsonWriter::separate() {
    if (follows_) out_ += ',';
    follows_ = true;
}

void JsonWriter::append_escaped(std::string_view utf8) {
    for (const char* at = utf8.data();;) {
        const char* const end = utf8.data() + utf8.size();
        const char* const escaped = find_escaped(at, end);
        out_.append(at, escaped);
        if (escaped == end) return;
        append_escape(out_, static_cast<unsigned char>(*escaped));
        at = escaped + 1;
    }
}

}  // namespace proctor
