#include "base/line_sink.h"

#include <poll.h>
#include <unistd.h>

#include "base/limits.h"

namespace proctor {

void LineSink::sink_it_(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    stuck_ = !write({line.data(), line.size()});
    if (stuck_) ++dropped_;
}

// A pipe or socket that poll() calls writable takes at least PIPE_BUF (4096) bytes without waiting: more than a line.
bool LineSink::write(std::string_view line) const {
    while (!line.empty()) {
        pollfd ready{descriptor_, POLLOUT, 0};
        if (::poll(&ready, 1, stuck_ ? 0 : limits::k_log_wait_ms) != 1) return false;
        const ssize_t written = ::write(descriptor_, line.data(), line.size());
        if (written <= 0) return false;
        line.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace proctor
