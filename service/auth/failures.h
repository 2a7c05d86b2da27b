// Who sent bad signatures lately: a check of one costs up to a millisecond, so a source that keeps failing is not
// checked any more for a while. Bounded; it knows no token.
#pragma once

#include <array>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/limits.h"

namespace proctor::auth {

// Safe to use from every thread. Sources are short texts of the owner, such as remote addresses.
class Failures final {
public:
    // Refers to the clock. `sources`: counted at a time; further ones are not limited until others are forgotten.
    explicit Failures(const Clock& clock, std::size_t sources = limits::k_failure_sources)
        : clock_(clock), limit_(sources) {}

    void record(const std::string& source);
    // Whether it failed limits::k_failures times within the last limits::k_failure_seconds.
    [[nodiscard]] bool too_many(const std::string& source) const;
    [[nodiscard]] std::size_t size() const;

private:
    struct Source {
        std::string name;
        std::array<SteadyTime, limits::k_failures> times;  // of its last failures, a ring
        std::size_t count = 0;                             // of all failures while it is remembered
        SteadyTime last;
    };
    void forget();
    [[nodiscard]] bool recent(SteadyTime time) const;

    const Clock& clock_;
    const std::size_t limit_;
    mutable std::mutex mutex_;
    std::list<Source> sources_;  // the one whose last failure is longest ago first
    std::unordered_map<std::string, std::list<Source>::iterator> places_;
};

}  // namespace proctor::auth
