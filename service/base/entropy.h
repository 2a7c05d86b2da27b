// Randomness, as a dependency: given to whoever needs it, created where the program begins. Nothing else asks the
// system.
#pragma once

#include <cstdint>
#include <span>

namespace proctor {

// Implementations are safe to call from every thread.
class Entropy {
public:
    virtual ~Entropy() = default;
    // Every byte, unpredictably. Never fails.
    virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

// The kernel's. A system without randomness ends the process: nothing that was meant to be secret may be guessable.
class SystemEntropy final : public Entropy {
public:
    void fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace proctor
