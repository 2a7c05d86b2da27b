// proctor console-user
#include <CLI/CLI.hpp>
#include <iostream>

#include "app/commands.h"
#include "base/entropy.h"
#include "console/users.h"

namespace proctor::app {
namespace {

struct Options {
    std::string name;
    std::vector<std::string> roles;
};

Exit run(const Options& options) {
    std::string password;
    if (!std::getline(std::cin, password)) return fail({"a password is read from standard input", ""}, Exit::failed);
    SystemEntropy entropy;
    const auto line = console::new_user_line(options.name, options.roles, password, entropy);
    if (!line) return fail(line.error(), Exit::failed);
    std::cout << *line << '\n';
    return Exit::ok;
}

}  // namespace

void add_console_user(CLI::App& app, Exit& exit) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("console-user", "Makes a line of the console's users file");
    command->add_option("NAME", options->name, "The user's name: letters, digits, '.', '_' and '-'")->required();
    command
        ->add_option("--role", options->roles,
                     "\"quality\": sees everything; \"export\": may also take rows of feedback away. May be repeated")
        ->check(CLI::IsMember(console::role_names()))
        ->required();
    command->footer(
        "The password, of at least 12 characters, is the first line of standard input; only its scrypt hash is "
        "written.\n"
        "proctor console-user anna --role quality >> console-users    # chmod 600, and restart the service");
    command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace proctor::app
