#include "fhir/json_walk.h"

#include <simdjson.h>

#include <cstring>
#include <new>
#include <optional>

#include "fhir/read.h"

namespace proctor::fhir {
namespace {

static_assert(k_padding >= simdjson::SIMDJSON_PADDING);

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The end of the digits at `at`, nullptr when there are none. All of these stop at the NUL behind the document.
const char* after_digits(const char* at) {
    if (!is_digit(*at)) return nullptr;
    while (is_digit(*at)) ++at;
    return at;
}

// The end of the number at `at`, nullptr when it is none (RFC 8259, section 6).
const char* after_number(const char* at) {
    if (*at == '-') ++at;
    at = *at == '0' ? at + 1 : after_digits(at);
    if (at != nullptr && *at == '.') at = after_digits(at + 1);
    if (at != nullptr && (*at | 0x20) == 'e') at = after_digits(at[1] == '+' || at[1] == '-' ? at + 2 : at + 1);
    return at;
}

const char* after_scalar(const char* at) {
    switch (*at) {
        case 't': return std::memcmp(at, "true", 4) == 0 ? at + 4 : nullptr;
        case 'f': return std::memcmp(at, "false", 5) == 0 ? at + 5 : nullptr;
        case 'n': return std::memcmp(at, "null", 4) == 0 ? at + 4 : nullptr;
        default: return after_number(at);
    }
}

// Only white space up to the token that follows.
bool is_blank(const char* at, const char* end) {
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) ++at;
    return at == end;
}

// Four hexadecimal digits at `at`; nothing when they are not. Reads at most into the padding.
std::optional<unsigned> read_hex4(const char* at) {
    unsigned value = 0;
    for (int i = 0; i < 4; ++i) {
        const char c = at[i];
        const char lower = static_cast<char>(c | 0x20);
        if (is_digit(c)) {
            value = value * 16 + static_cast<unsigned>(c - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            value = value * 16 + static_cast<unsigned>(lower - 'a' + 10);
        } else {
            return std::nullopt;
        }
    }
    return value;
}

// Length of the escape at `at` (a backslash), 0 when it is none or stands for no character of FHIR (U+0000, lone
// surrogates).
std::size_t escape_length(const char* at) {
    switch (at[1]) {
        case '"':
        case '\\':
        case '/':
        case 'b':
        case 'f':
        case 'n':
        case 'r':
        case 't': return 2;
        case 'u': break;
        default: return 0;
    }
    const auto unit = read_hex4(at + 2);
    if (!unit || *unit == 0) return 0;
    if (*unit < 0xD800 || *unit > 0xDFFF) return 6;
    if (*unit > 0xDBFF || at[6] != '\\' || at[7] != 'u') return 0;
    const auto low = read_hex4(at + 8);
    return low && *low >= 0xDC00 && *low <= 0xDFFF ? 12 : 0;
}

// The next backslash; the end where none follows.
const char* find_escape(const char* at, const char* end) {
    const void* next = std::memchr(at, '\\', static_cast<std::size_t>(end - at));
    return next == nullptr ? end : static_cast<const char*>(next);
}

// Every backslash of a valid document begins an escape inside a string, so the escapes can be checked without knowing
// the strings. From the first one on.
bool check_escapes(const char* at, const char* end) {
    while (at != end) {
        const auto length = escape_length(at);
        if (length == 0 || length > static_cast<std::size_t>(end - at)) return false;
        at = find_escape(at + length, end);
    }
    return true;
}

}  // namespace

PaddedJson::PaddedJson(std::string bytes) : size_(bytes.size()) {
    make_room(bytes, k_padding);  // a part of a chart
    bytes.append(k_padding, '\0');
    const auto owner = std::make_shared<Wiped>(std::move(bytes));
    storage_ = std::shared_ptr<const std::string>(owner, &owner->text);
}

void JsonWalk::fail(std::string_view message, std::string_view where) {
    if (failed_) return;
    failed_ = true;
    error_ = {std::string(message), std::string(where)};
    token_ = last_token_;
}

struct JsonWalk::Index {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> tokens;
};

JsonWalk::JsonWalk(TextArena& arena) : arena_(arena), index_(std::make_unique<Index>()) {}
JsonWalk::~JsonWalk() = default;

// The first stage finds the tokens, and refuses invalid UTF-8, unclosed strings and control characters inside strings.
bool JsonWalk::open(const PaddedJson& json) {
    failed_ = false;
    depth_ = values_ = 0;
    pointer_ = {};
    const auto bytes = json.bytes();
    base_ = bytes.data();
    end_ = base_ + bytes.size();
    escape_ = find_escape(base_, end_);
    if (bytes.size() > limits::k_body_bytes) {
        fail("larger than the limit", "");
    } else if (bytes.empty()) {
        malformed();
    } else if (!check_escapes(escape_, end_)) {
        fail("malformed JSON: an invalid escape", "");
    } else {
        auto& tokens = index_->tokens;
        auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
            bytes.size(), limits::k_json_depth, tokens);
        const auto* start = reinterpret_cast<const std::uint8_t*>(bytes.data());
        if (error == simdjson::SUCCESS) error = tokens->stage1(start, bytes.size(), simdjson::stage1_mode::regular);
        if (error == simdjson::MEMALLOC) throw std::bad_alloc();
        if (error == simdjson::UTF8_ERROR)
            fail("not valid UTF-8", "");
        else if (error != simdjson::SUCCESS)
            malformed();
    }
    if (failed_) return false;
    arena_.share(json.storage());
    token_ = index_->tokens->structural_indexes.get();
    last_token_ = token_ + index_->tokens->n_structural_indexes;
    return true;
}

