// A clock that moves when a test says so.
#pragma once

#include <atomic>
#include <chrono>

#include "base/clock.h"

namespace proctor {

// Safe to use from every thread.
class ManualClock final : public Clock {
public:
    [[nodiscard]] WallTime now() const override { return WallTime{std::chrono::milliseconds(wall_ms_)}; }
    [[nodiscard]] SteadyTime steady() const override { return SteadyTime{std::chrono::milliseconds(steady_ms_)}; }

    void pass(std::chrono::milliseconds time) {
        wall_ms_ += time.count();
        steady_ms_ += time.count();
    }
    // Somebody sets the clock: no time goes by.
    void set_by(std::chrono::milliseconds time) { wall_ms_ += time.count(); }

private:
    std::atomic<std::int64_t> wall_ms_{1'781'524'800'000};  // 2026-06-15T12:00:00Z
    std::atomic<std::int64_t> steady_ms_{1'000'000};
};

}  // namespace proctor
