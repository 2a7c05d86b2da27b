#include "fhir/json_walk.h"

#include <cstring>

#include "base/limits.h"
#include "fhir/read_r4.h"

namespace proctor::fhir {
namespace {

namespace ondemand = simdjson::ondemand;
static_assert(k_padding >= simdjson::SIMDJSON_PADDING);

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view without_trailing_space(std::string_view token) {
    auto size = token.size();
    while (size > 0 && (token[size - 1] == ' ' || token[size - 1] == '\n' || token[size - 1] == '\r' || token[size - 1] == '\t')) {
        --size;
    }
    return token.substr(0, size);
}

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
bool check_escapes(std::string_view bytes, bool& found) {
    const char* at = bytes.data();
    const char* end = at + bytes.size();
    while ((at = static_cast<const char*>(std::memchr(at, '\\', static_cast<std::size_t>(end - at)))) != nullptr) {
        found = true;
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

bool JsonWalk::open(const PaddedJson& json, ondemand::value& root) {
    const auto bytes = json.bytes();
    end_ = bytes.data() + bytes.size();
    if (bytes.size() > limits::k_body_bytes) {
        fail("larger than the limit", "");
    } else if (std::memchr(bytes.data(), '\0', bytes.size()) != nullptr) {
        fail("a NUL byte", "");
    } else if (!check_escapes(bytes, escapes_)) {
        fail("malformed JSON: an invalid escape", "");
    } else {
        const simdjson::padded_string_view padded(bytes.data(), bytes.size(), bytes.size() + k_padding);
        auto error = parser_.iterate(padded).get(document_);
        if (error == simdjson::SUCCESS) error = document_.get_value().get(root);
        if (error == simdjson::UTF8_ERROR) fail("not valid UTF-8", "");
        else if (error == simdjson::SCALAR_DOCUMENT_AS_VALUE) fail("not a JSON object", "");
        else if (error != simdjson::SUCCESS) malformed();
    }
    return !failed_;
}

Status JsonWalk::close() {
    if (!failed_ && document_.current_location().error() != simdjson::OUT_OF_BOUNDS) fail("malformed JSON: something follows the document", "");
    if (failed_) return error_;
    return Done{};
}

bool JsonWalk::count() {
    if (++values_ > limits::k_json_nodes) fail("more JSON values than the limit", pointer_);
    return !failed_;
}

bool JsonWalk::enter() {
    if (++depth_ <= limits::k_json_depth) return true;
    fail("nested deeper than the limit", pointer_);
    return false;
}

bool JsonWalk::check_scalar(std::string_view token) {
    const auto text = without_trailing_space(token);
    switch (text.empty() ? '\0' : text.front()) {
        case '"':
            if (text.size() > limits::k_string_bytes + 2) fail("a string longer than the limit", pointer_);
            return text.size() >= 2 && text.back() == '"';
        case 't': return text == "true";
        case 'f': return text == "false";
        case 'n': return text == "null";
        default: return is_number(text);
    }
}

// White space before the value counts too: nobody writes a megabyte of it.
void JsonWalk::check_key(const char* key, std::string_view value_token) {
    if (value_token.data() - key > static_cast<std::ptrdiff_t>(limits::k_string_bytes)) fail("a string longer than the limit", pointer_);
}

void JsonWalk::skip(ondemand::value value) {
    const std::string_view token = value.raw_json_token();
    if (token.empty()) return malformed();
    if (!count()) return;
    if (token.front() == '{') return skip_object(value);
    if (token.front() == '[') return skip_array(value);
    if (!check_scalar(token)) return malformed();
    // Left unread, a string before a stray colon would pass for a key.
    if (token.front() == '"' && value.get_raw_json_string().error() != simdjson::SUCCESS) malformed();
}

void JsonWalk::skip_object(ondemand::value& value) {
    if (!enter()) return;
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return malformed();
    for (auto item : object) {
        ondemand::field field;
        if (std::move(item).get(field) != simdjson::SUCCESS) return malformed();
        check_key(field.key().raw(), field.value().raw_json_token());
        skip(field.value());
        if (failed_) return;
    }
    leave();
}

void JsonWalk::skip_array(ondemand::value& value) {
    if (!enter()) return;
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return malformed();
    for (auto item : array) {
        ondemand::value element;
        if (std::move(item).get(element) != simdjson::SUCCESS) return malformed();
        skip(element);
        if (failed_) return;
    }
    leave();
}

std::string_view JsonWalk::key_text(ondemand::raw_json_string key) {
    const char* begin = key.raw();
    const auto* quote = static_cast<const char*>(std::memchr(begin, '"', static_cast<std::size_t>(end_ - begin)));
    if (quote == nullptr) return {};
    const std::string_view plain(begin, static_cast<std::size_t>(quote - begin));
    if (!escapes_ || plain.find('\\') == std::string_view::npos) return plain;
    const char* at = quote;
    for (at = begin; at < end_ && *at != '"'; ++at) at += *at == '\\' ? 1 : 0;
    return unescaped(key, static_cast<std::size_t>(at - begin));
}

// Unescaping never makes a text longer.
std::string_view JsonWalk::unescaped(ondemand::raw_json_string raw, std::size_t bytes) {
    char* place = arena_.reserve(bytes + simdjson::SIMDJSON_PADDING);
    auto* to = reinterpret_cast<std::uint8_t*>(place);
    std::string_view text;
    if (parser_.unescape(raw, to).get(text) != simdjson::SUCCESS) malformed();
    return text;
}

JsonValue::JsonValue(JsonWalk& walk, ondemand::value value) : walk_(walk), value_(value) {
    if (walk_.failed() || !walk_.count()) return;
    token_ = value_.raw_json_token();
    if (is_object() || is_array() || walk_.check_scalar(token_)) return;
    token_ = {};
    walk_.malformed();
}

std::string_view JsonValue::text() {
    if (!is_string()) return {};
    const auto token = without_trailing_space(token_);
    const auto plain = token.substr(1, token.size() - 2);
    if (!walk_.escapes_ || plain.find('\\') == std::string_view::npos) return plain;
    return walk_.unescaped(simdjson::ondemand::raw_json_string(reinterpret_cast<const std::uint8_t*>(token.data()) + 1), plain.size());
}

std::string_view JsonValue::kept_text() { return walk_.arena().keep(text()); }

std::string_view JsonValue::kept_number() {
    return is_number() ? walk_.arena().keep(without_trailing_space(token_)) : std::string_view{};
}

void JsonValue::skip() {
    if (used_ || walk_.failed()) return;
    used_ = true;
    if (is_object()) return walk_.skip_object(value_);
    if (is_array()) return walk_.skip_array(value_);
    if (is_string() && value_.get_raw_json_string().error() != simdjson::SUCCESS) walk_.malformed();
}

}  // namespace proctor::fhir
