#include "app/memory.h"

#include <malloc.h>

#include <cstdlib>
#include <new>

#include "base/limits.h"
#include "base/memory.h"

// Sanitizers have operators of their own, which libraries find before these.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void* operator new(std::size_t bytes) {
    void* got = proctor::insist([&] { return std::malloc(bytes == 0 ? 1 : bytes); });
    if (got == nullptr) throw std::bad_alloc();
    return got;
}
void operator delete(void* old) noexcept { std::free(old); }
void operator delete(void* old, std::size_t /*bytes*/) noexcept { std::free(old); }
#endif

namespace proctor::app {

void manage_memory() {
    set_memory_wait(limits::k_memory_patience_ms);
    mallopt(M_MMAP_THRESHOLD, limits::k_returned_bytes);
    mallopt(M_TRIM_THRESHOLD, limits::k_kept_bytes);
}

}  // namespace proctor::app
