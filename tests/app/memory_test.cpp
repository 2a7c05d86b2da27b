#include "app/memory.h"

#include <gtest/gtest.h>

#include <new>

namespace proctor::app {
namespace {

void ask_for_ever() {
    while (true) std::get_new_handler()();
}

TEST(Memory, WhoFindsNoneWaitsAndThenFailsEachTime) {
    manage_memory();
    EXPECT_NO_THROW(std::get_new_handler()());
    EXPECT_THROW(ask_for_ever(), std::bad_alloc);
    std::set_new_handler(nullptr);
}

}  // namespace
}  // namespace proctor::app
