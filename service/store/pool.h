// A few things of one kind that threads borrow, with a bounded wait: connections to a database. It knows no database.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace proctor::store {

template <typename T>
class Pool final {
public:
    explicit Pool(std::vector<std::unique_ptr<T>> things) : free_(std::move(things)) {}
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    // Comes back by itself when the borrower is done. The pool outlives it.
    struct Return {
        Pool* pool;
        void operator()(T* thing) const { pool->give_back(std::unique_ptr<T>(thing)); }
    };
    using Borrowed = std::unique_ptr<T, Return>;

    // Null: none became free in this time.
    [[nodiscard]] Borrowed borrow(std::chrono::milliseconds wait) {
        std::unique_lock lock(mutex_);
        if (!returned_.wait_for(lock, wait, [&] { return !free_.empty(); })) return {nullptr, {this}};
        Borrowed thing(free_.back().release(), {this});
        free_.pop_back();
        return thing;
    }

private:
    void give_back(std::unique_ptr<T> thing) {
        const std::lock_guard lock(mutex_);
        free_.push_back(std::move(thing));
        returned_.notify_one();
    }

    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<T>> free_;
};

}  // namespace proctor::store
