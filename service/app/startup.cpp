#include "app/startup.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "app/files.h"
#include "auth/certificate.h"
#include "auth/keys.h"
#include "outbound/url.h"
#include "rules/check.h"
#include "rules/concept_map.h"
#include "store/open_feedback.h"

namespace proctor::app {
namespace {

Config as_demo(Config config) {
    config.accept_unapproved = true;
    config.site.settings.demo = true;
    if (config.site.origins.empty()) config.site.origins = {"*"};
    if (config.socket.empty() && config.port == 0) config.port = 8080;
    ClientConfig everybody;
    everybody.trust.id = "demo";
    everybody.site = config.site;
    everybody.in_flight = config.threads;
    config.clients = {std::move(everybody)};
    return config;
}

bool all_origins(const ClientConfig& client) {
    const auto& origins = client.site.origins;
    return std::find(origins.begin(), origins.end(), "*") != origins.end();
}

Status tell_apart(const std::vector<ClientConfig>& clients) {
    std::vector<auth::ClientTrust> trusts;
    trusts.reserve(clients.size());
    for (const auto& client : clients) trusts.push_back(client.trust);
    auto apart = auth::check_clients(trusts);
    return apart ? apart : Error{apart.error().message, apart.error().where.substr(1)};
}

Status check_clients(const std::vector<ClientConfig>& clients) {
    if (clients.empty()) return Error{"no client is registered, so nobody would be answered", "clients"};
    if (auto apart = tell_apart(clients); !apart) return apart;
    for (const auto& client : clients) {
        const std::string where = "clients/" + client.trust.id;
        if (all_origins(client))
            return Error{"\"*\" is for --demo only; list the origins of your EHR", where + "/origins"};
        for (const auto& server : client.fhir_servers) {
            if (!outbound::parse_url(server.base))
                return Error{"an address that cannot be called: " + server.base, where + "/fhir_servers"};
        }
    }
    return Done{};
}

// What a site wants of the past needs what remembers it, and nothing about people is kept without its key.
Status check_keeping(const Config& config) {
    for (const auto& client : config.clients) {
        const std::string where = "clients/" + client.trust.id;
        if (client.site.keep_comments && config.comment_keys.empty())
            return Error{"comments are kept sealed only: comment_keys is required", where + "/keep_comments"};
        if (client.site.quiet_days != 0 && (config.feedback_store.empty() || config.identity_keys.empty()))
            return Error{"what was answered before is known with feedback_store and identity_keys only",
                         where + "/quiet_days"};
    }
    return Done{};
}

}  // namespace

Result<Config> settle(Config config, bool demo) {
    if (demo) {
        if (!config.clients.empty() || !config.base_url.empty() || !config.replay_store.empty() ||
            !config.feedback_store.empty())
            return Error{
                "is a live site's: a demonstration, which asks nobody who they are, takes no clients, base_url, "
                "replay_store or feedback_store",
                "--demo"};
        return as_demo(std::move(config));
    }
    if (config.port != 0)
        return Error{"plain HTTP on a port is for --demo only; give a socket and put nginx in front of it", "port"};
    if (config.socket.empty()) return Error{"a socket is required, the one that nginx connects to", "socket"};
    if (auto fine = check_clients(config.clients); !fine) return fine.error();
    if (config.console.port != 0 && config.console.users.empty())
        return Error{"a console needs a file of users; `proctor console-user` makes its lines", "console/users"};
    if (auto fine = check_keeping(config); !fine) return fine.error();
    if (config.base_url.empty())
        return Error{"the address that clients call is required: their tokens name it", "base_url"};
    if (config.replay_store.empty())
        return Error{"a file or database is required that remembers used tokens over a restart", "replay_store"};
    if (store::is_database(config.feedback_store) && config.feedback_spool.empty())
        return Error{"a file is required that takes feedback while the database is away", "feedback_spool"};
    if (!store::is_database(config.feedback_store) && !config.feedback_spool.empty())
        return Error{"takes feedback while a PostgreSQL database is away, and feedback_store names none",
                     "feedback_spool"};
    return config;
}

Status check_ca_file(const std::filesystem::path& file) {
    if (file.empty()) return Done{};
    if (auto safe = check_permissions(file); !safe) return safe;
    if (!auth::holds_certificates(file.string()))
        return Error{"ca_file cannot be read, or holds no certificates", file.string()};
    return Done{};
}

Status check_key_files(const std::vector<ClientConfig>& clients) {
    for (const auto& client : clients) {
        const auto& file = client.trust.jwks_file;
        if (file.empty()) continue;
        const auto text = read_text(file, limits::k_jwks_bytes);
        if (!text) return text.error();
        if (const auto keys = auth::parse_jwks(text.value()); !keys)
            return Error{keys.error().message + " (client " + client.trust.id + ")", file + keys.error().where};
    }
    return Done{};
}

Result<std::shared_ptr<const hooks::Engine>> make_engine(std::shared_ptr<const rules::Content> content,
                                                         const Site& site, std::vector<std::string>& warnings) {
    if (auto known = rules::check_site(site.settings.site, *content); !known) return known.error();
    std::vector<rules::MapFile> files;
    for (const auto& file : site.concept_maps) {
        auto text = read_text(file.string(), limits::k_concept_map_bytes);
        if (!text) return text.error();
        files.push_back({file.string(), std::move(*text)});
    }
    auto map = rules::read_concept_maps(files, *content);
    if (!map) return map.error();
    warnings.insert(warnings.end(), map->warnings.begin(), map->warnings.end());
    return std::make_shared<const hooks::Engine>(std::move(content), site.settings.site, std::move(map->codes));
}

namespace {

// Whoever writes these changes cards.
std::vector<std::filesystem::path> what_decides(const Config& config) {
    std::vector<std::filesystem::path> places{config.content};
    for (const auto& client : config.clients)
        places.insert(places.end(), client.site.concept_maps.begin(), client.site.concept_maps.end());
    return places;
}

}  // namespace

Result<Client> load_client(Config config, const std::string& id, const std::string& cards) {
    auto content = rules::load_content(cards.empty() ? config.content : std::filesystem::path(cards));
    if (!content) return content.error();
    Site site = std::move(config.site);
    if (!id.empty()) {
        const auto found = std::find_if(config.clients.begin(), config.clients.end(),
                                        [&](const ClientConfig& client) { return client.trust.id == id; });
        if (found == config.clients.end()) return Error{"the configuration has no such client", "--client " + id};
        site = std::move(found->site);
    }
    std::vector<std::string> warnings;
    auto engine = make_engine(*content, site, warnings);
    if (!engine) return engine.error();
    print_warnings(warnings);
    return Client{std::move(site.settings), std::move(*engine)};
}

void print_warnings(const std::vector<std::string>& warnings) {
    for (const auto& warning : warnings) std::cerr << "proctor: warning: " << warning << '\n';
}

Result<Engines> load_for_service(const Config& config, std::string_view& step, std::vector<std::string>& warnings) {
    step = "permissions";
    for (const auto& place : what_decides(config))
        if (auto safe = check_permissions(place); !safe) return safe.error();
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
    Engines engines;
    for (const auto& client : config.clients) {
        auto engine = make_engine(*content, client.site, warnings);
        if (!engine) return engine.error();
        engines.push_back(std::move(*engine));
    }
    return engines;
}

}  // namespace proctor::app
