#include "base/wiped.h"

#include <gtest/gtest.h>

#include <new>

namespace proctor {
namespace {

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
    Wiped first("a token that is longer than a short string is");
    const Wiped second = first;
    const Wiped third = std::move(first);
    EXPECT_EQ(second.text, third.text);
}

}  // namespace
}  // namespace proctor
