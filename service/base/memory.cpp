#include "base/memory.h"

#include <openssl/crypto.h>

#include <cstdlib>

namespace proctor {
namespace {

thread_local std::uint64_t t_shortages = 0;
thread_local int t_wait_ms = limits::k_memory_wait_ms;

template <typename Allocate>
void* insist_or_count(Allocate allocate) {
    void* got = insist(allocate);
    if (got == nullptr) ++t_shortages;
    return got;
}

void* allocate(std::size_t bytes, const char* /*file*/, int /*line*/) {
    return insist_or_count([&] { return std::malloc(bytes); });
}

void release(void* old, const char* /*file*/, int /*line*/) { std::free(old); }

void* resize(void* old, std::size_t bytes, const char* file, int line) {
    if (bytes != 0) return insist_or_count([&] { return std::realloc(old, bytes); });
    release(old, file, line);
    return nullptr;
}

// Once it has allocated, OpenSSL takes no functions any more, and a library's constructor makes it: so before those.
void take_over() { CRYPTO_set_mem_functions(allocate, resize, release); }
[[gnu::section(".preinit_array"), gnu::used]] void (*const k_first)() = take_over;

}  // namespace

int memory_wait() { return t_wait_ms; }
void set_memory_wait(int milliseconds) { t_wait_ms = milliseconds; }

std::uint64_t crypto_shortages() { return t_shortages; }

}  // namespace proctor
