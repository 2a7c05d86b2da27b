// The requests whose cost is kept: a small chart that gives no card, a small and a usual one that give two, and
// one with much the matter at once. They are made of fhir-fixtures/ for one instant, so they change only when those do.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "chart.h"

namespace proctor::bench {

struct FixedRequest {
    std::string name;
    std::string json;
};

[[nodiscard]] inline std::vector<FixedRequest> fixed_requests() {
    Chart quiet{6'000}, busy{60'000};
    quiet.first = "healthy";
    busy.apart = std::chrono::hours{0};
    busy.of_each = 4;
    return {{"6 kB, no card", hook_request(quiet)},
            {"6 kB", hook_request({6'000})},
            {"60 kB", hook_request({60'000})},
            {"60 kB, many cards", hook_request(busy)}};
}

}  // namespace proctor::bench
