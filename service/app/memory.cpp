#include "app/memory.h"

#include <malloc.h>

#include <chrono>
#include <new>
#include <thread>

#include "base/limits.h"

namespace proctor::app {
namespace {

constexpr std::chrono::milliseconds k_wait(limits::k_memory_wait_ms);
constexpr std::chrono::milliseconds k_pause = k_wait / 20;

// operator new calls this until there is memory.
void await_memory() {
    using std::chrono::steady_clock;
    thread_local steady_clock::time_point since, last;
    const auto now = steady_clock::now();
    if (now - last > k_wait) since = now;  // another shortage
    last = now;
    if (now - since > k_wait) throw std::bad_alloc();
    std::this_thread::sleep_for(k_pause);
}

}  // namespace

void manage_memory() {
    mallopt(M_MMAP_THRESHOLD, limits::k_returned_bytes);
    std::set_new_handler(await_memory);
}

}  // namespace proctor::app
