#include "http/task_pool.h"

#include <new>
#include <utility>

namespace proctor::http {
namespace {

thread_local bool t_overflow = false;

void run(const std::function<void()>& job) {
    try {
        job();
    } catch (...) {  // a library's, such as bad_alloc while a head is read
    }
}

}  // namespace

TaskPool::TaskPool(std::size_t threads, std::size_t queue) : queue_(queue) {
    usual_.idle = threads;
    threads_.reserve(threads + 1);
    try {
        for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(usual_); });
        threads_.emplace_back([this] { work(overflow_); });
    } catch (...) {
        shutdown();
        throw;
    }
}

TaskPool::~TaskPool() { shutdown(); }

void TaskPool::enqueue(std::function<void()> job) {
    if (place(job)) return;
    t_overflow = true;
    run(job);
    t_overflow = false;
}

bool TaskPool::place(std::function<void()>& job) {
    const std::lock_guard lock(mutex_);
    // Jobs that an idle thread will take at once do not count as waiting.
    Lane& lane = usual_.jobs.size() >= usual_.idle + queue_ ? overflow_ : usual_;
    try {
        lane.jobs.push_back(std::move(job));
    } catch (const std::bad_alloc&) {
        return false;
    }
    lane.wake.notify_one();
    return true;
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
        run(job);
        job = nullptr;  // and what it holds
        lock.lock();
        ++lane.idle;
    }
}

}  // namespace proctor::http
