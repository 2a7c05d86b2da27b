#include "app/retention.h"

#include "base/limits.h"

namespace proctor::app {
namespace {

constexpr std::chrono::hours k_between_rewrites{limits::k_feedback_rewrite_hours};

}  // namespace

bool purge(store::FeedbackStore& store, const Keep& keep, const Clock& clock, Log& log, const store::Purging& how) {
    const WallTime now = clock.now();
    const auto purged = store.purge(now - keep.feedback, now - keep.comments, how);
    if (!purged) return false;
    LogFields fields;
    fields.rows = purged->rows();
    if (!purged->done) fields.reason = "unfinished";
    if (*fields.rows != 0 || !purged->done) log.write(Event::purged, fields);
    return purged->done;
}

Retention::Retention(store::FeedbackStore& store, const Keep& keep, const Clock& clock, Log& log,
                     std::chrono::milliseconds every)
    : repeat_(
          [&store, keep, &clock, &log, rewrite_at = clock.steady()](const std::stop_token& stop) mutable {
              const SteadyTime now = clock.steady();
              const bool rewrite = now >= rewrite_at;
              if (purge(store, keep, clock, log, {rewrite, stop}) && rewrite) rewrite_at = now + k_between_rewrites;
          },
          every) {}

}  // namespace proctor::app
