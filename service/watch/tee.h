// One log for several that look at what happens: lines, metrics, the console's figures, the audit trail.
#pragma once

#include <utility>
#include <vector>

#include "base/log.h"

namespace proctor::watch {

// The logs outlive it.
class Tee final : public Log {
public:
    explicit Tee(std::vector<Log*> logs) : logs_(std::move(logs)) {}
    void write(Event event, const LogFields& fields) override;
    [[nodiscard]] bool record(Event event, const LogFields& fields) override;

private:
    std::vector<Log*> logs_;
};

}  // namespace proctor::watch
