#include "watch/line_reader.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/limits.h"

namespace proctor::watch {

std::optional<LineReader::Read> LineReader::next() {
    begin_ = std::exchange(next_, 0) + begin_;
    std::size_t feed = buffer_.find('\n', begin_);
    while (feed == std::string::npos && buffer_.size() - begin_ <= limits::k_audit_line_bytes && fill()) {
        feed = buffer_.find('\n', begin_);
    }
    if (begin_ == buffer_.size() || failed_) return std::nullopt;
    const bool whole = feed != std::string::npos;
    const std::size_t size = (whole ? feed : buffer_.size()) - begin_;
    next_ = size + (whole ? 1 : 0);
    at_ += static_cast<off_t>(next_);
    const End end = size > limits::k_audit_line_bytes ? End::long_ : whole ? End::feed : End::none;
    return Read{std::string_view(buffer_).substr(begin_, size), end};
}

// False: there is no more.
bool LineReader::fill() {
    buffer_.erase(0, std::exchange(begin_, 0));
    char chunk[limits::k_audit_line_bytes];
    const auto from = at_ + static_cast<off_t>(buffer_.size());
    ssize_t size = -1;
    do {
        size = ::pread(file_, chunk, sizeof chunk, from);
    } while (size < 0 && errno == EINTR);
    if (size > 0) buffer_.append(chunk, static_cast<std::size_t>(size));
    failed_ = size < 0;
    return size > 0;
}

}  // namespace proctor::watch
