// Randomness that is not: the bytes count up, or are all zero for a while.
#pragma once

#include "base/entropy.h"

namespace proctor {

class FakeEntropy final : public Entropy {
public:
    // So many calls give zeros first.
    explicit FakeEntropy(int zeros = 0) : zeros_(zeros) {}
    void fill(std::span<std::uint8_t> bytes) override {
        const bool zero = zeros_ > 0;
        if (zero) --zeros_;
        for (auto& byte : bytes) byte = zero ? std::uint8_t{0} : ++last_;
    }

private:
    int zeros_;
    std::uint8_t last_ = 0;
};

}  // namespace proctor
