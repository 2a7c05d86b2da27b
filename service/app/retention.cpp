#include "app/retention.h"

#include <exception>

namespace proctor::app {

void purge(store::FeedbackStore& store, const Keep& keep, const Clock& clock, Log& log) {
    const WallTime now = clock.now();
    const auto purged = store.purge(now - keep.feedback, now - keep.comments);
    if (!purged) return;
    LogFields fields;
    fields.rows = purged->rows();
    if (!purged->done) fields.reason = "unfinished";
    if (*fields.rows != 0 || !purged->done) log.write(Event::purged, fields);
}

Retention::Retention(store::FeedbackStore& store, const Keep& keep, const Clock& clock, Log& log,
                     std::chrono::milliseconds every)
    : thread_([this, &store, keep, &clock, &log, every] {
          do {
              try {
                  purge(store, keep, clock, log);
              } catch (const std::exception&) {  // out of memory: the next time
              }
              std::unique_lock lock(mutex_);
              if (changed_.wait_for(lock, every, [this] { return ending_; })) return;
          } while (true);
      }) {}

Retention::~Retention() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

}  // namespace proctor::app
