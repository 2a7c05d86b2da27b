// proctor store
#include <CLI/CLI.hpp>
#include <iostream>

#include "app/commands.h"
#include "app/store_tasks.h"
#include "base/entropy.h"
#include "store/key_file.h"

namespace proctor::app {
namespace {

struct Options {
    std::string config, file, key;
    ExportOptions wanted;
};

Exit make_key(const std::string& id) {
    SystemEntropy entropy;
    const auto line = store::new_key_line(id, entropy);
    if (!line) return fail(line.error(), Exit::usage);
    std::cout << line->text << '\n';
    return Exit::ok;
}

CLI::App* add_task(CLI::App& store, const char* name, const char* purpose, std::string& config) {
    auto* task = store.add_subcommand(name, purpose);
    task->add_option("--config", config, "The service's configuration: feedback_store, comment_keys, feedback_days")
        ->required()
        ->check(CLI::ExistingFile);
    return task;
}

void add_export_task(CLI::App& store, const std::shared_ptr<Options>& options, Exit& exit) {
    ExportOptions& wanted = options->wanted;
    auto* task = add_task(store, "export", "Writes what was shown and what was said of it", wanted.config);
    task->add_option("--format", wanted.format, "The form")
        ->check(CLI::IsMember({"csv", "ndjson"}))
        ->capture_default_str();
    auto* counts = task->add_flag("--counts", wanted.counts,
                                  "Counts of cards by month, small ones hidden, instead of a row a card");
    task->add_option("--months", wanted.months, "The latest months that are closed, ten days after their end")
        ->needs(counts)
        ->check(CLI::Range(1, 1200))
        ->capture_default_str();
    task->add_option("--since", wanted.since, "Cards shown since then, such as 2026-06-15T12:00:00Z")->excludes(counts);
    task->add_flag("--comments", wanted.comments, "With comments, opened: they are free text about patients")
        ->excludes(counts);
    task->callback([options, &exit] { exit = export_store(options->wanted); });
}

}  // namespace

void add_store(CLI::App& app, Exit& exit) {
    auto options = std::make_shared<Options>();
    auto* store = app.add_subcommand("store", "Looks after the feedback store: SQLite or PostgreSQL");
    store->require_subcommand(1);
    add_task(*store, "migrate",
             "Brings the tables to this version, those of a spool, too; the only command that changes them",
             options->config)
        ->callback([options, &exit] { exit = migrate_store(options->config); });
    add_task(*store, "verify", "Checks every row; exit code 1 when one is wrong", options->config)
        ->callback([options, &exit] { exit = verify_store(options->config); });
    auto* backup =
        add_task(*store, "backup", "Writes everything to a new file, while the service runs", options->config);
    backup->add_option("FILE", options->file, "The file; it must not be there yet")->required();
    backup->callback([options, &exit] { exit = back_up_store(options->config, options->file); });
    auto* restore =
        add_task(*store, "restore", "Fills an empty store from a backup of either database", options->config);
    restore->add_option("FILE", options->file, "The backup")->required()->check(CLI::ExistingFile);
    restore->callback([options, &exit] { exit = restore_store(options->config, options->file); });
    add_export_task(*store, options, exit);
    auto* key = store->add_subcommand("new-key", "Prints a new line for a file of identity_keys or comment_keys");
    key->add_option("ID", options->key, "Its name, such as 2026-11")->required();
    key->callback([options, &exit] { exit = make_key(options->key); });
}

}  // namespace proctor::app
