// What every shared replay store has to do, as functions over stores that a test opens.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "auth/replay.h"
#include "support/threads.h"

namespace proctor::store {

inline constexpr int k_ids = 10'000;
inline constexpr WallTime k_now{std::chrono::milliseconds{1'781'524'800'000}};  // 2026-06-15T12:00:00Z
inline constexpr WallTime k_until = k_now + std::chrono::minutes{6};

// A store that is busy has kept nothing: such a use is repeated.
inline auth::Use use_when_free(auth::ReplayStore& store, const std::string& id) {
    auth::Use use = auth::Use::unavailable;
    while (use == auth::Use::unavailable) use = store.use(id, k_until, k_now);
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

// What `work` gives in a process of its own, which is then killed without any chance to tidy up. Call it before any
// thread or connection exists.
class OtherProcess final {
public:
    explicit OtherProcess(const std::function<int()>& work) {
        int ends[2] = {-1, -1};
        if (::pipe(ends) != 0) return;
        pid_ = ::fork();
        if (pid_ == 0) {
            const int result = work();
            (void)!::write(ends[1], &result, sizeof result);
            while (true) ::pause();
        }
        ::close(ends[1]);
        output_ = ends[0];
    }
    ~OtherProcess() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        ::close(output_);
    }
    OtherProcess(const OtherProcess&) = delete;
    OtherProcess& operator=(const OtherProcess&) = delete;

    // Waits for it; -1: it failed.
    [[nodiscard]] int result() const {
        int result = -1;
        return ::read(output_, &result, sizeof result) == sizeof result ? result : -1;
    }

private:
    pid_t pid_ = -1;
    int output_ = -1;
};

}  // namespace proctor::store
