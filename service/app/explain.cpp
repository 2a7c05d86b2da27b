// proctor explain
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "app/commands.h"
#include "app/feedback.h"
#include "app/files.h"
#include "app/startup.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/limits.h"
#include "batch/code_report.h"
#include "batch/read_chart.h"
#include "hooks/answer.h"
#include "hooks/explain_card.h"
#include "hooks/hook_table.h"
#include "rules/explain.h"

namespace proctor::app {
namespace {

struct Options {
    std::string rule, as_of, file, config, client, tenant, cards;
};

// What the service would know of earlier answers about this patient: with a client that holds back what was answered.
Result<hooks::History> history_of(Config config, const Options& options, const std::string& patient,
                                  fhir::Instant now) {
    const auto client = std::find_if(config.clients.begin(), config.clients.end(),
                                     [&](const ClientConfig& one) { return one.trust.id == options.client; });
    if (client == config.clients.end() || client->site.quiet_days == 0) return hooks::History();
    config.feedback_spool.clear();  // the service's own
    const FixedClock clock(now);
    SystemEntropy entropy;
    const auto feedback = Feedback::open(config, clock, entropy);
    if (!feedback) return feedback.error();
    if (*feedback == nullptr) return hooks::History();
    return (*feedback)->history({options.client, options.tenant, "", false}, patient,
                                std::chrono::days(client->site.quiet_days));
}

// That the rule has no say at the request's hook; a Bundle has no hook.
std::string not_run(const rules::Rule& rule, const std::string& hook) {
    if (hook.empty() || std::ranges::find(rule.hooks, hook) != rule.hooks.end()) return {};
    std::string others;
    for (const auto& other : rule.hooks) others += (others.empty() ? "" : ", ") + other;
    return rule.code + " is not run at " + hook + ", the hook of this request, but at " + others + '\n';
}

Exit run(const Options& options) {
    auto now = read_as_of(options.as_of);
    if (!now) return fail(now.error(), Exit::usage);
    auto config = options.config.empty() ? Result<Config>(Config{}) : read_config(options.config);
    if (!config) return fail(config.error(), Exit::usage);
    auto client = load_client(*config, options.client, options.cards);
    if (!client) return fail(client.error(), Exit::failed);
    const auto& [settings, engine] = *client;
    auto rule = find_rule(*engine->content, options.rule);
    if (!rule) return fail(rule.error(), Exit::usage);
    auto text = read_text(options.file, limits::k_body_bytes);
    if (!text) return fail(text.error(), Exit::failed);
    const auto document = batch::read_chart(fhir::PaddedJson(std::move(*text)), *engine, settings, {});
    if (!document) return fail({document.error().message, options.file + document.error().where}, Exit::failed);
    const auto& [envelope, record, searches] = *document;
    const auto history = history_of(std::move(*config), options, std::string(record.patient.id), *now);
    if (!history) return fail(history.error(), Exit::failed);
    const auto* hook = hooks::find_hook(envelope.hook);
    const auto outcome = hooks::assess(*engine, record, {*now, envelope.hook, envelope.encounterId});
    std::cout << not_run((*rule)->rule, envelope.hook);
    std::cout << rules::explain(*engine->content, **rule, outcome, record);
    std::cout << hooks::explain_card(
        {*engine->content, outcome, record, settings, *now, envelope.hookInstance, envelope.encounterId, engine->veil,
         hook == nullptr ? hooks::k_service_id : hook->service, &*history},
        **rule);
    batch::CodeReport codes;
    codes.add(record, *engine);
    std::cout << codes.print();
    return Exit::ok;
}

}  // namespace

void add_explain(CLI::App& app, Exit& exit) {
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("explain", "Shows every test of a rule for one patient, its truth value and what it used");
    command->add_option("--rule", options->rule, "The rule's id or code, such as ADC-12")->required();
    command->add_option("--as-of", options->as_of,
                        "Judge as of this instant, such as 2026-06-15T12:00:00Z; now when not given");
    add_client_options(*command, options->config, options->client, options->cards);
    command->add_option("--tenant", options->tenant, "The tenant of the client, for what was answered before")
        ->needs("--client");
    command
        ->add_option("FILE", options->file,
                     "A CDS Hooks request, which is explained as at its hook, or a FHIR Bundle of one patient, as if "
                     "every rule ran; \"-\" is standard input")
        ->required();
    command->footer("The output holds patient data.");
    command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace proctor::app
