// The file of `fire --config`: the service that is called, and as which client. JSON with // comments, every unknown
// member an error.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "auth/signer.h"
#include "base/result.h"

namespace proctor::app {

struct FireConfig {
    std::string service;   // "https://cds.example/cds-services/anorectal-alarms"
    std::string audience;  // the same as its tokens name it: `service` unless the file says otherwise
    std::string issuer;
    std::string tenant;                       // empty: none
    auth::SignerSetup signer;                 // alg, kid, jku
    std::filesystem::path key_file, ca_file;  // ca_file may be empty
};

// Relative paths are taken from the file's own folder. Errors name the file and the JSON Pointer, or the line when it
// is no JSON.
Result<FireConfig> parse_fire_config(std::string_view text, const std::string& file);

// Of the URL of a service: that of its discovery, and its id.
[[nodiscard]] std::string discovery_of(const std::string& service);
[[nodiscard]] std::string id_of(const std::string& service);

}  // namespace proctor::app
