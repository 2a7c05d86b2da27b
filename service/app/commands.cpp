#include "app/commands.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <iostream>
#include <vector>

#include "base/clock.h"
#include "rules/parse_reader.h"

namespace proctor::app {
namespace {

// "ADC-12" and "adc12" are one.
std::string plain(std::string_view name) {
    std::string text;
    for (const char c : name) {
        if (c != '-') text.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    }
    return text;
}

}  // namespace

Exit fail(const Error& error, Exit exit) {
    std::cerr << "proctor: " << describe(error) << '\n';
    return exit;
}

Result<const rules::LoadedRule*> find_rule(const rules::Content& content, std::string_view name) {
    std::vector<std::string> names;
    for (const auto& loaded : content.rules) {
        if (loaded.rule.id == name || plain(loaded.rule.code) == plain(name)) return &loaded;
        names.push_back(loaded.rule.id);
        names.push_back(loaded.rule.code);
    }
    return Error{"no rule is called \"" + std::string(name) + '"' + rules::did_you_mean(name, names), ""};
}

void add_client_options(CLI::App& command, std::string& config, std::string& client, std::string& cards) {
    command
        .add_option("--config", config,
                    "The service's configuration: what it says about answers (profile, region, code maps, ...) and the "
                    "content")
        ->check(CLI::ExistingFile);
    command.add_option("--client", client, "Answer as this client of the configuration is answered")->needs("--config");
    command
        .add_option("--cards", cards,
                    "The folder with the rules, \"cards\" or that of the configuration when not given")
        ->check(CLI::ExistingDirectory);
}

Result<fhir::Instant> read_as_of(const std::string& text) {
    if (text.empty()) return SystemClock().now();
    auto instant = fhir::read_instant(text);
    if (!instant)
        return Error{"an instant is a full date and time with offset, such as 2026-06-15T12:00:00Z", "--as-of"};
    return *instant;
}

}  // namespace proctor::app
