// What the commands of `proctor store` do, each with the configuration that the service runs with; beside a running
// service, too. Results go to standard output, and whatever leaves the store or is restored is an event on standard
// error.
#pragma once

#include <string>

#include "app/commands.h"
#include "store/table.h"

namespace proctor::app {

struct ExportOptions {
    std::string config;
    std::string format = "csv", since;  // an instant; empty: all
    bool comments = false;              // opened
    bool counts = false;                // instead of rows: of whole months, small ones hidden
    int months = 12;
};

[[nodiscard]] Exit migrate_store(const std::string& config);
[[nodiscard]] Exit verify_store(const std::string& config);
[[nodiscard]] Exit back_up_store(const std::string& config, const std::string& file);
[[nodiscard]] Exit restore_store(const std::string& config, const std::string& file);
[[nodiscard]] Exit export_store(const ExportOptions& options);

}  // namespace proctor::app
