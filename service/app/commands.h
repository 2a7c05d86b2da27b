// The commands of the program, one file each. Results go to standard output, everything else to standard
// error.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "fhir/instant.h"
#include "rules/content.h"

namespace CLI {
class App;
}

namespace proctor::app {

enum class Exit : int {
    ok = 0,
    failed = 1,           // findings in the content, a line that could not be evaluated
    usage = 2,            // the command line is wrong
    could_not_start = 3,  // serve: configuration, content, socket
};

// Each adds its subcommand; running that sets `exit`, which outlives the app.
void add_serve(CLI::App& app, Exit& exit);
void add_check(CLI::App& app, Exit& exit);
void add_print(CLI::App& app, Exit& exit);
void add_export(CLI::App& app, Exit& exit);
void add_catalogue(CLI::App& app, Exit& exit);
void add_evaluate(CLI::App& app, Exit& exit);
void add_explain(CLI::App& app, Exit& exit);
void add_request(CLI::App& app, Exit& exit);
void add_show(CLI::App& app, Exit& exit);
void add_fire(CLI::App& app, Exit& exit);
void add_audit(CLI::App& app, Exit& exit);
void add_console_user(CLI::App& app, Exit& exit);
void add_store(CLI::App& app, Exit& exit);

// "proctor: <error>." on standard error; gives `exit` back.
Exit fail(const Error& error, Exit exit);

// The rule with this id or code ("ADC-12", also as "ADC12"). The error lists what comes close.
Result<const rules::LoadedRule*> find_rule(const rules::Content& content, std::string_view name);

// --config, --client and --cards, as load_client() in startup.h takes them.
void add_client_options(CLI::App& command, std::string& config, std::string& client, std::string& cards);

// An --as-of value, or now when it is empty.
Result<fhir::Instant> read_as_of(const std::string& text);

}  // namespace proctor::app
