#include "base/clock.h"

namespace proctor {

WallTime SystemClock::now() const {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steady() const { return std::chrono::steady_clock::now(); }

SteadyTime FixedClock::steady() const { return std::chrono::steady_clock::now(); }

}  // namespace proctor
