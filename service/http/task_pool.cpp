#include "http/task_pool.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

#include "base/limits.h"

namespace proctor::http {
namespace {

thread_local bool t_overflow = false;

void run(const std::function<void()>& job) {
    try {
        job();
    } catch (...) {  // a library's, such as bad_alloc while a head is read
    }
}

std::size_t usual_places() { return std::size_t{2} * std::max(1U, std::thread::hardware_concurrency()); }

}  // namespace

TaskPool::TaskPool(std::size_t threads, std::size_t queue, std::size_t places)
    : queue_(queue), places_(places == 0 ? usual_places() : places), free_(threads) {
    idle_.reserve(threads);
    threads_.reserve(threads + 1);
    try {
        for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
        threads_.emplace_back([this] { relieve(); });
    } catch (...) {
        shutdown();
        throw;
    }
}

TaskPool::~TaskPool() { shutdown(); }

void TaskPool::enqueue(Job job) {
    if (place(job)) return;
    t_overflow = true;
    run(job);
    t_overflow = false;
}

bool TaskPool::place(Job& job) {
    const std::lock_guard lock(mutex_);
    // Jobs for which there is a thread do not count as waiting.
    const bool full = jobs_.size() >= free_ + queue_;
    try {
        (full ? overflow_ : jobs_).push_back(std::move(job));
    } catch (const std::bad_alloc&) {
        return false;
    }
    if (full)
        relief_.notify_one();
    else
        hand_out();
    return true;
}

void TaskPool::shutdown() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        end_waits();
    }
    for (auto& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

// Nothing will come any more for those who wait for a job.
void TaskPool::end_waits() {
    for (Worker* worker : idle_) worker->wake.notify_one();
    relief_.notify_one();
}

bool TaskPool::running_overflow() { return t_overflow; }

void TaskPool::lend() {
    const std::lock_guard lock(mutex_);
    --running_;
    hand_out();
}

void TaskPool::take_back() {
    const std::lock_guard lock(mutex_);
    ++running_;
}

bool TaskPool::somebody_waits() const { return !jobs_.empty() && !idle_.empty(); }

// A place, if one is free, to whoever waits for it.
void TaskPool::hand_out() {
    if (running_ < places_) return call_next();
    if (!relief_sleeps_ || !somebody_waits()) return;
    relief_sleeps_ = false;
    relief_.notify_one();
}

void TaskPool::call_next() {
    if (!somebody_waits()) return;
    Worker* next = idle_.back();
    idle_.pop_back();
    next->job = std::move(jobs_.front());
    jobs_.pop_front();
    --free_;
    ++running_;
    called_at_ = std::chrono::steady_clock::now();
    next->wake.notify_one();
    if (is_over()) end_waits();
}

void TaskPool::work() {
    Worker self;
    set_places(this);
    std::unique_lock lock(mutex_);
    while (true) {
        idle_.push_back(&self);
        hand_out();
        self.wake.wait(lock, [&] { return self.job || is_over(); });
        if (!self.job) break;
        lock.unlock();
        run(self.job);
        self.job = nullptr;  // and what it holds
        lock.lock();
        --running_;
        ++free_;
    }
    std::erase(idle_, &self);
}

// Runs the overflow. And where nobody was called for a while though somebody waits, those who have the places wait for
// something without saying so: one more is let in.
void TaskPool::relieve() {
    constexpr std::chrono::milliseconds k_while(limits::k_stuck_ms);
    t_overflow = true;
    std::unique_lock lock(mutex_);
    while (true) {
        if (std::chrono::steady_clock::now() - called_at_ >= k_while) call_next();
        if (!overflow_.empty()) {
            Job job = std::move(overflow_.front());
            overflow_.pop_front();
            lock.unlock();
            run(job);
            job = nullptr;
            lock.lock();
        } else if (somebody_waits()) {
            relief_.wait_until(lock, called_at_ + k_while);
        } else if (is_over()) {
            return;
        } else {
            relief_sleeps_ = true;
            relief_.wait(lock);
            relief_sleeps_ = false;
        }
    }
}

}  // namespace proctor::http
