// The configuration file of `serve`: JSON with // comments, every member optional, every unknown member an
// error. It says what a site may decide; it knows nothing of sockets or threads.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "auth/authenticator.h"
#include "base/limits.h"
#include "base/result.h"
#include "hooks/settings.h"

namespace proctor::app {

// How one client is answered. What the file says at its top holds for every client that does not say otherwise.
struct Site {
    hooks::Settings settings;
    std::vector<std::string> origins;  // browser origins that get CORS headers; "*": all, with --demo only
    std::vector<std::filesystem::path> concept_maps;  // the site's own codes
    bool pilot = false;                               // everything runs and is counted, no card is shown
    long quiet_days = 0;  // an alarm that was answered is not shown again on the same evidence for so long; 0: it is
    bool keep_comments = false;  // comments in feedback are kept, sealed
};

// A FHIR server that a client's requests may name.
struct FhirServer {
    std::string base;              // without a trailing slash
    bool private_address = false;  // it may have one
};

struct ClientConfig {
    auth::ClientTrust trust;
    Site site;
    std::string base_url;  // what it calls, where that is not what all call
    std::vector<FhirServer> fhir_servers;
    bool private_jwks = false;  // its key set may have a private address
    std::size_t in_flight = limits::k_client_in_flight;
};

// The page for quality leads and integrators.
struct ConsoleConfig {
    int port = 0;                    // 127.0.0.1; 0: no console
    std::filesystem::path users;     // file of `proctor console-user`
    std::vector<std::string> hosts;  // that it answers to, beside localhost and 127.0.0.1 with its port; lower case
    std::filesystem::path patients;  // folder of Bundles to try; empty: none
    long override_percent = 50;      // a rule that is overridden more often is flagged
};

struct Config {
    std::filesystem::path content = "cards";
    std::string socket;
    int port = 0;  // 127.0.0.1; with --demo only
    bool accept_unapproved = false;
    std::size_t threads = limits::k_server_threads;
    std::size_t queue = limits::k_server_queue;
    long deadline_ms = limits::k_deadline_ms;  // from a request's arrival to its answer, for what is fetched
    std::string base_url;                      // what clients call, as their tokens' aud begins: "https://cds.example"
    std::string replay_store;                  // a file, or "postgresql://..."; empty: memory alone
    bool replay_strict = false;                // 503 when the store is away
    std::string feedback_store;                // a file, or "postgresql://..."; empty: no feedback is taken
    std::string feedback_spool;                // a file that takes feedback while that database is away
    std::filesystem::path identity_keys;       // file; patients and users are stored as hashes with its first key
    std::filesystem::path comment_keys;        // file; comments are sealed with its first key
    long feedback_days = 730, comment_days = 90;  // how long they are kept
    std::filesystem::path audit_log;              // a file; empty: no audit trail
    std::filesystem::path audit_key;              // file; signs the audit trail; empty: it is not signed
    int metrics_port = 0;                         // 127.0.0.1: metrics and health; 0: none
    ConsoleConfig console;
    std::filesystem::path ca_file;  // further certificate authorities of FHIR servers and key sets
    Site site;
    std::vector<ClientConfig> clients;
};

// Relative paths are taken from the file's own folder. Errors name the file and the JSON Pointer, or the line
// when it is no JSON.
Result<Config> read_config(const std::filesystem::path& file);
Result<Config> parse_config(std::string_view text, const std::string& file);

}  // namespace proctor::app
