#include "app/console_server.h"

#include <iostream>
#include <utility>

#include "app/console_users.h"

namespace proctor::app {

Status ConsoleServer::add_to(Servers& servers, const ConsoleView::Parts& view, Log& log) {
    const auto& wanted = view.config.console;
    if (wanted.port == 0) return Done{};
    const bool demo = view.config.site.settings.demo;
    std::string password;
    auto users = demo ? demo_user(entropy_, password) : read_users(wanted.users);
    if (!users) return users.error();
    auto opened = ConsoleView::open(view);
    if (!opened) return opened.error();
    view_ = std::move(opened).value();
    auto* store = view.feedback != nullptr ? &view.feedback->store() : nullptr;
    page_ = std::make_unique<console::Console>(
        console::ConsoleParts{*view_, figures_, lost_codes_, store, clock_, log},
        console::ConsoleOptions{wanted.port, wanted.hosts, wanted.override_percent, PROCTOR_VERSION, demo,
                                std::chrono::days(view.config.feedback_days)},
        std::move(users).value(), entropy_);
    auto added = servers.add(*page_, {"", wanted.port, limits::k_console_threads, limits::k_console_queue});
    if (added && demo)
        std::cerr << "console: http://localhost:" << wanted.port << " user demo password " << password << '\n';
    return added;
}

}  // namespace proctor::app
