// What a busy machine does late, and a broken one never.
#pragma once

#include <chrono>
#include <thread>

namespace proctor {

// Asks until it holds; false: a minute went by.
template <typename Holds>
[[nodiscard]] bool eventually(Holds holds) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (!holds()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace proctor
