#include "base/wiped.h"

#include <gtest/gtest.h>

#include <malloc.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace {

constexpr char k_secret[] = "a token that is longer than a short string is";
bool g_watching = false;  // what is freed, for the secret
int g_leaks = 0;

void give_back(void* memory) noexcept {
    if (g_watching && memory != nullptr)
        g_leaks += memmem(memory, malloc_usable_size(memory), k_secret, sizeof k_secret - 1) != nullptr ? 1 : 0;
    std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { give_back(memory); }

namespace proctor {
namespace {

// How often memory that still holds the secret is given back meanwhile.
template <typename Act>
int leaks_of(Act act) {
    g_leaks = 0;
    g_watching = true;
    act();
    g_watching = false;
    return g_leaks;
}

TEST(Wiped, LeavesNothingWhereItWasAssignedOver) {
    EXPECT_EQ(leaks_of([] { const std::string plain(k_secret); }), 1) << "the test sees what is left";
    EXPECT_EQ(leaks_of([] {
                  Wiped secret((std::string(k_secret)));
                  secret = Wiped("another");
                  secret = Wiped(std::string(k_secret));
                  const Wiped longer(std::string(500, 'x'));
                  secret = longer;
                  secret.text = k_secret;
                  secret.text.clear();
              }),
              0);
}

TEST(MakeRoom, LeavesNothingWhereTheTextStood) {
    std::string text(k_secret);
    EXPECT_EQ(leaks_of([&] { make_room(text, 1000); }), 0);
    EXPECT_EQ(text, k_secret);
    EXPECT_GE(text.capacity(), text.size() + 1000);
}

TEST(Wiped, IsOverwrittenWhenItGoes) {
    alignas(Wiped) unsigned char place[sizeof(Wiped)];
    auto* wiped = ::new (place) Wiped("secret");  // short: it stands within the object
    const std::string copy = wiped->text;
    const auto* bytes = reinterpret_cast<const unsigned char*>(wiped->text.data());
    const auto offset = static_cast<std::size_t>(bytes - place);
    ASSERT_LT(offset, sizeof place);
    wiped->~Wiped();
    for (std::size_t i = 0; i < copy.size(); ++i) EXPECT_EQ(place[offset + i], 0U) << i;
}

TEST(Wiped, IsCopiedAndMovedAsATextIs) {
    Wiped first(k_secret);
    const Wiped second = first;
    const Wiped third = std::move(first);
    EXPECT_EQ(second.text, third.text);
}

}  // namespace
}  // namespace proctor
