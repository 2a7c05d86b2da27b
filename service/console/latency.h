// How long calls took: a histogram with buckets that grow by a twelfth of their size, from a microsecond to a minute.
// It knows no clock.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace proctor::console {

class Latency final {
public:
    void record(std::int64_t microseconds);
    void add(const Latency& other);
    // In milliseconds, off by a twentieth at most: so many per cent took no longer. Nothing: nothing was recorded.
    [[nodiscard]] std::optional<double> percentile(double percent) const;

private:
    static constexpr std::size_t k_per_octave = 8;
    static constexpr std::size_t k_octaves = 26;
    std::array<std::uint32_t, k_per_octave * k_octaves> counts_{};
};

}  // namespace proctor::console
