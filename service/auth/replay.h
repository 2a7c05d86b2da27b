// Which tokens were used already. A token is accepted once: its id is kept until it can no longer be valid.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace proctor::auth {

enum class Use : std::uint8_t { first, again, unavailable };

// Implementations are safe to call from every thread, and decide for all instances that share them: of two uses of one
// token at the same moment exactly one is the first.
class ReplayStore {
public:
    virtual ~ReplayStore() = default;
    // `id`: SHA-256 in hex of iss, NUL, jti. `until`: when it may be forgotten. unavailable: nothing is known and
    // nothing was kept.
    [[nodiscard]] virtual Use use(const std::string& id, WallTime until, WallTime now) = 0;
};

}  // namespace proctor::auth
