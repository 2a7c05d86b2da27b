#include "app/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace proctor::app {

Screen terminal() {
    winsize size{};
    const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return {known ? std::clamp<std::size_t>(size.ws_col, 60, 100) : 90, isatty(STDOUT_FILENO) == 1};
}

}  // namespace proctor::app
