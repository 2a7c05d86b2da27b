// spdlog's way to a descriptor, without waiting for a reader that does not read. It knows no events.
#pragma once

#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string_view>

namespace proctor {

class LineSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    // It stays open.
    explicit LineSink(int descriptor) : descriptor_(descriptor) {}
    // Lines that were not written, or not whole.
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
    // A line that did not get as far as here.
    void drop() { ++dropped_; }

protected:
    void sink_it_(const spdlog::details::log_msg& message) override;
    void flush_() override {}

private:
    [[nodiscard]] bool write(std::string_view line) const;

    const int descriptor_;
    bool stuck_ = false;  // the last line did not get through, so the next does not wait
    std::atomic<std::uint64_t> dropped_ = 0;
};

}  // namespace proctor
