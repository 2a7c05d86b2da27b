#include "auth/strict_json.h"

#include <limits>
#include <set>
#include <vector>

#include "base/json.h"
#include "base/limits.h"

namespace proctor::auth {
namespace {

using Json = nlohmann::json;

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";

bool nested_too_deeply(std::string_view text) {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') in_string = !in_string;
        if (in_string) {
            if (c == '\\') ++i;
        } else if (c == '{' || c == '[') {
            if (++depth > limits::k_json_depth) return true;
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
    return false;
}

// The library takes NUL for the end of the text, skips a byte order mark, and lets the last of two members win.
bool gated(std::string_view text) {
    return text.find('\0') == std::string_view::npos && !text.starts_with(k_byte_order_mark) &&
           !nested_too_deeply(text);
}

}  // namespace

std::optional<Json> parse_strict_object(std::string_view text) {
    if (!gated(text)) return std::nullopt;
    std::vector<std::set<std::string>> open;  // the names met in each object that is not closed
    bool twice = false;
    const auto watch = [&](int, Json::parse_event_t event, const Json& parsed) {
        if (event == Json::parse_event_t::object_start) open.emplace_back();
        if (event == Json::parse_event_t::object_end) open.pop_back();
        if (event == Json::parse_event_t::key && !open.back().insert(parsed.get<std::string>()).second) twice = true;
        return true;
    };
    Json parsed = Json::parse(text.begin(), text.end(), watch, false);
    if (!parsed.is_object() || twice) return std::nullopt;
    return parsed;
}

std::optional<std::string> text_of(const Json& value) {
    if (!value.is_string()) return std::nullopt;
    auto text = value.get<std::string>();
    if (text.find('\0') != std::string::npos) return std::nullopt;
    return text;
}

std::optional<std::string> text_member(const Json& object, const char* name) {
    const auto member = object.find(name);
    return member == object.end() ? std::nullopt : text_of(*member);
}

std::optional<std::int64_t> seconds_member(const Json& object, const char* name) {
    const auto member = object.find(name);
    if (member == object.end() || !member->is_number_unsigned()) return std::nullopt;
    const auto value = member->get<std::uint64_t>();
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

}  // namespace proctor::auth
