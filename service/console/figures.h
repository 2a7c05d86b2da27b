// What happened lately, counted in memory from the events of the log: by hour for a week, by rule, by client since the
// start. It holds what events hold: nothing of a patient. It knows no HTTP.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "console/latency.h"

namespace proctor::console {

struct CardCounts {
    std::size_t critical = 0, warning = 0, info = 0;
    void add(std::string_view indicator);
    void add(const CardCounts& other);
    [[nodiscard]] std::size_t all() const { return critical + warning + info; }
    friend bool operator==(const CardCounts&, const CardCounts&) = default;
};

struct HourFigures {
    long hour = 0;                // since 1970-01-01T00:00Z
    std::size_t hooks = 0;        // answered with cards, or with none
    std::size_t errors = 0;       // hooks, and calls of nobody known, which may have been hooks: 5xx
    std::size_t refused = 0;      // calls that were no hook as it should be, or of nobody known: 4xx
    std::size_t not_checked = 0;  // hooks with a rule that could not be decided
    std::size_t quiet = 0;        // cards held back
    CardCounts cards;
    Latency latency;                          // of hooks
    std::map<std::string, CardCounts> rules;  // by code
    void add(const HourFigures& other);       // all but the hour
};

using Counts = std::map<std::string, std::size_t, std::less<>>;

struct ClientFigures {
    std::optional<WallTime> last_call;
    std::size_t calls = 0;  // of hooks
    Counts reasons;         // of what was refused or failed
    Counts missing;         // sources that nobody supplied, by calls
    std::size_t codings = 0, codings_read = 0, codings_lost = 0;
};

// Safe to use from every thread.
class Figures final : public Log {
public:
    // Refers to the clock; counts from here on.
    explicit Figures(const Clock& clock) : clock_(clock), since_(clock.now()) {}
    void write(Event event, const LogFields& fields) override;

    [[nodiscard]] WallTime since() const { return since_; }
    // The last so many hours, at most limits::k_figure_hours: every one, oldest first, the last being the present one.
    [[nodiscard]] std::vector<HourFigures> hours(std::size_t count) const;
    [[nodiscard]] std::map<std::string, ClientFigures, std::less<>> clients() const;
    // Why callers were refused of whom it is not known which client they are.
    [[nodiscard]] Counts strangers() const;

private:
    void count_call(const LogFields& fields);
    [[nodiscard]] HourFigures& present();

    const Clock& clock_;
    const WallTime since_;
    mutable std::mutex mutex_;
    std::array<HourFigures, limits::k_figure_hours> hours_;  // a ring, by hour
    std::map<std::string, ClientFigures, std::less<>> clients_;
    Counts strangers_;
};

}  // namespace proctor::console
