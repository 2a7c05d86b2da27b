// HTTP servers that begin and end together. It knows no signals, and not what they serve.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "base/result.h"
#include "http/server.h"

namespace proctor::app {

class Servers final {
public:
    Servers() = default;
    ~Servers();
    Servers(const Servers&) = delete;
    Servers& operator=(const Servers&) = delete;

    // Takes the socket or port, before start(). Error: it is taken or not allowed. The handler outlives the servers.
    Status add(http::Handler& handler, http::ServerOptions options);
    // Each answers from here on. `on_broken` is called by a thread of a listener that broke, at most once for each.
    void start(const std::function<void()>& on_broken);
    // In the order of add(): takes no further connections, finishes what is in flight, and then the next; so the last
    // one answers, for health, until those before are done. False: the time passed and some still run; what they refer
    // to must stay.
    [[nodiscard]] bool stop(std::chrono::milliseconds time);
    // After stop() was true: a listener broke.
    [[nodiscard]] bool broken() const { return broken_; }

private:
    struct One {
        std::unique_ptr<http::Server> server;
        std::future<void> ended;
        std::thread thread;
    };
    std::vector<One> all_;
    std::atomic<bool> broken_ = false;
};

}  // namespace proctor::app
