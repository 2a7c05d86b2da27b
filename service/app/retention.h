// Deletes what was kept long enough, while the service runs. It knows no database.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "base/log.h"
#include "store/feedback.h"

namespace proctor::app {

struct Keep {
    std::chrono::days feedback{0}, comments{0};  // so long
};

// Once, as of now. What was deleted is logged, in rows, also when not all could be or the disk still has it: then with
// the reason "unfinished". Nothing to delete, and a store that is away, is not.
void purge(store::FeedbackStore& store, const Keep& keep, const Clock& clock, Log& log);

// From here on, at once and then every hour, until it goes, which does not wait for the next hour.
class Retention final {
public:
    // Refers to all but `keep`.
    Retention(store::FeedbackStore& store, const Keep& keep, const Clock& clock, Log& log,
              std::chrono::milliseconds every = std::chrono::hours{1});
    ~Retention();
    Retention(const Retention&) = delete;
    Retention& operator=(const Retention&) = delete;

private:
    std::mutex mutex_;  // of ending_
    std::condition_variable changed_;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace proctor::app
