// The replay store of many machines: a table in PostgreSQL. It knows ids and times, and no token.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "auth/replay.h"
#include "base/clock.h"
#include "base/limits.h"

namespace proctor::store {

// `connection`: libpq's connection string; a password belongs into the passfile that it names, host names into its
// hostaddr (a name is looked up without a time limit). Connects at the first use and again after every failure, so a
// start without the server works. The table proctor_replay is made if it is missing and the role may. Ids are as
// durable as the server's commits. Refers to the clock.
//
// What is returned never throws; it is unavailable when the server does not answer in time: after `wait` for a free
// connection, and as long for opening one and for the answer together. An answer that was cut off may have been kept.
[[nodiscard]] std::unique_ptr<auth::ReplayStore> replay_postgres(
    const std::string& connection, const Clock& clock,
    std::chrono::milliseconds wait = std::chrono::milliseconds{limits::k_replay_wait_ms});

}  // namespace proctor::store
