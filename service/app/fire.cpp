// proctor fire
#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <optional>

#include "app/checklist.h"
#include "app/commands.h"
#include "app/files.h"
#include "app/fire_config.h"
#include "app/terminal.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/entropy.h"
#include "base/limits.h"
#include "rules/parse_json.h"

namespace proctor::app {
namespace {

using rules::Node;

struct Options {
    std::string config, request;
    bool show_request = false, keep_instance = false, public_keys = false;
};

struct Client {
    FireConfig config;
    auth::Signer signer;
};

struct HookCall {
    std::string hook, body;
};

std::string fresh_uuid() {
    std::array<std::uint8_t, 16> bytes{};
    SystemEntropy().fill(bytes);
    return uuid4(bytes);
}

Result<Client> read_client(const std::string& file) {
    auto text = read_text(file, limits::k_config_bytes);
    if (!text) return text.error();
    auto config = parse_fire_config(*text, file);
    if (!config) return config.error();
    auto key = read_text(config->key_file.string(), limits::k_config_bytes);
    if (!key) return key.error();
    auto signer = auth::Signer::make(*key, config->signer);
    if (!signer) return Error{signer.error().message, config->key_file.string()};
    return Client{std::move(*config), std::move(*signer)};
}

void set_instance(Node& request) {
    Node instance = rules::string_node(fresh_uuid());
    for (std::size_t i = 0; i < request.names.size(); ++i) {
        if (request.names[i] != "hookInstance") continue;
        request.items[i] = std::move(instance);
        return;
    }
    request.set("hookInstance", std::move(instance));
}

Result<HookCall> read_request(const Options& options) {
    auto text = read_text(options.request, limits::k_body_bytes);
    if (!text) return text.error();
    auto request = rules::parse_json(*text);
    if (!request) return Error{request.error().message, options.request + request.error().where};
    const Node* hook = request->find("hook");
    if (hook == nullptr || hook->kind != Node::Kind::string)
        return Error{"is no CDS Hooks request; \"proctor request\" makes one of a patient", options.request};
    HookCall call{hook->text, std::move(*text)};
    if (options.keep_instance) return call;
    set_instance(*request);
    call.body = rules::write_json(*request);
    return call;
}

// Nothing of the token or the key.
void show_request(const FireConfig& config, const HookCall& call) {
    std::cout << "POST " << config.service << "\nContent-Type: application/json\nAuthorization: Bearer ("
              << auth::print(config.signer.algorithm) << ", kid " << config.signer.kid << ", iss " << config.issuer
              << ", aud " << config.audience << ")\n\n"
              << call.body << "\n\n";
}

// `audience`: the address as the token names it.
Result<outbound::Answer> send(const Client& client, const std::string& url, const std::string& audience,
                              std::optional<std::string> body) {
    const auto now = std::chrono::floor<std::chrono::seconds>(SystemClock().now()).time_since_epoch().count();
    auto token = client.signer.sign({client.config.issuer, audience, fresh_uuid(), client.config.tenant, now});
    if (!token) return token.error();
    outbound::Call call;
    call.url = url;
    call.ca_file = client.config.ca_file.string();
    call.headers = {"Accept: application/json", "Authorization: Bearer " + *token};
    if (body) call.headers.emplace_back("Content-Type: application/json");
    call.body = std::move(body);
    return outbound::call(call);
}

void fire(const Client& client, const HookCall& call, Checklist& list) {
    const auto& config = client.config;
    const auto discovery = send(client, discovery_of(config.service), discovery_of(config.audience), std::nullopt);
    if (!discovery) return list.fault("discovery", describe(discovery.error()));
    list.judge_discovery(discovery.value(), id_of(config.service), call.hook);
    const auto answer = send(client, config.service, config.audience, call.body);
    if (!answer) return list.fault("answer", describe(answer.error()));
    list.judge_answer(answer.value());
}

Exit run(const Options& options) {
    const auto client = read_client(options.config);
    if (!client) return fail(client.error(), Exit::usage);
    if (options.public_keys) {
        const auto keys = client.value().signer.public_keys();
        if (!keys) return fail(keys.error(), Exit::failed);
        std::cout << *keys << '\n';
        return Exit::ok;
    }
    const auto call = read_request(options);
    if (!call) return fail(call.error(), Exit::usage);
    if (options.show_request) show_request(client.value().config, call.value());
    Checklist list(std::cout, terminal());
    fire(client.value(), call.value(), list);
    return list.fine() ? Exit::ok : Exit::failed;
}

}  // namespace

void add_fire(CLI::App& app, Exit& exit) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "fire", "Calls a CDS service as a client of it would, and checks what comes back against CDS Hooks 3.0");
    command
        ->add_option("--config", options->config,
                     "JSON, // comments allowed: service (its full URL), issuer, key_file (a private key in PEM), kid; "
                     "also alg (ES384), jku, tenant, audience (the URL called), ca_file (to trust)")
        ->check(CLI::ExistingFile)
        ->required();
    command->add_flag("--show-request", options->show_request, "Prints the request before it is sent, without token");
    command->add_flag("--keep-instance", options->keep_instance,
                      "Sends the request as it is, instead of with a fresh hookInstance");
    auto* keys = command->add_flag("--public-keys", options->public_keys,
                                   "Prints the key set to register the client with (jwks_file), and calls nobody");
    auto* request =
        command->add_option("REQUEST", options->request, "A CDS Hooks request, as JSON; \"-\" is standard input");
    request->excludes(keys);
    command->callback([options, keys, &exit] {
        if (options->request.empty() && keys->count() == 0) throw CLI::RequiredError("REQUEST");
        exit = run(*options);
    });
    command->footer(
        "proctor request PATIENT.json | proctor fire --config client.json -\n"
        "0: discovery and answer are as they should be; 1: a fault or a refusal; 2: wrong command line or files.");
}

}  // namespace proctor::app
