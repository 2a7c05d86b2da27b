// What metrics say of the moment in which they are asked for: the service's state, and the process's use of the
// machine. It counts nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "app/health.h"
#include "base/clock.h"
#include "watch/metrics.h"

namespace proctor::app {

// Of the process: when it started, memory, descriptors and processor time from the system; what cannot be read is left
// out. `dropped`: lines of the log.
[[nodiscard]] std::vector<watch::Reading> readings_of(const Health& health, WallTime started, std::uint64_t dropped);

}  // namespace proctor::app
