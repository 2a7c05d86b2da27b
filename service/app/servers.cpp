#include "app/servers.h"

#include <utility>

namespace proctor::app {

Servers::~Servers() {
    for (auto& one : all_) {
        if (!one.thread.joinable()) continue;
        one.server->stop();
        one.thread.join();
    }
}

Status Servers::add(http::Handler& handler, http::ServerOptions options) {
    auto server = std::make_unique<http::Server>(handler, std::move(options));
    if (auto bound = server->bind(); !bound) return bound;
    all_.push_back({std::move(server), {}, {}});
    return Done{};
}

void Servers::start(const std::function<void()>& on_broken) {
    for (auto& one : all_) {
        std::packaged_task<void()> run([this, server = one.server.get(), on_broken] {
            if (server->run().ok()) return;
            broken_ = true;
            on_broken();
        });
        one.ended = run.get_future();
        one.thread = std::thread(std::move(run));
    }
}

bool Servers::stop(std::chrono::milliseconds time) {
    const auto deadline = std::chrono::steady_clock::now() + time;
    for (auto& one : all_) {
        one.server->stop();
        if (one.ended.wait_until(deadline) != std::future_status::ready) return false;
        one.thread.join();
    }
    return true;
}

}  // namespace proctor::app
