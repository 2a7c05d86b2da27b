// A bounded pool of threads with admission control: a job beyond the queue is still taken, but runs at once
// on a thread of its own kind, marked as overflow, so that a refusal is quick while all others are busy. Few of its
// threads run at a time (base/waiting.h): those that wait within their job let others in. It knows jobs and nothing of
// HTTP.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/waiting.h"

namespace proctor::http {

class TaskPool final : private Places {
public:
    // `places`: threads that run at a time; 0: two for each processor. One thread more than asked for runs the
    // overflow. Throws std::system_error when the system has no more threads.
    TaskPool(std::size_t threads, std::size_t queue, std::size_t places = 0);
    ~TaskPool();
    TaskPool(const TaskPool&) = delete;
    TaskPool& operator=(const TaskPool&) = delete;

    // From one thread. An exception out of a job is swallowed: it costs its connection, not the service. When memory
    // is too short even for the queue, the job runs here and now, as overflow.
    void enqueue(std::function<void()> job);
    // Finishes every job, then joins. Nothing may be enqueued afterwards.
    void shutdown();
    // Within a job: whether it came when the queue was full.
    [[nodiscard]] static bool running_overflow();

private:
    using Job = std::function<void()>;
    struct Worker {
        std::condition_variable wake;
        Job job;
    };

    void lend() override;
    void take_back() override;

    [[nodiscard]] bool place(Job& job);
    [[nodiscard]] bool is_over() const { return stopping_ && jobs_.empty(); }
    [[nodiscard]] bool somebody_waits() const;
    void hand_out();
    void call_next();
    void end_waits();
    void work();
    void relieve();

    const std::size_t queue_, places_;
    std::mutex mutex_;  // of what follows
    std::deque<Job> jobs_;
    std::size_t free_;           // threads without a job
    std::size_t running_ = 0;    // threads that have a place
    std::vector<Worker*> idle_;  // the last is called first: what it needs is still in the caches
    std::chrono::steady_clock::time_point called_at_;
    bool stopping_ = false;

    std::deque<Job> overflow_;
    std::condition_variable relief_;
    bool relief_sleeps_ = false;

    std::vector<std::thread> threads_;
};

}  // namespace proctor::http
