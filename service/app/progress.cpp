#include "app/progress.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace proctor::app {
namespace {

using Seconds = std::chrono::duration<double>;

// "0:05", "12:00", "1:00:00"
std::string minutes(double seconds) {
    const long whole = std::lround(seconds);
    char text[32];
    if (whole < 3600)
        std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
    else
        std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    return text;
}

std::string rates(std::size_t patients, std::size_t bytes, double seconds) {
    const double time = std::max(seconds, 0.001);
    char text[80];
    std::snprintf(text, sizeof text, ", %.0f/s, %.1f MB/s", static_cast<double>(patients) / time,
                  static_cast<double>(bytes) / 1e6 / time);
    return text;
}

}  // namespace

Progress::Progress(const Clock& clock, std::optional<std::size_t> bytes)
    : clock_(clock), bytes_(bytes), start_(clock.steady()), shown_(start_) {}

std::optional<std::string> Progress::line(std::size_t patients, std::size_t bytes) {
    const auto now = clock_.steady();
    if (now - shown_ < k_shown) return std::nullopt;
    shown_ = now;
    const double seconds = Seconds(now - start_).count();
    std::string text = std::to_string(patients) + " patients" + rates(patients, bytes, seconds);
    if (!bytes_ || bytes == 0 || bytes > *bytes_) return text;
    const double part = static_cast<double>(bytes) / static_cast<double>(*bytes_);
    return text + ", " + std::to_string(static_cast<int>(part * 100)) + " %, " + minutes(seconds * (1 / part - 1)) +
           " left";
}

std::string Progress::summary(std::size_t patients, std::size_t bytes) const {
    const double seconds = Seconds(clock_.steady() - start_).count();
    return std::to_string(patients) + " patients in " + minutes(seconds) + rates(patients, bytes, seconds);
}

}  // namespace proctor::app
