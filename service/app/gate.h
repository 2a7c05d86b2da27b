// Who may call: the registered clients with their key sets and the memory of used tokens, behind one question. It joins
// auth/, store/ and outbound/; it knows no routes.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "app/config.h"
#include "auth/authenticator.h"
#include "base/log.h"
#include "http/server.h"
#include "outbound/fetcher.h"

namespace proctor::app {

class Gate final {
public:
    // `config` was settled (app/startup.h). Key files are read, the replay store is opened, key sets are fetched in the
    // background from here on. Error: a file or store that cannot be used. Refers to all arguments.
    [[nodiscard]] static Result<std::unique_ptr<Gate>> open(const Config& config, outbound::Outbound& outbound,
                                                            const Clock& clock, Log& log);
    ~Gate();
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    // `audiences`: the addresses that the caller may have called.
    [[nodiscard]] std::variant<auth::Admitted, auth::Reason> admit(const http::Request& request,
                                                                   const std::vector<std::string>& audiences,
                                                                   WallTime now);
    // Key files once more. Error: the first that cannot be used, whose client the log names; what was read before
    // stays.
    [[nodiscard]] Status reload();

    // Key sets are fetched in the background no more. False: after that time one still is.
    [[nodiscard]] bool end(std::chrono::milliseconds time);

    // For health: by client; whether the replay store is away; whether the clock makes every token too old.
    [[nodiscard]] std::vector<auth::KeyState> key_states() const;
    [[nodiscard]] bool replay_degraded() const;
    [[nodiscard]] bool clock_behind() const;

private:
    struct Parts;
    explicit Gate(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace proctor::app
