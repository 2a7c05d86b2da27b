// Deletes what was kept long enough, while the service runs. It knows no database.
#pragma once

#include <chrono>

#include "app/repeat.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/feedback.h"

namespace proctor::app {

struct Keep {
    std::chrono::days feedback{0}, comments{0};  // so long
};

// Once, as of now. What was deleted is logged, in rows, also when not all could be or the disk still has it: then with
// the reason "unfinished". Nothing to delete, and a store that is away, is not. False: it was not done, or not to its
// end.
bool purge(store::FeedbackStore& store, const Keep& keep, const Clock& clock, Log& log, const store::Purging& how = {});

// From here on, at once and then every hour, until it goes, which does not wait for the next hour. The file is
// rewritten at the first time, as of an earlier run nobody knows, and then once in limits::k_feedback_rewrite_hours.
class Retention final {
public:
    // Refers to all but `keep`.
    Retention(store::FeedbackStore& store, const Keep& keep, const Clock& clock, Log& log,
              std::chrono::milliseconds every = std::chrono::hours{1});

    // No more of it, also of a purge that is under way. False: after that time it is not over.
    [[nodiscard]] bool end(std::chrono::milliseconds time) { return repeat_.end(time); }

private:
    Repeat repeat_;
};

}  // namespace proctor::app
