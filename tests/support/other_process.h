// Another process of a test, killed at its end.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace proctor {

// What `work` gives in a process of its own, which is then killed without any chance to tidy up. Call it before any
// thread or connection exists.
class OtherProcess final {
public:
    explicit OtherProcess(const std::function<int()>& work) {
        int ends[2] = {-1, -1};
        if (::pipe(ends) != 0) return;
        pid_ = ::fork();
        if (pid_ == 0) {
            const int result = work();
            (void)!::write(ends[1], &result, sizeof result);
            while (true) ::pause();
        }
        ::close(ends[1]);
        output_ = ends[0];
    }
    ~OtherProcess() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        ::close(output_);
    }
    OtherProcess(const OtherProcess&) = delete;
    OtherProcess& operator=(const OtherProcess&) = delete;

    // Waits for it; -1: it failed.
    [[nodiscard]] int result() const {
        int result = -1;
        return ::read(output_, &result, sizeof result) == sizeof result ? result : -1;
    }

private:
    pid_t pid_ = -1;
    int output_ = -1;
};

}  // namespace proctor
