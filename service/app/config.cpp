#include "app/config.h"

#include <algorithm>
#include <utility>

#include "app/comments.h"
#include "app/config_site.h"
#include "app/files.h"
#include "base/text.h"
#include "store/open_feedback.h"

namespace proctor::app {
namespace {

// Values of Host: a name or address, with a port where it is not the scheme's own.
Problem take_hosts(const Node& value, std::vector<std::string>& into) {
    if (auto problem = take_texts(value, into)) return problem;
    for (auto& host : into) {
        if (host.find_first_of("/ \t\r\n") != std::string::npos)
            return R"(must hold hosts such as "console.example" or "console.example:8443", without https:// and path)";
        host = lower(std::move(host));
    }
    return std::nullopt;
}

Problem take_console(const Node& value, ConsoleConfig& into) {
    using C = ConsoleConfig;
    static const std::vector<Member<C>> all = {
        {"port",
         [](const Node& v, C& c) {
             return take_integer(v, {1, 65535}, c.port);
         }},
        {"users", [](const Node& v, C& c) { return take_path(v, c.users); }},
        {"hosts", [](const Node& v, C& c) { return take_hosts(v, c.hosts); }},
        {"patients", [](const Node& v, C& c) { return take_path(v, c.patients); }},
        {"override_percent",
         [](const Node& v, C& c) {
             return take_whole(v, {1, 100}, c.override_percent);
         }},
    };
    if (value.kind != Node::Kind::object) return "must be an object";
    auto taken = take_members(value, all, into);
    if (taken) return std::nullopt;
    return taken.error().where + " " + taken.error().message;
}

std::vector<Member<Config>> members() {
    using C = Config;
    std::vector<Member<C>> all = {
        {"content", [](const Node& v, C& c) { return take_path(v, c.content); }},
        {"socket", [](const Node& v, C& c) { return take_text(v, c.socket); }},
        {"port",
         [](const Node& v, C& c) {
             return take_integer(v, {1, 65535}, c.port);
         }},
        {"accept_unapproved", [](const Node& v, C& c) { return take_flag(v, c.accept_unapproved); }},
        {"threads",
         [](const Node& v, C& c) {
             return take_integer(v, {1, 256}, c.threads);
         }},
        {"queue",
         [](const Node& v, C& c) {
             return take_integer(v, {0, 100'000}, c.queue);
         }},
        {"deadline_ms",
         [](const Node& v, C& c) {
             return take_whole(v, {100, 30'000}, c.deadline_ms);
         }},
        {"base_url", [](const Node& v, C& c) { return take_url(v, c.base_url); }},
        {"replay_store", [](const Node& v, C& c) { return take_text(v, c.replay_store); }},
        {"replay_strict", [](const Node& v, C& c) { return take_flag(v, c.replay_strict); }},
        {"feedback_store", [](const Node& v, C& c) { return take_text(v, c.feedback_store); }},
        {"feedback_spool", [](const Node& v, C& c) { return take_text(v, c.feedback_spool); }},
        {"identity_keys", [](const Node& v, C& c) { return take_path(v, c.identity_keys); }},
        {"comment_keys", [](const Node& v, C& c) { return take_path(v, c.comment_keys); }},
        {"feedback_days",
         [](const Node& v, C& c) {
             return take_whole(v, {1, 36'500}, c.feedback_days);
         }},
        {"comment_days",
         [](const Node& v, C& c) {
             return take_whole(v, {1, 36'500}, c.comment_days);
         }},
        {"audit_log", [](const Node& v, C& c) { return take_path(v, c.audit_log); }},
        {"audit_key", [](const Node& v, C& c) { return take_path(v, c.audit_key); }},
        {"metrics_port",
         [](const Node& v, C& c) {
             return take_integer(v, {1, 65535}, c.metrics_port);
         }},
        {"console", [](const Node& v, C& c) { return take_console(v, c.console); }},
        {"ca_file", [](const Node& v, C& c) { return take_path(v, c.ca_file); }},
        {"system_base", [](const Node& v, C& c) { return take_url(v, c.site.settings.systemBase); }},
        // Read when all that holds for every client is known.
        {"clients", [](const Node& v, C&) { return v.kind == Node::Kind::array ? Problem() : "must be a list"; }},
    };
    for (const auto& member : site_members()) {
        all.push_back({member.name, [take = member.take](const Node& v, C& c) { return take(v, c.site); }});
    }
    return all;
}

Status read_clients(const Node& root, Config& config) {
    const Node* list = root.find("clients");
    if (list == nullptr) return Done{};
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        const std::string where = "/clients/" + std::to_string(i);
        auto client = read_client(list->items[i], config.site);
        if (!client) return Error{client.error().message, where + client.error().where};
        const auto same = [&](const ClientConfig& other) { return other.trust.id == client->trust.id; };
        if (std::any_of(config.clients.begin(), config.clients.end(), same))
            return Error{"stands twice", where + "/id"};
        config.clients.push_back(std::move(client).value());
    }
    return Done{};
}

// Relative paths are taken from the file's own folder.
class Beside {
public:
    explicit Beside(const std::string& file) : folder_(std::filesystem::path(file).parent_path()) {}

    void settle(Config& config) const {
        move(config.content);
        move(config.ca_file);
        move(config.socket);
        for (auto* path : {&config.identity_keys, &config.comment_keys, &config.audit_log, &config.audit_key,
                           &config.console.users, &config.console.patients})
            move(*path);
        move(config.feedback_spool);
        if (!store::is_database(config.feedback_store)) move(config.feedback_store);
        if (!store::is_database(config.replay_store)) move(config.replay_store);
        for (auto& map : config.site.concept_maps) move(map);
        for (auto& client : config.clients) {
            move(client.trust.jwks_file);
            for (auto& map : client.site.concept_maps) move(map);
        }
    }

private:
    void move(std::filesystem::path& path) const {
        if (!path.empty() && path.is_relative()) path = folder_ / path;
    }
    void move(std::string& text) const {
        std::filesystem::path path = text;
        move(path);
        text = path.string();
    }
    std::filesystem::path folder_;
};

}  // namespace

Result<Config> parse_config(std::string_view text, const std::string& file) {
    static const auto all = members();
    auto parsed = rules::parse_json(without_comments(text));
    if (!parsed) return Error{parsed.error().message, file + parsed.error().where};
    if (parsed->kind != Node::Kind::object) return Error{"must be a JSON object", file};
    Config config;
    auto taken = take_members(*parsed, all, config);
    if (taken) taken = read_clients(*parsed, config);
    hooks::complete_keys(config.site.settings);
    if (!taken) return Error{taken.error().message, file + taken.error().where};
    if (!config.socket.empty() && config.port != 0) return Error{"give a socket or a port, not both", file + "/port"};
    if (!config.audit_key.empty() && config.audit_log.empty())
        return Error{"signs an audit_log, and there is none", file + "/audit_key"};
    Beside(file).settle(config);
    return config;
}

Result<Config> read_config(const std::filesystem::path& file) {
    auto text = read_text(file.string(), limits::k_config_bytes);
    if (!text) return text.error();
    return parse_config(*text, file.string());
}

}  // namespace proctor::app
