// What happens where memory is short. Who finds none waits a moment, since other requests give theirs back.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>

#include "base/limits.h"

namespace proctor {

// How long this thread's allocations wait, in milliseconds; limits::k_memory_wait_ms unless set.
[[nodiscard]] int memory_wait();
void set_memory_wait(int milliseconds);

// Asks until there is memory, for so long or at_least_ms; nullptr: there was none.
template <typename Allocate>
[[nodiscard]] void* insist(Allocate allocate, int at_least_ms = 0) {
    constexpr int k_pause_ms = 5;
    void* got = allocate();
    if (got != nullptr) return got;
    const int wait_ms = std::max(at_least_ms, memory_wait());
    for (int waited = 0; got == nullptr && waited < wait_ms; waited += k_pause_ms) {
        std::this_thread::sleep_for(std::chrono::milliseconds(k_pause_ms));
        got = allocate();
    }
    return got;
}

// OpenSSL answers much the same whether a signature is wrong or memory was short while it was checked. In a program
// that uses this its allocations insist, and those that got none on this thread are counted: more than before a call,
// and its failure means nothing.
[[nodiscard]] std::uint64_t crypto_shortages();

}  // namespace proctor
