// The configuration file of `serve`: JSON with // comments, every member optional, every unknown member an
// error. It says what a site may decide; it knows nothing of sockets or threads.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "hooks/settings.h"

namespace proctor::app {

struct Config {
    std::filesystem::path content = "cards";
    std::string socket;
    int port = 0;                      // 127.0.0.1; with --demo only
    std::vector<std::string> origins;  // browser origins that get CORS headers; "*": all, with --demo only
    bool accept_unapproved = false;
    bool accept_unauthenticated = false;
    std::size_t threads = limits::k_server_threads;
    std::size_t queue = limits::k_server_queue;
    std::vector<std::filesystem::path> concept_maps;  // the site's own codes
    hooks::Settings settings;
};

// Relative paths are taken from the file's own folder. Errors name the file and the JSON Pointer, or the line
// when it is no JSON.
Result<Config> read_config(const std::filesystem::path& file);
Result<Config> parse_config(std::string_view text, const std::string& file);

}  // namespace proctor::app
