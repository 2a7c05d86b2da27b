#include "app/config_values.h"

#include <algorithm>

#include "rules/parse_reader.h"

namespace proctor::app {
namespace {

// RFC 6454: scheme, host and port, nothing behind them.
bool is_origin(std::string_view text) {
    const bool secure = text.rfind("https://", 0) == 0;
    if (!secure && text.rfind("http://localhost", 0) != 0) return false;
    const std::string_view host = text.substr(text.find("//") + 2);
    return !host.empty() &&
           host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") ==
               std::string_view::npos;
}

}  // namespace

Problem take_text(const Node& value, std::string& into) {
    if (value.kind != Node::Kind::string || value.text.empty()) return "must be a text";
    into = value.text;
    return std::nullopt;
}

Problem take_path(const Node& value, std::filesystem::path& into) {
    std::string path;
    auto problem = take_text(value, path);
    into = path;
    return problem;
}

Problem take_flag(const Node& value, bool& into) {
    if (value.kind != Node::Kind::boolean) return "must be true or false";
    into = value.flag;
    return std::nullopt;
}

Problem take_whole(const Node& value, Bounds bounds, long& into) {
    long number = 0;
    const char* end = value.text.data() + value.text.size();
    const auto parsed = std::from_chars(value.text.data(), end, number);
    const bool whole = value.kind == Node::Kind::number && parsed.ec == std::errc() && parsed.ptr == end;
    if (!whole || number < bounds.low || number > bounds.high) {
        return "must be a whole number from " + std::to_string(bounds.low) + " to " + std::to_string(bounds.high);
    }
    into = number;
    return std::nullopt;
}

Problem take_one_of(const Node& value, const std::vector<std::string>& allowed, std::string& into) {
    if (value.kind == Node::Kind::string && std::find(allowed.begin(), allowed.end(), value.text) != allowed.end()) {
        into = value.text;
        return std::nullopt;
    }
    std::string list;
    for (const auto& word : allowed) list += (list.empty() ? "\"" : ", \"") + word + '"';
    return "must be one of " + list;
}

Problem take_url(const Node& value, std::string& into) {
    const bool https =
        value.kind == Node::Kind::string && value.text.rfind("https://", 0) == 0 && value.text.size() > 8;
    if (!https || value.text.find_first_of(" \t\r\n\"<>") != std::string::npos) return "must be an https:// address";
    into = value.text;
    while (into.back() == '/') into.pop_back();
    return std::nullopt;
}

Problem take_urls(const Node& value, std::vector<std::string>& into) {
    if (value.kind != Node::Kind::array) return "must be a list of https:// addresses";
    for (const Node& item : value.items) {
        if (auto problem = take_url(item, into.emplace_back())) return "must be a list of https:// addresses";
    }
    return std::nullopt;
}

Problem take_origins(const Node& value, std::vector<std::string>& into) {
    if (value.kind != Node::Kind::array) return "must be a list";
    for (const Node& item : value.items) {
        const bool usable = item.kind == Node::Kind::string && (item.text == "*" || is_origin(item.text));
        if (!usable) return R"(must hold origins such as "https://ehr.example", without a path)";
        into.push_back(item.text);
    }
    return std::nullopt;
}

Problem take_zone(const Node& value, fhir::Zone& into) {
    auto zone = value.kind == Node::Kind::string ? fhir::Zone::named(value.text) : Result<fhir::Zone>(Error{});
    if (!zone) return R"(must be an IANA time zone such as "Europe/London")";
    into = *zone;
    return std::nullopt;
}

Problem take_texts(const Node& value, std::vector<std::string>& into) {
    if (value.kind != Node::Kind::array) return "must be a list of texts";
    for (const Node& item : value.items) {
        if (item.kind != Node::Kind::string || item.text.empty()) return "must be a list of texts";
        into.push_back(item.text);
    }
    return std::nullopt;
}

Problem take_factors(const Node& value, std::map<std::string, fhir::Micro>& into) {
    if (value.kind != Node::Kind::object) return "must be an object of numbers";
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        const Node& number = value.items[i];
        const auto point = number.text.find('.');
        const bool plain = number.kind == Node::Kind::number && number.text.find_first_of("eE") == std::string::npos &&
                           (point == std::string::npos || number.text.size() - point <= 7);
        const auto factor = plain ? fhir::read_micro(number.text) : std::nullopt;
        if (!factor) return "must hold numbers with at most six decimals";
        into[value.names[i]] = *factor;
    }
    return std::nullopt;
}

std::string unknown_member(const std::string& name, const std::vector<std::string>& known) {
    return "unknown member" + rules::did_you_mean(name, known);
}

}  // namespace proctor::app
