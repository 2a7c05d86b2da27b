// Names to addresses. It knows nothing of which addresses may be called.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "outbound/address.h"
#include "outbound/fetcher.h"

namespace proctor::outbound {

using Resolved = std::variant<std::vector<Address>, Failure>;

// Implementations are safe to call from every thread.
class Resolver {
public:
    virtual ~Resolver() = default;
    // `host` in lower case, no literal. At least one address, the preferred ones first; or unresolved, or timeout when
    // the deadline passed first.
    [[nodiscard]] virtual Resolved resolve(const std::string& host, SteadyTime deadline) = 0;
};

}  // namespace proctor::outbound
