// The answers that the page is made of, a function and a file each. Who calls is logged in.
#pragma once

#include "console/console.h"

namespace proctor::console {

struct Asked {
    const http::Request& request;
    const User& user;
    const ConsoleParts& parts;
    const ConsoleOptions& options;
};

[[nodiscard]] http::Response show_session(const Asked& asked);
[[nodiscard]] http::Response show_overview(const Asked& asked);
[[nodiscard]] http::Response show_rules(const Asked& asked);
[[nodiscard]] http::Response show_clients(const Asked& asked);
[[nodiscard]] http::Response list_patients(const Asked& asked);
[[nodiscard]] http::Response try_patient(const Asked& asked);
[[nodiscard]] http::Response export_feedback(const Asked& asked);

}  // namespace proctor::console
