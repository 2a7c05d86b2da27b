// What every shared replay store has to do, as functions over stores that a test opens.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "auth/replay.h"
#include "support/eventually.h"
#include "support/threads.h"

namespace proctor::store {

inline constexpr int k_ids = 10'000;
inline constexpr WallTime k_now{std::chrono::milliseconds{1'781'524'800'000}};  // 2026-06-15T12:00:00Z
inline constexpr WallTime k_until = k_now + std::chrono::minutes{6};

// A store that is busy has kept nothing: such a use is repeated, for a minute.
inline auth::Use use_when_free(auth::ReplayStore& store, const std::string& id) {
    auth::Use use = auth::Use::unavailable;
    (void)eventually([&] { return (use = store.use(id, k_until, k_now)) != auth::Use::unavailable; });
    return use;
}

// Uses of the same k_ids ids that were the first.
inline int count_firsts(auth::ReplayStore& store) {
    int firsts = 0;
    for (int i = 0; i < k_ids; ++i) {
        firsts += use_when_free(store, "id-" + std::to_string(i)) == auth::Use::first ? 1 : 0;
    }
    return firsts;
}

// The same of several stores at once, each in a thread of its own.
inline int count_firsts_at_once(const std::vector<auth::ReplayStore*>& stores) {
    std::atomic<int> firsts = 0;
    at_once(static_cast<int>(stores.size()),
            [&](int i) { firsts += count_firsts(*stores[static_cast<std::size_t>(i)]); });
    return firsts;
}

}  // namespace proctor::store
