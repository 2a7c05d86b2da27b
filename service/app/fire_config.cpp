#include "app/fire_config.h"

#include "app/comments.h"
#include "app/config_values.h"

namespace proctor::app {
namespace {

constexpr std::string_view k_services = "/cds-services/";

// {base}/cds-services/{id} (CDS Hooks 3.0, Calling a CDS Service).
Problem take_service(const Node& value, std::string& into) {
    if (auto problem = take_url(value, into)) return problem;
    const auto at = into.rfind(k_services);
    const bool fits = at != std::string::npos && into.find_first_of("/?#", at + k_services.size()) == std::string::npos;
    if (!fits) return "must be the service's address, such as https://cds.example/cds-services/anorectal-alarms";
    return std::nullopt;
}

Problem take_algorithm(const Node& value, auth::Algorithm& into) {
    std::string name;
    if (auto problem = take_one_of(value, {"ES384", "RS384", "ES256", "RS256"}, name)) return problem;
    into = auth::algorithm_named(name).value_or(into);
    return std::nullopt;
}

const std::vector<Member<FireConfig>>& members() {
    using C = FireConfig;
    static const std::vector<Member<C>> all = {
        {"service", [](const Node& v, C& c) { return take_service(v, c.service); }},
        {"audience", [](const Node& v, C& c) { return take_service(v, c.audience); }},
        {"issuer", [](const Node& v, C& c) { return take_text(v, c.issuer); }},
        {"tenant", [](const Node& v, C& c) { return take_text(v, c.tenant); }},
        {"kid", [](const Node& v, C& c) { return take_text(v, c.signer.kid); }},
        {"alg", [](const Node& v, C& c) { return take_algorithm(v, c.signer.algorithm); }},
        {"jku", [](const Node& v, C& c) { return take_text(v, c.signer.jku); }},
        {"key_file", [](const Node& v, C& c) { return take_path(v, c.key_file); }},
        {"ca_file", [](const Node& v, C& c) { return take_path(v, c.ca_file); }},
    };
    return all;
}

Status check_required(const FireConfig& config) {
    if (config.service.empty()) return Error{"is missing", "/service"};
    if (config.issuer.empty()) return Error{"is missing", "/issuer"};
    if (config.signer.kid.empty()) return Error{"is missing", "/kid"};
    if (config.key_file.empty()) return Error{"is missing", "/key_file"};
    return Done{};
}

}  // namespace

Result<FireConfig> parse_fire_config(std::string_view text, const std::string& file) {
    auto parsed = rules::parse_json(without_comments(text));
    if (!parsed) return Error{parsed.error().message, file + parsed.error().where};
    if (parsed->kind != Node::Kind::object) return Error{"must be a JSON object", file};
    FireConfig config;
    auto taken = take_members(*parsed, members(), config);
    if (taken) taken = check_required(config);
    if (!taken) return Error{taken.error().message, file + taken.error().where};
    if (config.audience.empty()) config.audience = config.service;
    const auto folder = std::filesystem::path(file).parent_path();
    for (auto* path : {&config.key_file, &config.ca_file}) {
        if (!path->empty() && path->is_relative()) *path = folder / *path;
    }
    return config;
}

std::string discovery_of(const std::string& service) {
    return service.substr(0, service.rfind(k_services) + k_services.size() - 1);
}

std::string id_of(const std::string& service) { return service.substr(service.rfind(k_services) + k_services.size()); }

}  // namespace proctor::app
