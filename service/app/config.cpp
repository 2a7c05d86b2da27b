#include "app/config.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>

#include "app/files.h"
#include "rules/parse_json.h"
#include "rules/parse_reader.h"

namespace proctor::app {
namespace {

using rules::Node;
using Problem = std::optional<std::string>;  // what is wrong with a value

// Blanks // comments outside strings, so that places in the text stay.
std::string without_comments(std::string_view text) {
    std::string plain(text);
    bool in_string = false;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        if (in_string && plain[i] == '\\') {
            ++i;
        } else if (plain[i] == '"') {
            in_string = !in_string;
        } else if (!in_string && plain.compare(i, 2, "//") == 0) {
            while (i < plain.size() && plain[i] != '\n') plain[i++] = ' ';
        }
    }
    return plain;
}

Problem take_text(const Node& value, std::string& into) {
    if (value.kind != Node::Kind::string || value.text.empty()) return "must be a text";
    into = value.text;
    return std::nullopt;
}

Problem take_flag(const Node& value, bool& into) {
    if (value.kind != Node::Kind::boolean) return "must be true or false";
    into = value.flag;
    return std::nullopt;
}

struct Bounds {
    long low, high;
};

template <typename Integer>
Problem take_integer(const Node& value, Bounds bounds, Integer& into) {
    long number = 0;
    const char* end = value.text.data() + value.text.size();
    const auto parsed = std::from_chars(value.text.data(), end, number);
    const bool whole = value.kind == Node::Kind::number && parsed.ec == std::errc() && parsed.ptr == end;
    if (!whole || number < bounds.low || number > bounds.high) {
        return "must be a whole number from " + std::to_string(bounds.low) + " to " + std::to_string(bounds.high);
    }
    into = static_cast<Integer>(number);
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

// RFC 6454: scheme, host and port, nothing behind them.
bool is_origin(std::string_view text) {
    const bool secure = text.rfind("https://", 0) == 0;
    if (!secure && text.rfind("http://localhost", 0) != 0) return false;
    const std::string_view host = text.substr(text.find("//") + 2);
    return !host.empty() &&
           host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") ==
               std::string_view::npos;
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

// {"name": factor}: whether such a name exists and such a factor is believable, the content says (rules/site.h).
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

struct Member {
    std::string name;
    std::function<Problem(const Node&, Config&)> take;
};

const std::vector<Member>& members() {
    static const std::vector<Member> all = {
        {"content",
         [](const Node& v, Config& c) {
             std::string path;
             auto p = take_text(v, path);
             c.content = path;
             return p;
         }},
        {"socket", [](const Node& v, Config& c) { return take_text(v, c.socket); }},
        {"port",
         [](const Node& v, Config& c) {
             return take_integer(v, {1, 65535}, c.port);
         }},
        {"origins", [](const Node& v, Config& c) { return take_origins(v, c.origins); }},
        {"accept_unapproved", [](const Node& v, Config& c) { return take_flag(v, c.accept_unapproved); }},
        {"accept_unauthenticated", [](const Node& v, Config& c) { return take_flag(v, c.accept_unauthenticated); }},
        {"threads",
         [](const Node& v, Config& c) {
             return take_integer(v, {1, 256}, c.threads);
         }},
        {"queue",
         [](const Node& v, Config& c) {
             return take_integer(v, {0, 100'000}, c.queue);
         }},
        {"profile",
         [](const Node& v, Config& c) {
             return take_one_of(v, {"guideline", "seed"}, c.settings.profile);
         }},
        {"region",
         [](const Node& v, Config& c) {
             return take_one_of(v, {"UK", "US"}, c.settings.region);
         }},
        {"fhir_version",
         [](const Node& v, Config& c) {
             std::string name;
             auto p = take_one_of(v, {"DSTU2", "STU3", "R4", "R5"}, name);
             c.settings.fhirVersion = fhir::version_named(name);
             return p;
         }},
        {"time_zone", [](const Node& v, Config& c) { return take_zone(v, c.settings.zone); }},
        {"system_base", [](const Node& v, Config& c) { return take_url(v, c.settings.systemBase); }},
        {"concept_maps",
         [](const Node& v, Config& c) {
             std::vector<std::string> files;
             auto p = take_texts(v, files);
             c.concept_maps.assign(files.begin(), files.end());
             return p;
         }},
        {"unit_factors", [](const Node& v, Config& c) { return take_factors(v, c.settings.site.factors); }},
        {"show", [](const Node& v, Config& c) { return take_texts(v, c.settings.site.show); }},
        {"source_url", [](const Node& v, Config& c) { return take_url(v, c.settings.sourceUrl); }},
    };
    return all;
}

Problem take_member(const std::string& name, const Node& value, Config& config) {
    std::vector<std::string> known;
    for (const Member& member : members()) {
        if (member.name == name) return member.take(value, config);
        known.push_back(member.name);
    }
    return "unknown member" + rules::did_you_mean(name, known);
}

std::filesystem::path beside(const std::filesystem::path& file, const std::filesystem::path& path) {
    return path.empty() || path.is_absolute() ? path : file.parent_path() / path;
}

}  // namespace

Result<Config> parse_config(std::string_view text, const std::string& file) {
    auto parsed = rules::parse_json(without_comments(text));
    if (!parsed) return Error{parsed.error().message, file + parsed.error().where};
    if (parsed->kind != Node::Kind::object) return Error{"must be a JSON object", file};
    Config config;
    for (std::size_t i = 0; i < parsed->items.size(); ++i) {
        const std::string& name = parsed->names[i];
        if (auto problem = take_member(name, parsed->items[i], config))
            return Error{*problem, file + rules::pointer_step(name)};
    }
    if (!config.socket.empty() && config.port != 0) return Error{"give a socket or a port, not both", file + "/port"};
    config.content = beside(file, config.content);
    for (auto& map : config.concept_maps) map = beside(file, map);
    if (!config.socket.empty()) config.socket = beside(file, config.socket).string();
    return config;
}

Result<Config> read_config(const std::filesystem::path& file) {
    auto text = read_text(file.string(), limits::k_config_bytes);
    if (!text) return text.error();
    return parse_config(*text, file.string());
}

}  // namespace proctor::app
