// Work on items by several threads, whose results come out in the order of the items. At most one item a thread is in
// memory, however many there are. It knows nothing of what they are.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace proctor::batch {

template <typename Item, typename Made>
class InOrder final {
public:
    struct Steps {
        std::function<std::optional<Item>()> next;     // nothing: that was all; by one thread at a time
        std::function<Made(const Item&)> make;         // by all threads at once
        std::function<bool(const Item&, Made&)> take;  // in the order of next(), by one at a time; false: it is enough
    };
    explicit InOrder(Steps steps) : steps_(std::move(steps)) {}

    // Returns when the last was taken. Once; `threads`: at least 1, the caller's among them.
    void run(std::size_t threads) {
        std::vector<std::jthread> others;
        try {
            while (others.size() + 1 < threads) others.emplace_back([this] { work(); });
        } catch (const std::system_error&) {
            // No more threads are to be had: those there are do it all.
        }
        work();
    }

private:
    void work() {
        std::size_t place = 0;
        while (const auto item = next(place)) {
            auto made = steps_.make(*item);
            std::unique_lock lock(taking_);
            turn_.wait(lock, [&] { return taken_ == place; });
            if (!enough_) enough_ = !steps_.take(*item, made);
            ++taken_;
            turn_.notify_all();
        }
    }

    std::optional<Item> next(std::size_t& place) {
        const std::lock_guard lock(reading_);
        if (enough_ || ended_) return std::nullopt;
        auto item = steps_.next();
        ended_ = !item;
        place = read_++;
        return item;
    }

    const Steps steps_;
    std::mutex reading_;  // of read_, ended_ and next()
    std::size_t read_ = 0;
    bool ended_ = false;
    std::mutex taking_;  // of taken_ and take()
    std::condition_variable turn_;
    std::size_t taken_ = 0;
    std::atomic<bool> enough_ = false;
};

}  // namespace proctor::batch
