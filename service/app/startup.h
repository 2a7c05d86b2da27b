// What must hold before the service answers anybody: a configuration that is safe, content that is whole,
// checked and approved. Each refusal is one sentence.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "app/live.h"
#include "base/result.h"
#include "hooks/answer.h"

namespace proctor::app {

// The configuration as it will be used. Demo: loopback, every origin and unapproved content are fine, and everybody is
// the one client that it makes; cards say so; no feedback is taken. Otherwise: an error for whatever only a
// demonstration may have, for what is missing, and for clients that cannot be told apart; `where` is the member.
Result<Config> settle(Config config, bool demo);

// The authorities of other servers: certificates, in a file that not everybody can write. Empty: none of its own.
Status check_ca_file(const std::filesystem::path& file);

// The files of clients' keys, for who is not the service: can each be read, and is it a key set?
Status check_key_files(const std::vector<ClientConfig>& clients);

// What answers a site: its choices and code maps, checked with the content. `warnings`: map entries that are not used.
Result<std::shared_ptr<const hooks::Engine>> make_engine(std::shared_ptr<const rules::Content> content,
                                                         const Site& site, std::vector<std::string>& warnings);

// Loads the content, runs its cases and looks at its approval and at who could change it. Gives what will answer each
// client. `step` becomes a word for what was being looked at last, for the log and health: "permissions", "content",
// "cases", "approval", "settings" (of the site, with its code maps). `warnings`: as make_engine() gives them.
Result<Engines> load_for_service(const Config& config, std::string_view& step, std::vector<std::string>& warnings);
// One for standard error.
void print_warnings(const std::vector<std::string>& warnings);

// For commands on a site's own machine.
struct Client {
    hooks::Settings settings;
    std::shared_ptr<const hooks::Engine> engine;
};
// Answers as the service would answer this client of the configuration (empty: as it answers one that sets nothing of
// its own), with the rules of `cards` if not empty. Map entries that are not used are named on standard error.
Result<Client> load_client(Config config, const std::string& id, const std::string& cards);

}  // namespace proctor::app
