// proctor request
#include <CLI/CLI.hpp>
#include <iostream>

#include "app/commands.h"
#include "app/files.h"
#include "app/hook_request.h"
#include "base/limits.h"
#include "hooks/hook_table.h"

namespace proctor::app {
namespace {

struct Options {
    std::string file, as_of, context;
    std::string hook = "patient-view";
};

Exit run(const Options& options) {
    auto now = read_as_of(options.as_of);
    if (!now) return fail(now.error(), Exit::usage);
    auto bundle = read_text(options.file, limits::k_body_bytes);
    if (!bundle) return fail(bundle.error(), Exit::failed);
    auto context = options.context.empty() ? Result<std::string>("") : read_text(options.context, limits::k_body_bytes);
    if (!context) return fail(context.error(), Exit::failed);
    auto request = make_hook_request(*bundle, options.hook, *now, *context);
    if (!request) return fail({request.error().message, options.file + request.error().where}, Exit::failed);
    if (request->left_out > 0) {
        std::cerr << "proctor: " << options.file << ": " << request->left_out
                  << " resources that no prefetch search would find are left out\n";
    }
    std::cout << request->json << '\n';
    return Exit::ok;
}

}  // namespace

void add_request(CLI::App& app, Exit& exit) {
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("request", "Writes the CDS Hooks request that an EHR would send for a patient's Bundle");
    command
        ->add_option("FILE", options->file,
                     "A FHIR Bundle of one patient, or a template of fhir-fixtures/; \"-\" is standard input")
        ->required();
    command->add_option("--as-of", options->as_of,
                        "The instant to which dates of a template are relative; now when not given");
    command->add_option("--hook", options->hook, "The hook")
        ->check(CLI::IsMember(hooks::hook_names()))
        ->capture_default_str();
    command
        ->add_option("--context", options->context,
                     "Further members of the context, as a JSON object or a template of fhir-fixtures/contexts/: "
                     "encounterId, selections, draftOrders, conditions")
        ->check(CLI::ExistingFile);
    command->footer(
        "proctor request FILE | curl --cacert CERTIFICATE --json @- "
        "https://localhost:8443/cds-services/anorectal-alarms | proctor show\n"
        "where deploy/run.sh runs, which says where its CERTIFICATE is. Discovery names the service of each hook.");
    command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace proctor::app
