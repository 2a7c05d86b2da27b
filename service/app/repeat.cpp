#include "app/repeat.h"

#include <exception>
#include <utility>

namespace proctor::app {

Repeat::Repeat(std::function<void(const std::stop_token&)> work, std::chrono::milliseconds every)
    : work_(std::move(work)), every_(every), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Repeat::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        lock.unlock();
        try {
            work_(stop);
        } catch (const std::exception&) {  // out of memory
        }
        lock.lock();
        changed_.wait_for(lock, stop, every_, [] { return false; });
    }
    ended_ = true;
    changed_.notify_all();
}

bool Repeat::end(std::chrono::milliseconds time) {
    thread_.request_stop();
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return ended_; });
}

}  // namespace proctor::app
