#include "fhir/json_walk.h"

#include <simdjson.h>

#include <cstring>
#include <optional>

#include "fhir/read_r4.h"

namespace proctor::fhir {
namespace {

static_assert(k_padding >= simdjson::SIMDJSON_PADDING);

bool is_digit(char c) { return c >= '0' && c <= '9'; }

const char* after_digits(const char* at, const char* end) {
    while (at < end && is_digit(*at)) ++at;
    return at;
}

// RFC 8259, section 6.
bool is_number(std::string_view token) {
    const char* at = token.data();
    const char* end = at + token.size();
    if (at < end && *at == '-') ++at;
    const char* whole = at;
    at = after_digits(at, end);
    if (at == whole || (*whole == '0' && at - whole > 1)) return false;
    if (at < end && *at == '.') {
        const char* fraction = ++at;
        at = after_digits(at, end);
        if (at == fraction) return false;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at < end && (*at == '+' || *at == '-')) ++at;
        const char* exponent = at;
        at = after_digits(at, end);
        if (at == exponent) return false;
    }
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

// Length of the escape at `at` (a backslash), 0 when it is none or stands for no character of FHIR (U+0000, lone surrogates).
std::size_t escape_length(const char* at) {
    if (std::strchr("\"\\/bfnrt", at[1]) != nullptr && at[1] != '\0') return 2;
    if (at[1] != 'u') return 0;
    const auto unit = read_hex4(at + 2);
    if (!unit || *unit == 0) return 0;
    if (*unit < 0xD800 || *unit > 0xDFFF) return 6;
    if (*unit > 0xDBFF || at[6] != '\\' || at[7] != 'u') return 0;
    const auto low = read_hex4(at + 8);
    return low && *low >= 0xDC00 && *low <= 0xDFFF ? 12 : 0;
}

// Every backslash of a valid document begins an escape inside a string, so the escapes can be checked without knowing the strings.
bool check_escapes(std::string_view bytes) {
    const char* at = bytes.data();
    const char* end = at + bytes.size();
    while ((at = static_cast<const char*>(std::memchr(at, '\\', static_cast<std::size_t>(end - at)))) != nullptr) {
        const auto length = escape_length(at);
        if (length == 0 || length > static_cast<std::size_t>(end - at)) return false;
        at += length;
    }
    return true;
}

}  // namespace

PaddedJson::PaddedJson(std::string bytes) : storage_(std::move(bytes)), size_(storage_.size()) {
    storage_.append(k_padding, '\0');
}

void JsonWalk::fail(std::string_view message, std::string_view where) {
    if (failed_) return;
    failed_ = true;
    error_ = {std::string(message), std::string(where)};
}

struct JsonWalk::Index {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> tokens;
};

JsonWalk::JsonWalk(TextArena& arena) : arena_(arena), index_(std::make_unique<Index>()) {}
JsonWalk::~JsonWalk() = default;

// The first stage finds the tokens, and refuses invalid UTF-8, unclosed strings and control characters inside strings.
bool JsonWalk::open(const PaddedJson& json) {
    const auto bytes = json.bytes();
    if (bytes.size() > limits::k_body_bytes) {
        fail("larger than the limit", "");
    } else if (bytes.empty()) {
        malformed();
    } else if (!check_escapes(bytes)) {
        fail("malformed JSON: an invalid escape", "");
    } else {
        auto& tokens = index_->tokens;
        auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(bytes.size(), limits::k_json_depth, tokens);
        const auto* start = reinterpret_cast<const std::uint8_t*>(bytes.data());
        if (error == simdjson::SUCCESS) error = tokens->stage1(start, bytes.size(), simdjson::stage1_mode::regular);
        if (error == simdjson::UTF8_ERROR) fail("not valid UTF-8", "");
        else if (error != simdjson::SUCCESS) malformed();
        else counting_ = tokens->n_structural_indexes > limits::k_json_nodes;
    }
    if (failed_) return false;
    base_ = escape_ = bytes.data();
    end_ = base_ + bytes.size();
    token_ = index_->tokens->structural_indexes.get();
    return true;
}

Status JsonWalk::close() {
    if (!failed_ && token_ != &index_->tokens->structural_indexes[index_->tokens->n_structural_indexes]) {
        fail("malformed JSON: something follows the document", "");
    }
    if (failed_) return error_;
    return Done{};
}

std::string_view JsonWalk::take_scalar() {
    const auto text = token();
    const char first = text.empty() ? '\0' : text.front();
    const bool valid = first == 't' ? text == "true" : first == 'f' ? text == "false" : first == 'n' ? text == "null" : is_number(text);
    if (valid) ++token_;
    else malformed();
    return text;
}

// Most of a chart is skipped, so this is a loop, not a recursion: `objects` remembers, a bit for each level, what is open.
void JsonWalk::skip() {
    static_assert(limits::k_json_depth <= 64);
    std::uint64_t objects = 0;
    const auto outside = depth_;
    while (count()) {
        const char first = peek();
        if (first == '"') {
            take_string();
        } else if (first == '{' || first == '[') {
            if (open_skipped(first == '{', objects)) continue;
        } else {
            take_scalar();
        }
        if (failed_) return;
        while (depth_ > outside && !take(',')) {
            if (!take((objects & 1U) != 0 ? '}' : ']')) return malformed();
            objects >>= 1U;
            leave();
        }
        if (depth_ == outside) return;
        if ((objects & 1U) != 0) take_name();
    }
}

// Whether a value of the container is the next to skip; if not, it is empty or something failed.
bool JsonWalk::open_skipped(bool object, std::uint64_t& objects) {
    ++token_;
    if (!enter()) return false;
    if (take(object ? '}' : ']')) {
        leave();
        return false;
    }
    objects = objects << 1U | (object ? 1U : 0U);
    if (object) take_name();
    return !failed_;
}

// Unescaping never makes a text longer. `raw` is followed by its closing quote, where simdjson stops.
std::string_view JsonWalk::unescape_slowly(std::string_view raw) {
    if (raw.empty()) return raw;
    if (escape_ < raw.data()) {
        const auto* next = std::memchr(raw.data(), '\\', static_cast<std::size_t>(end_ - raw.data()));
        escape_ = next == nullptr ? end_ : static_cast<const char*>(next);
    }
    if (raw.data() + raw.size() <= escape_) return raw;
    auto* place = reinterpret_cast<std::uint8_t*>(arena_.reserve(raw.size() + simdjson::SIMDJSON_PADDING));
    const auto* end = index_->tokens->parse_string(reinterpret_cast<const std::uint8_t*>(raw.data()), place);
    if (end == nullptr) {
        malformed();
        return {};
    }
    return {reinterpret_cast<const char*>(place), static_cast<std::size_t>(end - place)};
}

std::string_view JsonValue::kept_number() {
    if (!is_number() || used_ || walk_.failed()) return {};
    used_ = true;
    walk_.count();
    return walk_.arena().keep(walk_.take_scalar());
}

}  // namespace proctor::fhir
