#include "app/startup.h"

#include <algorithm>
#include <utility>

#include "app/files.h"
#include "rules/check.h"

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

Result<std::shared_ptr<const hooks::Engine>> load_for_service(const Config& config) {
    if (auto safe = check_permissions(config.content); !safe) return safe.error();
    auto content = rules::load_content(config.content);
    if (!content) return content.error();
    auto engine = std::make_shared<const hooks::Engine>(*content);
    const auto report = rules::check_content(*engine->content, engine->lookup);
    if (!report.errors.empty()) return report.errors.front();
    if (!(*content)->manifest.approved && !config.accept_unapproved) {
        return Error{
            "no clinician has approved this content; a site that takes that upon itself sets "
            "accept_unapproved to true",
            (config.content / "manifest.json").string()};
    }
    return engine;
}

}  // namespace proctor::app
