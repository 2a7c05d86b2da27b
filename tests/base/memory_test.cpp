#include "base/memory.h"

#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <cstdint>
#include <thread>

// A sanitizer would end the program where the C library gives nothing.
extern "C" const char* __asan_default_options() { return "allocator_may_return_null=1"; }
extern "C" const char* __tsan_default_options() { return "allocator_may_return_null=1"; }

namespace proctor {
namespace {

TEST(CryptoShortages, AreCounted) {
    const auto before = crypto_shortages();
    EXPECT_EQ(OPENSSL_malloc(PTRDIFF_MAX - 64), nullptr);
    EXPECT_EQ(crypto_shortages(), before + 1);
}

TEST(Insist, AsksAgainUntilThereIsMemory) {
    int asked = 0, memory = 0;
    EXPECT_EQ(insist([&]() -> void* { return ++asked < 4 ? nullptr : &memory; }), &memory);
    EXPECT_EQ(asked, 4);
}

TEST(Insist, WaitsLongerOnAPatientThread) {
    const auto asked = [](int wait_ms) {
        int times = 0;
        std::thread([&] {
            set_memory_wait(wait_ms);
            EXPECT_EQ(insist([&]() -> void* { return ++times, nullptr; }), nullptr);
        }).join();
        return times;
    };
    EXPECT_EQ(asked(0), 1);
    EXPECT_GT(asked(50), asked(10));
    EXPECT_EQ(memory_wait(), limits::k_memory_wait_ms) << "of this thread nothing is changed";
}

TEST(Insist, GivesUpInTheEnd) {
    int asked = 0;
    EXPECT_EQ(insist([&]() -> void* { return ++asked, nullptr; }), nullptr);
    EXPECT_GT(asked, 1);
}

}  // namespace
}  // namespace proctor
