// proctor audit verify FILE...
#include "watch/audit_verify.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <optional>
#include <utility>

#include "app/audit.h"
#include "app/commands.h"

namespace proctor::app {
namespace {

struct Options {
    std::vector<std::string> files, keys;
    std::string after, known;
};

Result<std::optional<watch::Place>> take_place(const std::string& text, const std::string& option) {
    if (text.empty()) return std::optional<watch::Place>();
    auto place = watch::read_place(text);
    if (!place) return Error{"must be as an earlier check printed it, such as 42:1b4f...", option};
    return place;
}

Result<watch::AuditExpected> expect(const Options& options) {
    watch::AuditExpected expected;
    auto after = take_place(options.after, "--after");
    auto known = take_place(options.known, "--known");
    if (!after) return after.error();
    if (!known) return known.error();
    expected.after = std::move(after).value();
    expected.known = std::move(known).value();
    for (const auto& file : options.keys) {
        auto key = read_audit_key(file, false);
        if (!key) return key.error();
        expected.keys.push_back(std::move(key).value());
    }
    return expected;
}

void print(const watch::AuditFound& found, bool checked) {
    std::cout << found.events << " events, from " << found.first << " to " << found.last << '\n';
    if (found.heads == 0) {
        std::cout << "not signed\n";
    } else {
        std::cout << found.heads << (checked ? " signed heads" : " heads, their signatures not checked without --key")
                  << "; lines after the last: " << found.place.n - found.place.head << '\n';
        std::cout << (found.place.closed
                          ? "ends with a stop of the service\n"
                          : "does not end with a stop: the service runs, was killed, or the end is gone\n");
    }
    std::cout << "ends at " << print(found.place) << "\nOK\n";
}

Exit verify(const Options& options) {
    auto expected = expect(options);
    if (!expected) return fail(expected.error(), Exit::usage);
    watch::AuditVerifier verifier(std::move(expected).value());
    for (const auto& file : options.files) {
        if (auto read = verifier.read(file); !read) return fail(read.error(), Exit::failed);
    }
    if (auto whole = verifier.finish(); !whole)
        return fail({whole.error().message, options.files.back()}, Exit::failed);
    print(verifier.found(), !options.keys.empty());
    return Exit::ok;
}

}  // namespace

void add_audit(CLI::App& app, Exit& exit) {
    auto options = std::make_shared<Options>();
    auto* audit = app.add_subcommand("audit", "The audit trail of the service");
    audit->require_subcommand(1);
    auto* command = audit->add_subcommand("verify", "Checks that nothing in it was changed, taken out or put in");
    command->add_option("FILE", options->files, "The trail's files, the oldest first")->required();
    command->add_option("--key", options->keys,
                        "Ed25519 key in PEM, its public half will do, that signed the heads; once for each that did");
    command->add_option("--after", options->after, "N:HASH that the files before these end at");
    command->add_option("--known", options->known,
                        "N:HASH that an earlier check ended at, which must be in these files, or what they go on from");
    command->footer(
        "Without --after the first file is the beginning of the trail. Note elsewhere what it ends at, for --known: "
        "the\n"
        "end of a trail that was cut off looks like a trail that ended earlier.\n"
        "Exit code 1, with the file and line on standard error, where the trail breaks.");
    command->callback([options, &exit] { exit = verify(*options); });
}

}  // namespace proctor::app
