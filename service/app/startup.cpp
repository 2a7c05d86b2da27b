#include "app/startup.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "app/files.h"
#include "rules/check.h"
#include "rules/concept_map.h"

namespace proctor::app {
namespace {

Config as_demo(Config config) {
    config.accept_unapproved = true;
    config.accept_unauthenticated = true;
    config.settings.demo = true;
    if (config.origins.empty()) config.origins = {"*"};
    if (config.socket.empty() && config.port == 0) config.port = 8080;
    return config;
}

}  // namespace

Result<Config> settle(Config config, bool demo) {
    if (demo) return as_demo(std::move(config));
    if (config.port != 0)
        return Error{"plain HTTP on a port is for --demo only; give a socket and put nginx in front of it", "port"};
    if (config.socket.empty()) return Error{"a socket is required, the one that nginx connects to", "socket"};
    if (std::find(config.origins.begin(), config.origins.end(), "*") != config.origins.end()) {
        return Error{"\"*\" is for --demo only; list the origins of your EHR", "origins"};
    }
    if (!config.accept_unauthenticated) {
        return Error{
            "this release cannot tell clients apart yet, so nobody would be answered; set it to true only "
            "when nothing but the EHR "
            "can reach nginx",
            "accept_unauthenticated"};
    }
    return config;
}

Result<std::shared_ptr<const hooks::Engine>> make_engine(std::shared_ptr<const rules::Content> content,
                                                         const Config& config, std::vector<std::string>& warnings) {
    if (auto known = rules::check_site(config.settings.site, *content); !known) return known.error();
    std::vector<rules::MapFile> files;
    for (const auto& file : config.concept_maps) {
        auto text = read_text(file.string(), limits::k_concept_map_bytes);
        if (!text) return text.error();
        files.push_back({file.string(), std::move(*text)});
    }
    auto map = rules::read_concept_maps(files, *content);
    if (!map) return map.error();
    warnings = std::move(map->warnings);
    return std::make_shared<const hooks::Engine>(std::move(content), config.settings.site, std::move(map->codes));
}

Result<Client> load_client(Config config, const std::string& cards) {
    auto content = rules::load_content(cards.empty() ? config.content : std::filesystem::path(cards));
    if (!content) return content.error();
    std::vector<std::string> warnings;
    auto engine = make_engine(*content, config, warnings);
    if (!engine) return engine.error();
    for (const auto& warning : warnings) std::cerr << "proctor: warning: " << warning << '\n';
    return Client{std::move(config.settings), std::move(*engine)};
}

Result<std::shared_ptr<const hooks::Engine>> load_for_service(const Config& config) {
    std::string_view step;
    return load_for_service(config, step);
}

Result<std::shared_ptr<const hooks::Engine>> load_for_service(const Config& config, std::string_view& step) {
    step = "permissions";
    if (auto safe = check_permissions(config.content); !safe) return safe.error();
    step = "content";
    auto content = rules::load_content(config.content);
    if (!content) return content.error();
    step = "cases";
    const auto report = rules::check_content(**content, rules::FactLookup(**content));
    if (!report.errors.empty()) return report.errors.front();
    step = "approval";
    if (!(*content)->manifest.approved && !config.accept_unapproved) {
        return Error{
            "no clinician has approved this content; a site that takes that upon itself sets "
            "accept_unapproved to true",
            (config.content / "manifest.json").string()};
    }
    step = "settings";
    std::vector<std::string> warnings;
    auto engine = make_engine(*content, config, warnings);
    for (const auto& warning : warnings) std::cerr << "proctor: warning: " << warning << '\n';
    return engine;
}

}  // namespace proctor::app
