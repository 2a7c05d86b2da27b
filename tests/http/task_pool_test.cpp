#include "http/task_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace proctor::http {
namespace {

// Jobs that stay until they are let go, and how many are in.
class Room {
public:
    void stay() {
        std::unique_lock lock(mutex_);
        ++inside_;
        changed_.notify_all();
        changed_.wait(lock, [&] { return open_; });
        --inside_;
    }
    void await(int inside) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return inside_ >= inside; });
    }
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int inside_ = 0;
    bool open_ = false;
};

TEST(TaskPool, DoesEveryJobThatItTook) {
    std::atomic<int> done{0};
    TaskPool pool(8, 10'000, 2);
    for (int i = 0; i < 5'000; ++i) pool.enqueue([&] { ++done; });
    pool.shutdown();
    EXPECT_EQ(done, 5'000);
}

TEST(TaskPool, AsManyRunAtATimeAsThereArePlaces) {
    std::atomic<int> running{0}, most{0};
    TaskPool pool(16, 1000, 3);
    for (int i = 0; i < 200; ++i) {
        pool.enqueue([&] {
            const int now = ++running;
            for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
            }
            std::this_thread::yield();
            --running;
        });
    }
    pool.shutdown();
    EXPECT_LE(most, 3);
}

TEST(TaskPool, WhoWaitsLetsOthersIn) {
    Room room;
    TaskPool pool(16, 0, 1);
    for (int i = 0; i < 16; ++i) pool.enqueue([&] { wait_for([&] { room.stay(); }); });
    room.await(16);
    room.open();
    pool.shutdown();
}

// At the latest after limits::k_stuck_ms each.
TEST(TaskPool, WhoWaitsWithoutSayingSoKeepsNobodyOutForLong) {
    Room room;
    TaskPool pool(8, 0, 2);
    for (int i = 0; i < 8; ++i) pool.enqueue([&] { room.stay(); });
    room.await(8);
    room.open();
    pool.shutdown();
}

TEST(TaskPool, WhatDoesNotFitIsMarkedAndDoneAtOnce) {
    Room room;
    std::mutex mutex;
    std::condition_variable changed;
    int overflow = 0;
    TaskPool pool(2, 1, 2);
    for (int i = 0; i < 2; ++i) pool.enqueue([&] { room.stay(); });
    room.await(2);
    for (int i = 0; i < 4; ++i) {
        pool.enqueue([&] {
            const std::lock_guard lock(mutex);
            overflow += TaskPool::running_overflow() ? 1 : 0;
            changed.notify_all();
        });
    }
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return overflow == 3; });
    }
    room.open();
    pool.shutdown();
    EXPECT_EQ(overflow, 3);
}

TEST(TaskPool, AJobThatThrowsCostsNoThread) {
    std::atomic<int> done{0};
    TaskPool pool(2, 1000, 2);
    for (int i = 0; i < 100; ++i) {
        pool.enqueue([&] {
            ++done;
            throw 1;
        });
    }
    pool.shutdown();
    EXPECT_EQ(done, 100);
}

}  // namespace
}  // namespace proctor::http
