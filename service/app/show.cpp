// proctor show
#include <CLI/CLI.hpp>
#include <iostream>

#include "app/commands.h"
#include "app/files.h"
#include "app/show_cards.h"
#include "app/terminal.h"
#include "base/limits.h"

namespace proctor::app {
namespace {

struct Options {
    std::string file = "-";
    std::string colour = "auto";
    std::size_t width = 0;
};

Exit run(const Options& options) {
    auto text = read_text(options.file, limits::k_body_bytes);
    if (!text) return fail(text.error(), Exit::failed);
    auto answer = rules::parse_json(*text);
    if (!answer) return fail({"is not JSON", options.file}, Exit::failed);
    Screen screen = terminal();
    if (options.width != 0) screen.width = options.width;
    if (options.colour != "auto") screen.colour = options.colour == "always";
    const std::string shown = show_answer(*answer, screen);
    if (shown.empty())
        return fail({"is neither an answer with cards nor an OperationOutcome", options.file}, Exit::failed);
    std::cout << shown;
    return Exit::ok;
}

}  // namespace

void add_show(CLI::App& app, Exit& exit) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("show", "Prints the cards of a CDS Hooks answer so that a person can read them");
    command->add_option("FILE", options->file, "The answer, as JSON; \"-\" is standard input")->capture_default_str();
    command->add_option("--colour,--color", options->colour, "When to use colours")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
    command
        ->add_option("--width", options->width, "Characters a line; as wide as the terminal, 60 to 100, when not given")
        ->check(CLI::Range(40, 200));
    command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace proctor::app
