// One member of "clients": who may call, with what tokens, and where its charts may be read.
#include <algorithm>

#include "app/config_site.h"

namespace proctor::app {
namespace {

// A name for logs and cards' identity: nothing that a log line could be broken with.
Problem take_name(const Node& value, std::string& into) {
    const auto plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
               c == '_';
    };
    const bool usable = value.kind == Node::Kind::string && !value.text.empty() && value.text.size() <= 64 &&
                        std::all_of(value.text.begin(), value.text.end(), plain);
    if (!usable) return "must be a name of letters, digits, '-', '.' and '_'";
    into = value.text;
    return std::nullopt;
}

Problem take_algorithms(const Node& value, std::vector<auth::Algorithm>& into) {
    into.clear();
    std::vector<std::string> names;
    if (auto problem = take_texts(value, names)) return problem;
    for (const auto& name : names) {
        const auto algorithm = auth::algorithm_named(name);
        if (!algorithm) return "must hold algorithms such as \"ES384\" and \"RS384\"; neither none nor HMAC can be";
        into.push_back(*algorithm);
    }
    if (into.empty()) return "must hold an algorithm";
    return std::nullopt;
}

// SHA-256 of the certificate in hex, with or without colons.
Problem take_certificates(const Node& value, std::vector<std::string>& into) {
    if (auto problem = take_texts(value, into)) return problem;
    for (auto& print : into) {
        std::erase(print, ':');
        std::transform(print.begin(), print.end(), print.begin(),
                       [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
        if (print.size() != 64 || print.find_first_not_of("0123456789abcdef") != std::string::npos)
            return "must hold SHA-256 fingerprints of certificates";
    }
    return std::nullopt;
}

Problem take_lifetime(const Node& value, std::chrono::seconds& into) {
    long seconds = 0;
    auto problem = take_whole(value, {60, 3600}, seconds);
    if (!problem) into = std::chrono::seconds(seconds);
    return problem;
}

Problem take_servers(const Node& value, bool private_address, std::vector<FhirServer>& into) {
    std::vector<std::string> urls;
    if (auto problem = take_urls(value, urls)) return problem;
    for (auto& url : urls) into.push_back({std::move(url), private_address});
    return std::nullopt;
}

const std::vector<Member<ClientConfig>>& client_members() {
    using C = ClientConfig;
    static const std::vector<Member<C>> all = {
        {"id", [](const Node& v, C& c) { return take_name(v, c.trust.id); }},
        {"issuer", [](const Node& v, C& c) { return take_text(v, c.trust.issuer); }},
        {"base_url", [](const Node& v, C& c) { return take_url(v, c.base_url); }},
        {"jwks_url", [](const Node& v, C& c) { return take_url(v, c.trust.jwks_url); }},
        {"jwks_file", [](const Node& v, C& c) { return take_text(v, c.trust.jwks_file); }},
        {"jwks_private", [](const Node& v, C& c) { return take_flag(v, c.private_jwks); }},
        {"jku", [](const Node& v, C& c) { return take_texts(v, c.trust.policy.jkus); }},
        {"tenants", [](const Node& v, C& c) { return take_texts(v, c.trust.policy.tenants); }},
        {"algorithms", [](const Node& v, C& c) { return take_algorithms(v, c.trust.policy.algorithms); }},
        {"token_seconds", [](const Node& v, C& c) { return take_lifetime(v, c.trust.policy.lifetime); }},
        {"several_audiences", [](const Node& v, C& c) { return take_flag(v, c.trust.policy.several_audiences); }},
        {"certificates", [](const Node& v, C& c) { return take_certificates(v, c.trust.certificates); }},
        {"fhir_servers", [](const Node& v, C& c) { return take_servers(v, false, c.fhir_servers); }},
        {"private_fhir_servers", [](const Node& v, C& c) { return take_servers(v, true, c.fhir_servers); }},
        {"in_flight",
         [](const Node& v, C& c) {
             return take_integer(v, {1, 256}, c.in_flight);
         }},
    };
    return all;
}

// A client's own members, and those that every site has.
std::vector<Member<ClientConfig>> all_members() {
    auto members = client_members();
    for (const auto& member : site_members()) {
        members.push_back(
            {member.name, [take = member.take](const Node& v, ClientConfig& c) { return take(v, c.site); }});
    }
    return members;
}

}  // namespace

Result<ClientConfig> read_client(const Node& node, const Site& common) {
    static const auto members = all_members();
    if (node.kind != Node::Kind::object) return Error{"must be a JSON object", ""};
    ClientConfig client;
    client.site = common;
    if (auto taken = take_members(node, members, client); !taken) return taken.error();
    auto& trust = client.trust;
    if (trust.id.empty()) return Error{"is missing", "/id"};
    if (trust.issuer.empty()) return Error{"is missing", "/issuer"};
    if (trust.jwks_url.empty() == trust.jwks_file.empty()) return Error{"give jwks_url or jwks_file", "/jwks_url"};
    if (!trust.jwks_url.empty()) trust.policy.jkus.push_back(trust.jwks_url);
    client.site.settings.client = trust.id;
    hooks::complete_keys(client.site.settings);
    return client;
}

}  // namespace proctor::app
