// Counts what happens, for Prometheus. Its labels are words of this program, names in the configuration and codes of
// rules: nothing that a caller can invent, so the number of series is bounded. It knows no HTTP; prometheus-cpp lives
// in this room alone.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"

namespace proctor::watch {

// One value that is looked up when metrics are asked for.
struct Reading {
    std::string name, help;                                   // "proctor_keys_stale"
    std::vector<std::pair<std::string, std::string>> labels;  // names and values from closed sets
    double value = 0;
    bool counter = false;  // only ever rises
};

class Metrics final : public Log {
public:
    Metrics();
    ~Metrics() override;
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    void write(Event event, const LogFields& fields) override;

    // Prometheus' text format 0.0.4: what was counted, and these; those of one name stand together.
    [[nodiscard]] std::string print(const std::vector<Reading>& now) const;

private:
    struct Families;
    const std::unique_ptr<Families> families_;
};

}  // namespace proctor::watch
