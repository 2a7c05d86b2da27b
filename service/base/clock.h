// What time it is, as a dependency: given to whoever needs it, created in main. Nothing else asks the system.
#pragma once

#include <chrono>

namespace proctor {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;
using SteadyTime = std::chrono::steady_clock::time_point;

// Implementations are safe to call from every thread.
class Clock {
public:
    virtual ~Clock() = default;
    // The clinicians' now.
    [[nodiscard]] virtual WallTime now() const = 0;
    // For durations and deadlines: never jumps.
    [[nodiscard]] virtual SteadyTime steady() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] WallTime now() const override;
    [[nodiscard]] SteadyTime steady() const override;
};

// A clinicians' now that stands still, for --as-of and for tests. Durations are real.
class FixedClock final : public Clock {
public:
    explicit FixedClock(WallTime now) : now_(now) {}
    [[nodiscard]] WallTime now() const override { return now_; }
    [[nodiscard]] SteadyTime steady() const override;

private:
    WallTime now_;
};

}  // namespace proctor
