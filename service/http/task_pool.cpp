#include "http/task_pool.h"

#include <utility>

namespace proctor::http {
namespace {

thread_local bool t_overflow = false;

}  // namespace

TaskPool::TaskPool(std::size_t threads, std::size_t queue) : queue_(queue) {
    usual_.idle = threads;
    threads_.reserve(threads + 1);
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(usual_); });
    threads_.emplace_back([this] { work(overflow_); });
}

TaskPool::~TaskPool() { shutdown(); }

void TaskPool::enqueue(std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    // Jobs that an idle thread will take at once do not count as waiting.
    Lane& lane = usual_.jobs.size() >= usual_.idle + queue_ ? overflow_ : usual_;
    lane.jobs.push_back(std::move(job));
    lane.wake.notify_one();
}

void TaskPool::shutdown() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        usual_.wake.notify_all();
        overflow_.wake.notify_all();
    }
    for (auto& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

bool TaskPool::running_overflow() { return t_overflow; }

void TaskPool::work(Lane& lane) {
    t_overflow = &lane == &overflow_;
    std::unique_lock lock(mutex_);
    while (true) {
        lane.wake.wait(lock, [&] { return stopping_ || !lane.jobs.empty(); });
        if (lane.jobs.empty()) return;
        auto job = std::move(lane.jobs.front());
        lane.jobs.pop_front();
        --lane.idle;
        lock.unlock();
        try {
            job();
        } catch (...) {  // a library's, such as bad_alloc while a head is read
        }
        job = nullptr;
        lock.lock();
        ++lane.idle;
    }
}

}  // namespace proctor::http
