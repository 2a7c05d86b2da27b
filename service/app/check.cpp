// proctor check DIR
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <optional>
#include <thread>

#include "app/check_table.h"
#include "app/commands.h"
#include "app/startup.h"
#include "base/clock.h"
#include "rules/check.h"
#include "rules/mutation.h"
#include "rules/print.h"
#include "rules/review.h"

namespace proctor::app {
namespace {

struct Options {
    std::string folder, config, today, mutate;
    bool quiet = false, summary = false;
};

void print_rules(const rules::Content& content) {
    for (const auto& loaded : content.rules) std::cout << rules::print_english(content, loaded) << '\n';
}

// The configuration as `serve` would take it.
Result<Config> read_for_service(const std::string& file) {
    auto config = read_config(file);
    if (!config) return config;
    config = settle(std::move(config).value(), false);
    if (!config) return Error{config.error().message, file + '/' + config.error().where};
    if (auto fine = check_ca_file(config->ca_file); !fine) return fine.error();
    if (auto fine = check_key_files(config->clients); !fine) return fine.error();
    return config;
}

// What `serve` would refuse, and a site's settings and code maps against the rules.
bool check_config(const std::string& file, const std::shared_ptr<const rules::Content>& content) {
    const auto config = read_for_service(file);
    if (!config) {
        std::cerr << describe(config.error()) << '\n';
        return false;
    }
    std::vector<const Site*> sites{&config->site};
    for (const auto& client : config->clients) sites.push_back(&client.site);
    for (const Site* site : sites) {
        std::vector<std::string> warnings;
        const auto engine = make_engine(content, *site, warnings);
        for (const auto& warning : warnings) std::cerr << "warning: " << warning << '\n';
        if (!engine) std::cerr << describe(engine.error()) << '\n';
        if (!engine) return false;
    }
    return true;
}

Result<fhir::Instant> read_today(const std::string& date) {
    if (date.empty()) return SystemClock().now();
    auto day = fhir::read_instant(date + "T00:00:00Z");
    return day ? day : Error{"a date such as 2026-06-15", "--today"};
}

// How many planted faults the cases notice; what they do not, each with the case to add.
Exit print_mutation(const rules::Content& content, const std::string& name) {
    std::optional<std::uint32_t> rule;
    if (name != "all") {
        auto found = find_rule(content, name);
        if (!found) return fail(found.error(), Exit::usage);
        rule = static_cast<std::uint32_t>(*found - content.rules.data());
    }
    const auto report = rules::mutate(content, rule, std::max(1U, std::thread::hardware_concurrency()));
    for (const auto& survivor : report.survivors) std::cout << describe(survivor) << '\n';
    for (std::size_t i = 0; i < rules::k_mutant_kinds; ++i) {
        std::cout << rules::print(static_cast<rules::MutantKind>(i)) << ": " << report.scores[i].noticed << " of "
                  << report.scores[i].of << " planted faults noticed by a case\n";
    }
    return Exit::ok;
}

Exit run(const Options& options) {
    const auto today = read_today(options.today);
    if (!today) return fail(today.error(), Exit::usage);
    auto content = rules::load_content(options.folder);
    if (!content) {
        std::cerr << describe(content.error()) << '\n';
        return Exit::failed;
    }
    if (!options.config.empty() && !check_config(options.config, *content)) return Exit::failed;
    const bool in_english = !options.quiet && !options.summary && options.mutate.empty();
    if (in_english) print_rules(**content);
    const rules::FactLookup lookup(**content);
    auto report = rules::check_content(**content, lookup);
    for (auto& warning : rules::review_warnings(**content, *today)) report.warnings.push_back(std::move(warning));
    if (options.summary) std::cout << write_check_table(**content, report);
    for (const auto& error : report.errors) std::cerr << describe(error) << '\n';
    for (const auto& gap : report.gaps) std::cerr << describe(gap) << '\n';
    for (const auto& warning : report.warnings) std::cerr << "warning: " << warning << '\n';
    std::cout << (*content)->rules.size() << " rules, " << report.cases << " cases, "
              << report.errors.size() + report.gaps.size() << " errors, " << report.warnings.size()
              << " warnings; revision " << (*content)->revision << ", "
              << ((*content)->manifest.approved ? "approved" : "not approved") << '\n';
    if (!report.errors.empty() || !report.gaps.empty()) return Exit::failed;
    return options.mutate.empty() ? Exit::ok : print_mutation(**content, options.mutate);
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
                     "A site's configuration: what serve would refuse, its key files and code maps are checked, too")
        ->check(CLI::ExistingFile);
    command->add_flag("--quiet", options->quiet, "Print what is wrong and the summary, not every rule in English");
    command->add_flag("--summary", options->summary, "A table of the rules and what their cases touch, instead");
    command->add_option("--today", options->today, "Which reviews are past on this day, such as 2026-06-15");
    command->add_option(
        "--mutate", options->mutate,
        "Plants small faults in what this rule uses (\"all\": in everything) and says which no case notices");
    command->footer("Faults go to standard error as FILE/POINTER: REASON. Exit code 1 when there is one.");
    command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace proctor::app
