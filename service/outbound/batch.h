// The answers of one Outbound::get(), gathered from the thread that fetches and awaited by the one that asked. It
// outlives both: what comes after the deadline is dropped.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <vector>

#include "outbound/fetcher.h"

namespace proctor::outbound {

class Batch final {
public:
    explicit Batch(std::size_t requests) : answers_(requests), begun_(requests), missing_(requests) {}

    // It has a connection, or one is made.
    void begin(std::size_t place) {
        const std::lock_guard lock(mutex_);
        begun_[place] = true;
    }

    // Once for each place.
    void set(std::size_t place, Fetched fetched) {
        const std::lock_guard lock(mutex_);
        if (closed_) return;
        answers_[place] = std::move(fetched);
        if (--missing_ == 0) complete_.notify_one();
    }

    // Once. What is missing at the deadline is a timeout, or crowded out where it was not begun.
    [[nodiscard]] std::vector<Fetched> await(SteadyTime deadline) {
        std::unique_lock lock(mutex_);
        complete_.wait_until(lock, deadline, [this] { return missing_ == 0; });
        closed_ = true;
        std::vector<Fetched> all;
        for (std::size_t i = 0; i < answers_.size(); ++i) {
            auto& answer = answers_[i];
            all.push_back(answer ? std::move(*answer) : begun_[i] ? Failure::timeout : Failure::crowded);
        }
        return all;
    }

private:
    std::mutex mutex_;
    std::condition_variable complete_;
    std::vector<std::optional<Fetched>> answers_;
    std::vector<bool> begun_;
    std::size_t missing_;
    bool closed_ = false;
};

}  // namespace proctor::outbound
