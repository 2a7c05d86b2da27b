// Does something again and again, in a thread of its own, until it is told to end. It knows nothing of what it does.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace proctor::app {

class Repeat final {
public:
    // From here on, at once and then so long after each time. `work` looks at the token where it takes long, and goes
    // on at the next time where it threw.
    Repeat(std::function<void(const std::stop_token&)> work, std::chrono::milliseconds every);
    // Waits until it has ended.
    ~Repeat() = default;
    Repeat(const Repeat&) = delete;
    Repeat& operator=(const Repeat&) = delete;

    // Tells it to end. False: after that time it has not.
    [[nodiscard]] bool end(std::chrono::milliseconds time);

private:
    void run(const std::stop_token& stop);

    const std::function<void(const std::stop_token&)> work_;
    const std::chrono::milliseconds every_;
    std::mutex mutex_;  // of ended_
    std::condition_variable_any changed_;
    bool ended_ = false;
    std::jthread thread_;
};

}  // namespace proctor::app
