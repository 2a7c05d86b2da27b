// The console's HTTP interface: its page, logging in, and the answers that the page is made of. It shows what the
// service knows of itself and of its rules; nothing of a patient is in it but what somebody types into "try it".
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/log.h"
#include "console/figures.h"
#include "console/login.h"
#include "console/lost_codes.h"
#include "console/running.h"
#include "console/users.h"
#include "http/server.h"
#include "store/feedback.h"

namespace proctor::console {

struct ConsoleOptions {
    int port = 0;
    std::vector<std::string> hosts;  // that it answers to, beside localhost and 127.0.0.1 with the port; lower case
    long override_percent = 50;      // a rule that is overridden more often is flagged
    std::string version;             // of the program
    bool demo = false;
    std::chrono::days feedback_kept{};  // how long the store keeps it
};

// What the answers are made of; all of it outlives the console.
struct ConsoleParts {
    const Running& running;
    const Figures& figures;
    const LostCodes& lost_codes;
    store::FeedbackStore* feedback = nullptr;  // null: none is kept
    const Clock& clock;
    Log& log;
};

class Console final : public http::Handler {
public:
    // Refers to the entropy.
    Console(ConsoleParts parts, ConsoleOptions options, Users users, Entropy& entropy);

    [[nodiscard]] http::Response answer(http::Request request) override;
    [[nodiscard]] http::Response refuse(const http::Request& request, http::Refused why) override;

private:
    [[nodiscard]] bool is_ours(std::string host) const;
    [[nodiscard]] http::Response route(const http::Request& request);
    [[nodiscard]] http::Response api(const http::Request& request);

    const ConsoleParts parts_;
    const ConsoleOptions options_;
    Login login_;
};

}  // namespace proctor::console