Status JsonWalk::close() {
    if (!failed_ && token_ != last_token_) fail("malformed JSON: something follows the document", "");
    if (failed_) return error_;
    return Done{};
}

std::string_view JsonWalk::take_scalar() {
    const char* text = base_ + token_[0];
    const char* end = after_scalar(text);
    if (end == nullptr || !is_blank(end, base_ + token_[1])) {
        malformed();
        return {};
    }
    ++token_;
    return {text, static_cast<std::size_t>(end - text)};
}

std::string_view JsonWalk::refuse_string() {
    if (token_[1] - token_[0] < 2)
        malformed();
    else
        fail("a string longer than the limit", pointer_);
    return {};
}

// Most of a chart is skipped, so this is a loop over tokens, not a recursion: a bit for each level remembers what is
// open.
struct JsonWalk::Skip {
    const char* base;
    const std::uint32_t* token;
    std::size_t room;  // levels that may still open
    std::uint64_t objects = 0;
    std::size_t levels = 0;
    std::size_t values = 0;
    const char* reason = "malformed JSON";

    [[nodiscard]] char next() const { return base[*token]; }
    [[nodiscard]] bool in_object() const { return (objects & 1U) != 0; }
    [[nodiscard]] char closing() const { return in_object() ? '}' : ']'; }

    // Nothing in a string needs a look: the first stage has seen where it is closed, check_escapes its escapes.
    bool take_string() {
        const std::size_t size = token[1] - token[0];
        ++token;
        return size <= limits::k_string_bytes || !too_long(base + *token, size);
    }
    bool too_long(const char* end, std::size_t size) {
        while (size > 0 && end[-1] != '"') --end, --size;
        if (size <= limits::k_string_bytes + 2) return false;
        reason = "a string longer than the limit";
        return true;
    }
    bool take_name() {
        if (next() != '"' || base[token[1]] != ':' || !take_string()) return false;
        ++token;
        return true;
    }
    bool take_scalar() {
        const char* end = after_scalar(base + *token);
        ++token;
        return end != nullptr && is_blank(end, base + *token);
    }
    bool open(bool object) {
        objects = objects << 1U | (object ? 1U : 0U);
        ++token;
        if (++levels <= room) return true;
        reason = "nested deeper than the limit";
        return false;
    }
    // Past every bracket that closes here, to a comma or the end.
    bool close() {
        while (levels > 0 && next() != ',') {
            if (next() != closing()) return false;
            ++token;
            objects >>= 1U;
            --levels;
        }
        return true;
    }
    bool run() {
        for (;;) {
            ++values;
            const char first = next();
            if (first == '"') {
                if (!take_string()) return false;
            } else if (first == '{' || first == '[') {
                if (!open(first == '{')) return false;
                if (next() != closing()) {
                    if (in_object() && !take_name()) return false;
                    continue;
                }
            } else if (!take_scalar()) {
                return false;
            }
            if (!close()) return false;
            if (levels == 0) return true;
            ++token;
            if (in_object() && !take_name()) return false;
        }
    }
};

void JsonWalk::skip() {
    static_assert(limits::k_json_depth <= 64);
    Skip skip{base_, token_, limits::k_json_depth - depth_};
    const bool valid = !failed_ && skip.run();
    if (!valid) return fail(skip.reason, pointer_);
    token_ = skip.token;
    count(skip.values);
}

// Unescaping never makes a text longer. `raw` is followed by its closing quote, where simdjson stops.
std::string_view JsonWalk::unescape_slowly(std::string_view raw) {
    if (raw.empty()) return raw;
    if (escape_ < raw.data()) escape_ = find_escape(raw.data(), end_);
    if (raw.data() + raw.size() <= escape_) return raw;
    auto* place = reinterpret_cast<std::uint8_t*>(arena_.reserve(raw.size() + simdjson::SIMDJSON_PADDING));
    const auto* end = index_->tokens->parse_string(reinterpret_cast<const std::uint8_t*>(raw.data()), place);
    if (end == nullptr) {
        malformed();
        return {};
    }
    return {reinterpret_cast<const char*>(place), static_cast<std::size_t>(end - place)};
}

std::string_view JsonValue::number() {
    if (!is_number() || used_ || walk_.failed()) return {};
    used_ = true;
    const auto text = walk_.take_scalar();
    walk_.count(1);
    return text;
}

}  // namespace proctor::fhir
