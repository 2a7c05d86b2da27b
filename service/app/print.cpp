// proctor print DIR RULE
#include <CLI/CLI.hpp>
#include <iostream>

#include "app/commands.h"
#include "rules/print.h"

namespace proctor::app {
namespace {

struct Options {
    std::string folder, rule;
    bool program = false;
};

Exit run(const Options& options) {
    auto content = rules::load_content(options.folder);
    if (!content) return fail(content.error(), Exit::failed);
    auto rule = find_rule(**content, options.rule);
    if (!rule) return fail(rule.error(), Exit::usage);
    std::cout << (options.program ? rules::print_program(**content, **rule) : rules::print_english(**content, **rule));
    return Exit::ok;
}

}  // namespace

void add_print(CLI::App& app, Exit& exit) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("print", "Says a rule in plain English");
    command->add_option("DIR", options->folder, "The folder with the rules, such as cards")
        ->required()
        ->check(CLI::ExistingDirectory);
    command->add_option("RULE", options->rule, "The rule's id or code, such as ADC-12")->required();
    command->add_flag("--program", options->program, "Print the compiled form instead");
    command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace proctor::app
