// Many calls at once, from few threads.
#pragma once

#include <functional>
#include <latch>
#include <thread>
#include <vector>

namespace proctor {

// Every thread calls work(thread) once, all from the same moment on; returns when all are done.
inline void at_once(int threads, const std::function<void(int)>& work) {
    std::latch ready(threads);
    std::vector<std::thread> running;
    for (int i = 0; i < threads; ++i) {
        running.emplace_back([&, i] {
            ready.arrive_and_wait();
            work(i);
        });
    }
    for (auto& thread : running) thread.join();
}

}  // namespace proctor
