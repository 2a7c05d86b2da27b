// The console of a service: what it counts from the start on, and the page that is served where the configuration has
// a port for it. It joins console/ with what serves.
#pragma once

#include <memory>

#include "app/console_view.h"
#include "app/servers.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/log.h"
#include "console/console.h"

namespace proctor::app {

class ConsoleServer final {
public:
    // Refers to both.
    ConsoleServer(const Clock& clock, Entropy& entropy)
        : clock_(clock), entropy_(entropy), figures_(clock), lost_codes_(entropy) {}
    ConsoleServer(const ConsoleServer&) = delete;
    ConsoleServer& operator=(const ConsoleServer&) = delete;

    // What counts: hears of every event, and of every code that nobody reads.
    [[nodiscard]] Log& figures() { return figures_; }
    [[nodiscard]] console::LostCodes& lost_codes() { return lost_codes_; }

    // Adds the page to the servers; nothing without a port. A demonstration's user is named on standard error, with its
    // password. Error: users or patients that cannot be read, a port that is taken. Refers to view and log.
    [[nodiscard]] Status add_to(Servers& servers, const ConsoleView::Parts& view, Log& log);

private:
    const Clock& clock_;
    Entropy& entropy_;
    console::Figures figures_;
    console::LostCodes lost_codes_;
    std::unique_ptr<ConsoleView> view_;
    std::unique_ptr<console::Console> page_;
};

}  // namespace proctor::app
