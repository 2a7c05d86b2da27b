#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <string>

#include "app/commands.h"

namespace {

// Where the line leaves the commands that there are, be it "proctor dance" or "proctor store dance", says so.
bool name_unknown_command(const CLI::App& app) {
    const CLI::App* at = &app;
    std::string path;
    while (!at->get_subcommands().empty()) {
        at = at->get_subcommands().front();
        path += at->get_name() + ' ';
    }
    const auto rest = at->remaining();
    const bool wants_command = at->get_require_subcommand_min() > 0;
    if (!wants_command || rest.empty() || rest.front().starts_with("-")) return false;
    std::cerr << "proctor: there is no command \"" << path << rest.front() << "\"; \"proctor " << path
              << "--help\" lists them\n";
    return true;
}

// A file that is opened later must not be taken for standard output or standard error. The lowest free descriptor is
// the one that is given.
bool hold_standard_descriptors() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(descriptor, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) != descriptor) return false;
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace proctor::app;
    if (!hold_standard_descriptors()) return static_cast<int>(Exit::could_not_start);
    // A reader that went away, and a file that may not grow, are errors of that write, not our end.
    for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
    CLI::App app{
        "Proctor: a CDS Hooks service that flags alarm features of anorectal symptoms.\n"
        "It supports, and never replaces, a clinician's judgement.",
        "proctor"};
    app.set_version_flag("--version", "proctor " PROCTOR_VERSION);
    app.require_subcommand(1);
    app.footer(
        "Exit codes: 0 done, 1 findings or failures, 2 wrong command line, 3 the service could not start.\n"
        "\"proctor COMMAND --help\" tells more.");
    Exit exit = Exit::ok;
    add_serve(app, exit);
    add_check(app, exit);
    add_print(app, exit);
    add_export(app, exit);
    add_catalogue(app, exit);
    add_evaluate(app, exit);
    add_explain(app, exit);
    add_request(app, exit);
    add_show(app, exit);
    add_fire(app, exit);
    add_audit(app, exit);
    add_console_user(app, exit);
    add_store(app, exit);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (name_unknown_command(app)) return static_cast<int>(Exit::usage);
        const bool asked = app.exit(error) == 0;  // --help, --version
        return static_cast<int>(asked ? Exit::ok : Exit::usage);
    } catch (const std::exception&) {  // of a library; what it says could quote a chart
        return static_cast<int>(fail({"ended by a fault that it has no words for", ""}, Exit::failed));
    }
    return static_cast<int>(exit);
}
