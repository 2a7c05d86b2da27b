// How far a long command is, in one line for whoever waits before it. It knows no terminal.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.h"

namespace proctor::app {

class Progress final {
public:
    static constexpr std::chrono::milliseconds k_shown{200};

    // From now on. `bytes`: how many there are in all; nothing: that is not known. Refers to clock.
    Progress(const Clock& clock, std::optional<std::size_t> bytes);

    // So much was done: "1200 patients, 400/s, 20.0 MB/s, 60 %, 0:02 left". Nothing when the last line is younger than
    // k_shown: nobody reads faster, and writing it would cost more than a patient.
    [[nodiscard]] std::optional<std::string> line(std::size_t patients, std::size_t bytes);
    // At the end: "2000 patients in 0:05, 400/s, 20.0 MB/s".
    [[nodiscard]] std::string summary(std::size_t patients, std::size_t bytes) const;

private:
    const Clock& clock_;
    const std::optional<std::size_t> bytes_;
    const SteadyTime start_;
    SteadyTime shown_;
};

}  // namespace proctor::app
