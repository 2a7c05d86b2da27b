// Which codes of a client's charts nobody reads, so that its integrator can map them. A code can be anything a chart
// says, so only what looks like one is counted, and only what several patients have is told. Patients are known by
// keyed digests. Bounded; in memory alone.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/entropy.h"
#include "base/wiped.h"
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
    // With a key of its own, which nothing else has and which ends with it.
    explicit LostCodes(Entropy& entropy);
    // Of one call about one patient, by whatever tells the client's patients apart. Clients are those of the
    // configuration.
    void add(std::string_view client, const std::vector<std::string_view>& patient,
             const std::vector<const fhir::Coding*>& lost);
    // Those of at least limits::k_lost_code_patients patients, by calls, most frequent first.
    [[nodiscard]] std::vector<LostCode> of(std::string_view client) const;

private:
    struct Seen {
        std::size_t calls = 0;
        std::set<std::string> patients;  // digests; of more than are needed, no more
    };
    using Codes = std::map<std::pair<std::string, std::string>, Seen>;  // by system and code
    [[nodiscard]] std::string digest_of(std::vector<std::string_view> patient) const;

    Wiped key_;
    mutable std::mutex mutex_;
    std::map<std::string, Codes, std::less<>> clients_;
};

}  // namespace proctor::console
