// A bounded pool of threads with admission control: a job beyond the queue is still taken, but runs at once
// on a thread of its own kind, marked as overflow, so that a refusal is quick while all others are busy. It
// knows jobs and nothing of HTTP.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace proctor::http {

class TaskPool final {
public:
    // One thread more than asked for: it runs the overflow. Throws std::system_error when the system has no more
    // threads.
    TaskPool(std::size_t threads, std::size_t queue);
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
    struct Lane {
        std::deque<std::function<void()>> jobs;
        std::condition_variable wake;
        std::size_t idle = 0;  // threads without a job
    };
    bool place(std::function<void()>& job);
    void work(Lane& lane);

    std::size_t queue_;
    std::mutex mutex_;
    Lane usual_;
    Lane overflow_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace proctor::http
