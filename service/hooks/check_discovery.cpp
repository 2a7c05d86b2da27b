#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "hooks/check_answer.h"
#include "hooks/hook_table.h"
#include "hooks/place.h"

namespace proctor::hooks {
namespace {

using Kind = rules::Node::Kind;

bool is_letter_or_digit(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

bool is_word(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_letter_or_digit);
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// "3.0.0"
bool is_version(std::string_view text) {
    const auto first = text.find('.'), second = text.find('.', first + 1);
    return second != std::string_view::npos && is_word(text.substr(0, first)) &&
           is_word(text.substr(first + 1, second - first - 1)) && is_word(text.substr(second + 1, 1));
}

// A prefetch template: what stands between its delimiters, and the query with a 0 in place of each.
struct Template {
    std::vector<std::string> tokens;
    std::string query;
    bool delimited = true;  // no brace stands elsewhere
};

Template read_template(std::string_view text) {
    Template parts;
    while (true) {
        const auto open = text.find("{{");
        const auto close = open == std::string_view::npos ? open : text.find("}}", open);
        parts.query += text.substr(0, close == std::string_view::npos ? close : open);
        if (close == std::string_view::npos) break;
        parts.tokens.emplace_back(trimmed(text.substr(open + 2, close - open - 2)));
        parts.query += '0';
        text.remove_prefix(close + 2);
    }
    parts.delimited = parts.query.find_first_of("{}") == std::string::npos;
    return parts;
}

bool names_types(std::string_view path) {
    constexpr std::string_view k_of_type = "ofType(";
    for (auto at = path.find(k_of_type); at != std::string_view::npos; at = path.find(k_of_type, at + 1)) {
        const auto type = path.substr(at + k_of_type.size(), path.find(')', at) - at - k_of_type.size());
        if (!is_word(type) || std::isupper(static_cast<unsigned char>(type[0])) == 0) return false;
    }
    return true;
}

// `earlier`: the keys listed before.
void check_token(const Place& query, std::string_view token, const std::set<std::string>& earlier) {
    constexpr std::array<std::string_view, 4> k_users = {"userPractitionerId", "userPractitionerRoleId",
                                                         "userPatientId", "userRelatedPersonId"};
    if (std::find(k_users.begin(), k_users.end(), token) != k_users.end()) return;
    if (!names_types(token)) query.must("the argument of ofType() SHALL be a FHIR resource type");
    const bool variable = token.starts_with('%');
    if (variable && earlier.count(std::string(token.substr(1, token.find_first_of(".[ ", 1) - 1))) == 0)
        query.must("a prefetch that depends on another SHALL be listed after it");
    const bool path = token.starts_with("context.") && token.size() > 8 && is_letter_or_digit(token[8]);
    if (path && is_word(token.substr(8))) return;
    if (variable || path || token.starts_with("today()"))
        return query.should("clients of CDS Hooks 2.0 resolve no token but {{context.FIELD}} of a primitive field");
    query.must(
        "a token SHALL be context.FIELD, userPractitionerId, userPractitionerRoleId, userPatientId or "
        "userRelatedPersonId");
}

// The subset of searches that CDS Hooks 3.0, Prefetch query restrictions, recommends.
bool is_recommended(std::string_view parameter) {
    constexpr std::array<std::string_view, 5> k_special = {"_count", "_maxresults", "_sort", "_id", "_lastUpdated"};
    constexpr std::array<std::string_view, 4> k_prefixes = {"ne", "sa", "eb", "ap"};
    const auto equals = parameter.find('=');
    const auto name = parameter.substr(0, equals);
    const auto value = equals == std::string_view::npos ? "" : parameter.substr(equals + 1);
    const auto colon = name.find(':');
    if (colon != std::string_view::npos && name.substr(colon) != ":in") return false;
    if (name.find('.') != std::string_view::npos) return false;
    if (name.starts_with('_') && std::find(k_special.begin(), k_special.end(), name) == k_special.end()) return false;
    const bool prefixed = std::find(k_prefixes.begin(), k_prefixes.end(), value.substr(0, 2)) != k_prefixes.end();
    return !(prefixed && value.size() > 2 && std::isdigit(static_cast<unsigned char>(value[2])) != 0);
}

bool is_in_subset(std::string_view query) {
    const auto question = query.find('?');
    if (question == std::string_view::npos) return true;
    for (auto rest = query.substr(question + 1); !rest.empty();) {
        const auto end = std::min(rest.find('&'), rest.size());
        if (!is_recommended(rest.substr(0, end))) return false;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return true;
}

void check_template(const Place& query, const std::set<std::string>& earlier) {
    if (!query.is(Kind::string)) return query.must("a prefetch template SHALL be a text");
    const Template parts = read_template(query.text());
    if (!parts.delimited) query.must("tokens SHALL be delimited by {{ and }}");
    for (const auto& token : parts.tokens) check_token(query, token, earlier);
    if (!is_in_subset(parts.query)) query.should("queries SHOULD stay in the subset that every FHIR server knows");
}

void check_prefetch(const Place& prefetch) {
    std::set<std::string> earlier;
    const auto templates = prefetch.items();
    for (std::size_t i = 0; i < templates.size(); ++i) {
        check_template(templates[i], earlier);
        earlier.insert(prefetch.names()[i]);
    }
}

void check_versions(const Place& service, const std::string& hook) {
    if (!service["title"]) service.should("title SHOULD be given");
    if (!service["version"]) service.should("version SHOULD be given: that of the specification, such as 3.0.0");
    const Place version = service.take("version", Kind::string);
    if (version && !is_version(version.text())) version.should("version SHOULD be a semantic version, such as 3.0.0");
    const Place of_hook = service.take("hookVersion", Kind::string);
    const HookContext* known = find_hook(hook);
    if (of_hook && known != nullptr && of_hook.text() != known->hookVersion)
        of_hook.must("hookVersion SHALL be that of the published hook, " + std::string(known->hookVersion));
}

std::string text_of(const Place& place) { return place ? place.text() : ""; }

using Seen = std::set<std::pair<std::string, std::string>>;

void check_service(const Place& service, Seen& seen) {
    if (!service.check_object()) return;
    const auto hook = text_of(service.take("hook", Kind::string, Need::required));
    const auto id = text_of(service.take("id", Kind::string, Need::required));
    static_cast<void>(service.take("description", Kind::string, Need::required));
    static_cast<void>(service.take("title", Kind::string));
    static_cast<void>(service.take("usageRequirements", Kind::string));
    check_versions(service, hook);
    check_prefetch(service.take("prefetch", Kind::object));
    if (!seen.emplace(hook, id).second) service.must("several versions of one hook SHALL live at separate endpoints");
}

}  // namespace

Findings check_discovery(std::string_view body) {
    Findings findings;
    const auto document = read_document(body, "services", findings);
    if (!document) return findings;
    Seen seen;
    const Place root(&*document, "", findings);
    for (const Place& service : root.take("services", Kind::array, Need::required).items())
        check_service(service, seen);
    return findings;
}

}  // namespace proctor::hooks
