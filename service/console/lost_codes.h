// Which codes of a client's charts nobody reads, so that its integrator can map them. A code can be anything a chart
// says, so only what looks like one is counted, and only what came in several calls is told. Bounded; in memory alone.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fhir/record.h"

namespace proctor::console {

struct LostCode {
    std::string system, code;
    std::size_t calls = 0;
    friend bool operator==(const LostCode&, const LostCode&) = default;
};

// Safe to use from every thread.
class LostCodes final {
public:
    // Of one call. Clients are those of the configuration.
    void add(std::string_view client, const std::vector<const fhir::Coding*>& lost);
    // Those of at least limits::k_lost_code_calls calls, most frequent first.
    [[nodiscard]] std::vector<LostCode> of(std::string_view client) const;

private:
    using Calls = std::map<std::pair<std::string, std::string>, std::size_t>;  // by system and code
    mutable std::mutex mutex_;
    std::map<std::string, Calls, std::less<>> clients_;
};

}  // namespace proctor::console
