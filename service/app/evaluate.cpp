// proctor evaluate
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <vector>

#include "app/commands.h"
#include "app/config.h"
#include "app/files.h"
#include "app/startup.h"
#include "base/limits.h"
#include "batch/evaluator.h"
#include "hooks/hook_table.h"

namespace proctor::app {
namespace {

struct Options {
    std::string as_of, drafts, config, client, cards;
    std::string hook = "patient-view";
    bool replay = false, codes = false;
    std::vector<std::string> files;
};

Result<std::string> read_drafts(const std::string& file) {
    return file.empty() ? std::string() : read_text(file, limits::k_body_bytes);
}

void report(const batch::BatchError& error) {
    std::cerr << error.name << ':' << error.line << ": " << error.message << '\n';
}

// A line that is written over as the count grows.
void show_progress(std::size_t done) { std::cerr << '\r' << done << " patients" << std::flush; }

class Run {
public:
    Run(const batch::Evaluator& evaluator, bool terminal) : evaluator_(evaluator), terminal_(terminal) {
        sinks_.error = [this](const batch::BatchError& error) {
            clear();
            report(error);
        };
        if (terminal_) sinks_.progress = show_progress;
    }

    Exit evaluate(const std::vector<std::string>& files, bool show_codes) {
        bool opened = true;
        for (const auto& file : files) opened = evaluate_file(file) && opened;
        clear();
        if (show_codes)
            std::cerr << counts_.codes.print() << counts_.codes.print_lost();
        else if (terminal_)
            std::cerr << counts_.codes.notice();
        std::cout.flush();
        if (std::cout.fail()) return fail({"the results could not be written", ""}, Exit::failed);
        return opened && counts_.errors == 0 ? Exit::ok : Exit::failed;
    }

private:
    bool evaluate_file(const std::string& file) {
        if (file == "-") {
            evaluator_.evaluate(std::cin, "-", sinks_, counts_);
            return true;
        }
        std::ifstream in(file, std::ios::binary);
        if (!in || in.peek() == std::char_traits<char>::eof()) {
            clear();
            std::cerr << file << ": cannot be read, or is empty\n";
            return false;
        }
        evaluator_.evaluate(in, file, sinks_, counts_);
        return true;
    }
    void clear() const {
        if (terminal_) std::cerr << "\r\x1b[K" << std::flush;
    }

    const batch::Evaluator& evaluator_;
    bool terminal_;
    batch::BatchSinks sinks_{std::cout, {}, {}};
    batch::BatchCounts counts_;
};

Exit run(const Options& options) {
    auto now = read_as_of(options.as_of);
    if (!now) return fail(now.error(), Exit::usage);
    auto drafts = read_drafts(options.drafts);
    if (!drafts) return fail(drafts.error(), Exit::usage);
    auto config = options.config.empty() ? Result<Config>(Config{}) : read_config(options.config);
    if (!config) return fail(config.error(), Exit::usage);
    auto client = load_client(std::move(*config), options.client, options.cards);
    if (!client) return fail(client.error(), Exit::failed);
    const batch::Evaluator evaluator(*client->engine, client->settings, {*now, options.hook, options.replay, *drafts});
    return Run(evaluator, isatty(STDERR_FILENO) == 1).evaluate(options.files, options.codes);
}

}  // namespace

void add_evaluate(CLI::App& app, Exit& exit) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("evaluate", "Runs the rules over patients in files: a line of JSON for each");
    command
        ->add_option("FILE", options->files,
                     "A FHIR Bundle of one patient, a CDS Hooks request, or NDJSON of either; \"-\" is "
                     "standard input")
        ->required();
    command->add_option("--as-of", options->as_of,
                        "Judge as of this instant, such as 2026-06-15T12:00:00Z; now when not given");
    add_client_options(*command, options->config, options->client, options->cards);
    command->add_flag(
        "--codes", options->codes,
        "Afterwards, on standard error: how many codes of each code system are read, and the commonest of "
        "those that are lost");
    command->add_option("--hook", options->hook, "Whose rules run")
        ->check(CLI::IsMember(hooks::hook_names()))
        ->capture_default_str();
    command->add_option("--draft-orders", options->drafts, "A Bundle of orders being written, as in order-select")
        ->check(CLI::ExistingFile);
    command->add_flag("--replay", options->replay, "First drop all that was recorded or took effect after --as-of");
    command->footer(
        "A document that cannot be evaluated is named on standard error as FILE:LINE: REASON; the rest goes "
        "on, and the exit code is 1.\n"
        "The output holds patient data.");
    command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace proctor::app
