#include "http/connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/waiting.h"

namespace proctor::http {
namespace {

// As long an answer's head at least.
constexpr std::size_t k_held_back = 4096;

// The call at once, or, when it would have to wait, once more with leave to. A signal does not end it.
template <typename Call>
ssize_t do_or_wait(Call call) {
    const auto uninterrupted = [&](int flags) {
        ssize_t done = 0;
        do done = call(flags);
        while (done < 0 && errno == EINTR);
        return done;
    };
    const ssize_t done = uninterrupted(MSG_DONTWAIT);
    if (done >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) return done;
    return wait_for([&] { return uninterrupted(0); });
}

}  // namespace

Connection::~Connection() {
    explicit_bzero(read_.data(), used_);
    ::close(descriptor_);
}

ssize_t Connection::read(char* to, size_t size) {
    if (at_ == end_) {
        if (!flush()) return -1;
        const ssize_t got =
            do_or_wait([&](int flags) { return ::recv(descriptor_, read_.data(), read_.size(), flags); });
        if (got <= 0) return got;
        at_ = 0;
        end_ = static_cast<std::size_t>(got);
        used_ = std::max(used_, end_);
    }
    if (size == 1) return *to = read_[at_++], 1;  // as the library reads a head
    const std::size_t count = std::min(size, end_ - at_);
    std::memcpy(to, read_.data() + at_, count);
    at_ += count;
    return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* from, size_t size) {
    if (unsent_.size() + size <= k_held_back)
        unsent_.append(from, size);
    else if (!send({from, size}))
        return -1;
    return static_cast<ssize_t>(size);
}

bool Connection::send(std::string_view more) {
    std::string_view parts[] = {unsent_, more};
    while (!parts[0].empty() || !parts[1].empty()) {
        iovec pieces[2];
        for (int i = 0; i < 2; ++i) pieces[i] = {const_cast<char*>(parts[i].data()), parts[i].size()};
        msghdr message{};
        message.msg_iov = pieces;
        message.msg_iovlen = 2;
        const ssize_t sent =
            do_or_wait([&](int flags) { return ::sendmsg(descriptor_, &message, flags | MSG_NOSIGNAL); });
        if (sent <= 0) return false;
        auto rest = static_cast<std::size_t>(sent);
        for (auto& part : parts) {
            const std::size_t gone = std::min(rest, part.size());
            part.remove_prefix(gone);
            rest -= gone;
        }
    }
    explicit_bzero(unsent_.data(), unsent_.size());
    unsent_.clear();
    return true;
}

}  // namespace proctor::http
