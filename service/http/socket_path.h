// The file name of a Unix socket: free for binding, or an error that says why not.
#pragma once

#include <string>

#include "base/result.h"

namespace proctor::http {

// Removes a socket that nobody answers on any more. Errors: too long for a socket, another kind of file, a
// live server.
[[nodiscard]] Status free_socket_path(const std::string& path);

}  // namespace proctor::http
