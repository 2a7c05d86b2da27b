// proctor check DIR
#include <CLI/CLI.hpp>
#include <iostream>

#include "app/commands.h"
#include "app/startup.h"
#include "rules/check.h"
#include "rules/print.h"

namespace proctor::app {
namespace {

struct Options {
    std::string folder, config;
    bool quiet = false;
};

void print_rules(const rules::Content& content) {
    for (const auto& loaded : content.rules) std::cout << rules::print_english(content, loaded) << '\n';
}

// A site's settings and code maps, against the rules.
bool check_config(const std::string& file, const std::shared_ptr<const rules::Content>& content) {
    const auto config = read_config(file);
    std::vector<std::string> warnings;
    const auto engine = config ? make_engine(content, *config, warnings) : config.error();
    for (const auto& warning : warnings) std::cerr << "warning: " << warning << '\n';
    if (!engine) std::cerr << describe(engine.error()) << '\n';
    return engine.ok();
}

Exit run(const Options& options) {
    auto content = rules::load_content(options.folder);
    if (!content) {
        std::cerr << describe(content.error()) << '\n';
        return Exit::failed;
    }
    if (!options.config.empty() && !check_config(options.config, *content)) return Exit::failed;
    if (!options.quiet) print_rules(**content);
    const rules::FactLookup lookup(**content);
    const auto report = rules::check_content(**content, lookup);
    for (const auto& error : report.errors) std::cerr << describe(error) << '\n';
    for (const auto& gap : report.gaps) std::cerr << "warning: " << describe(gap) << '\n';
    for (const auto& warning : report.warnings) std::cerr << "warning: " << warning << '\n';
    std::cout << (*content)->rules.size() << " rules, " << report.cases << " cases, " << report.errors.size()
              << " errors, " << report.gaps.size() + report.warnings.size() << " warnings; revision "
              << (*content)->revision << ", " << ((*content)->manifest.approved ? "approved" : "not approved") << '\n';
    return report.errors.empty() ? Exit::ok : Exit::failed;
}

}  // namespace

void add_check(CLI::App& app, Exit& exit) {
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("check", "Checks the rules in a folder: files, names, and every rule's own cases");
    command->add_option("DIR", options->folder, "The folder with the rules, such as cards")
        ->required()
        ->check(CLI::ExistingDirectory);
    command
        ->add_option("--config", options->config,
                     "A site's configuration: its settings and local code maps are checked, too")
        ->check(CLI::ExistingFile);
    command->add_flag("--quiet", options->quiet, "Print what is wrong and the summary, not every rule in English");
    command->footer("Faults go to standard error as FILE/POINTER: REASON. Exit code 1 when there is one.");
    command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace proctor::app
