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
    explicit Batch(std::size_t requests) : answers_(requests), missing_(requests) {}

    // Once for each place.
    void set(std::size_t place, Fetched fetched) {
        const std::lock_guard lock(mutex_);
        if (closed_) return;
        answers_[place] = std::move(fetched);
        if (--missing_ == 0) complete_.notify_one();
    }

    // Once. What is missing at the deadline is a timeout.
    [[nodiscard]] std::vector<Fetched> await(SteadyTime deadline) {
        std::unique_lock lock(mutex_);
        complete_.wait_until(lock, deadline, [this] { return missing_ == 0; });
        closed_ = true;
        std::vector<Fetched> all;
        for (auto& answer : answers_) all.push_back(answer ? std::move(*answer) : Failure::timeout);
        return all;
    }

private:
    std::mutex mutex_;
    std::condition_variable complete_;
    std::vector<std::optional<Fetched>> answers_;
    std::size_t missing_;
    bool closed_ = false;
};

}  // namespace proctor::outbound
