#include "console/latency.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace proctor::console {

void Latency::record(std::int64_t microseconds) {
    const double octave = std::log2(static_cast<double>(std::max<std::int64_t>(microseconds, 1)));
    const auto bucket = static_cast<std::size_t>(octave * static_cast<double>(k_per_octave));
    ++counts_[std::min(bucket, counts_.size() - 1)];
}

void Latency::add(const Latency& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

std::optional<double> Latency::percentile(double percent) const {
    const double all = std::accumulate(counts_.begin(), counts_.end(), 0.0);
    if (all == 0) return std::nullopt;
    double seen = 0;
    std::size_t bucket = 0;
    for (; bucket + 1 < counts_.size(); ++bucket) {
        seen += counts_[bucket];
        if (seen >= all * percent / 100) break;
    }
    const double middle = (static_cast<double>(bucket) + 0.5) / static_cast<double>(k_per_octave);
    return std::exp2(middle) / 1000;
}

}  // namespace proctor::console
