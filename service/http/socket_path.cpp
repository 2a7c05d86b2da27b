#include "http/socket_path.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>

namespace proctor::http {
namespace {

bool somebody_answers(const std::string& path) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    const bool live = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return live;
}

}  // namespace

Status free_socket_path(const std::string& path) {
    if (path.empty()) return Error{"no socket path is given", ""};
    if (path.size() >= sizeof(sockaddr_un::sun_path)) return Error{"a socket path is at most 107 bytes", path};
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return Done{};
    if (!S_ISSOCK(found.st_mode)) return Error{"is in the way: not a socket", path};
    if (somebody_answers(path)) return Error{"another server is listening here", path};
    if (::unlink(path.c_str()) != 0) return Error{"a stale socket cannot be removed", path};
    return Done{};
}

}  // namespace proctor::http
