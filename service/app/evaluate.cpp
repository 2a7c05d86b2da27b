// proctor evaluate
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <thread>
#include <vector>

#include "app/commands.h"
#include "app/config.h"
#include "app/files.h"
#include "app/progress.h"
#include "app/startup.h"
#include "base/clock.h"
#include "base/limits.h"
#include "batch/evaluator.h"
#include "hooks/hook_table.h"

namespace proctor::app {
namespace {

// More than a machine has cores are of no use.
constexpr std::size_t k_threads = 256;

struct Options {
    std::string as_of, drafts, config, client, cards;
    std::string hook = "patient-view";
    bool replay = false, codes = false;
    std::size_t threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, k_threads);
    std::vector<std::string> files;
};

Result<std::string> read_drafts(const std::string& file) {
    return file.empty() ? std::string() : read_text(file, limits::k_body_bytes);
}

void report(const batch::BatchError& error) {
    std::cerr << error.name << ':' << error.line << ": " << error.message << '\n';
}

// Of all files; nothing when one of them is no file whose size is known.
std::optional<std::size_t> size_of(const std::vector<std::string>& files) {
    std::size_t sum = 0;
    for (const auto& file : files) {
        std::error_code error;
        const bool regular = std::filesystem::is_regular_file(file, error);
        const auto size = regular ? std::filesystem::file_size(file, error) : 0;
        if (!regular || error) return std::nullopt;
        sum += size;
    }
    return sum;
}

class Run {
public:
    Run(const batch::Evaluator& evaluator, Progress progress, bool terminal)
        : evaluator_(evaluator), progress_(progress), terminal_(terminal) {
        sinks_.error = [this](const batch::BatchError& error) {
            clear();
            report(error);
        };
        // A line that is written over as the count grows.
        if (terminal_)
            sinks_.progress = [this](const batch::BatchCounts& so_far) {
                if (const auto line = progress_.line(so_far.patients + so_far.errors, so_far.bytes))
                    std::cerr << "\r\x1b[K" << *line << std::flush;
            };
    }

    Exit evaluate(const std::vector<std::string>& files, bool show_codes) {
        bool opened = true;
        for (const auto& file : files) opened = evaluate_file(file) && opened;
        clear();
        if (terminal_) std::cerr << progress_.summary(counts_.patients + counts_.errors, counts_.bytes) << '\n';
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
    Progress progress_;
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
    const batch::Evaluator evaluator(*client->engine, client->settings,
                                     {*now, options.hook, options.replay, *drafts, options.threads});
    const SystemClock clock;
    return Run(evaluator, Progress(clock, size_of(options.files)), isatty(STDERR_FILENO) == 1)
        .evaluate(options.files, options.codes);
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
    command->add_option("--hook", options->hook, "Whose rules run for a Bundle; a CDS Hooks request has its own hook")
        ->check(CLI::IsMember(hooks::hook_names()))
        ->capture_default_str();
    command->add_option("--draft-orders", options->drafts, "A Bundle of orders being written, as in order-select")
        ->check(CLI::ExistingFile);
    command->add_flag("--replay", options->replay, "First drop all that was recorded or took effect after --as-of");
    command
        ->add_option("--threads", options->threads,
                     "How many evaluate at once; what comes out is the same for any number")
        ->check(CLI::Range(std::size_t{1}, k_threads))
        ->capture_default_str();
    command->footer(
        "A document that cannot be evaluated is named on standard error as FILE:LINE: REASON; the rest goes "
        "on, and the exit code is 1.\n"
        "The output holds patient data.");
    command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace proctor::app
