// proctor export and proctor catalogue: the content for others to read.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <set>

#include "app/commands.h"
#include "app/files.h"
#include "base/limits.h"
#include "hooks/settings.h"
#include "publish/catalogue.h"
#include "publish/data_needs.h"
#include "publish/plan_definition.h"

namespace proctor::app {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string folder, out, base = hooks::Settings().systemBase;
    bool plan_definition = false;
};

// Writes files into a folder that it makes; counts them, and keeps the first thing that went wrong.
class Output {
public:
    explicit Output(fs::path folder) : folder_(std::move(folder)) {
        std::error_code failed;
        fs::create_directories(folder_, failed);
        if (failed) error_ = Error{"cannot be made", folder_.string()};
    }
    void write(const std::string& file, const std::string& text) {
        if (error_) return;
        const auto written = write_text((folder_ / file).string(), text);
        if (written)
            ++files_;
        else
            error_ = written.error();
    }
    [[nodiscard]] Exit finish() const {
        if (error_) return fail(*error_, Exit::failed);
        std::cout << files_ << " files in " << folder_.string() << '\n';
        return Exit::ok;
    }

private:
    fs::path folder_;
    std::optional<Error> error_;
    std::size_t files_ = 0;
};

Exit run_export(const Options& options) {
    auto content = rules::load_content(options.folder);
    if (!content) return fail(content.error(), Exit::failed);
    Output out(options.out);
    std::set<std::string> sets;
    for (const auto& rule : (*content)->rules) {
        out.write("PlanDefinition-" + rule.rule.id + ".json",
                  publish::write_plan_definition(**content, rule, options.base));
        for (const auto& id : publish::value_sets_of(**content, rule)) sets.insert(id);
    }
    for (const auto& id : sets) {
        const auto file = fs::path(options.folder) / "valuesets" / (id + ".json");
        auto text = read_text(file.string(), limits::k_config_bytes);
        if (!text) return fail(text.error(), Exit::failed);
        out.write("ValueSet-" + id + ".json", *text);
    }
    return out.finish();
}

Exit run_catalogue(const Options& options) {
    auto content = rules::load_content(options.folder);
    if (!content) return fail(content.error(), Exit::failed);
    Output out(options.out);
    for (const auto& page : publish::write_catalogue(**content)) out.write(page.file, page.text);
    return out.finish();
}

CLI::App* add_command(CLI::App& app, const char* name, const char* purpose, Options& options) {
    auto* command = app.add_subcommand(name, purpose);
    command->add_option("DIR", options.folder, "The folder with the rules, such as cards")
        ->required()
        ->check(CLI::ExistingDirectory);
    command->add_option("OUT", options.out, "The folder to write, made where it is missing")->required();
    return command;
}

}  // namespace

void add_export(CLI::App& app, Exit& exit) {
    auto options = std::make_shared<Options>();
    auto* command = add_command(app, "export", "Writes the rules in the form of a standard", *options);
    command
        ->add_flag("--plan-definition", options->plan_definition,
                   "FHIR R4: a PlanDefinition for each rule, and the ValueSets they use")
        ->required();
    command->add_option("--base", options->base, "The address below which canonical URLs are made");
    command->footer("A PlanDefinition describes a rule, in words and by the data it needs; it does not replace it.");
    command->callback([options, &exit] { exit = run_export(*options); });
}

void add_catalogue(CLI::App& app, Exit& exit) {
    auto options = std::make_shared<Options>();
    auto* command = add_command(app, "catalogue", "Writes the rule catalogue as a static HTML site", *options);
    command->footer("Open OUT/index.html. A card's link leads there when rules_url is the address of the site.");
    command->callback([options, &exit] { exit = run_catalogue(*options); });
}

}  // namespace proctor::app
