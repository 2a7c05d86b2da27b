// What happens where memory is short. Who finds none waits a moment, since other requests give theirs back.
#pragma once

#include <chrono>
#include <cstdint>
#include <thread>

#include "base/limits.h"

namespace proctor {

// Asks until there is memory, for wait_ms; nullptr: there was none.
template <typename Allocate>
[[nodiscard]] void* insist(Allocate allocate, int wait_ms = limits::k_memory_wait_ms) {
    constexpr int k_pause_ms = 5;
    for (int waited = 0;; waited += k_pause_ms) {
        void* got = allocate();
        if (got != nullptr || waited >= wait_ms) return got;
        std::this_thread::sleep_for(std::chrono::milliseconds(k_pause_ms));
    }
}

// OpenSSL answers much the same whether a signature is wrong or memory was short while it was checked. In a program
// that uses this its allocations insist, and those that got none on this thread are counted: more than before a call,
// and its failure means nothing.
[[nodiscard]] std::uint64_t crypto_shortages();

}  // namespace proctor
