// A PostgreSQL server of a test's own, from Debian's package: on a Unix socket in a short folder, never on the network.
#pragma once

#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/temp_folder.h"

namespace proctor::store {

class PostgresServer final {
public:
    PostgresServer() {
        if (!installed()) return;
        if (::getuid() == 0) owner_ = ::getpwnam("nobody");
        if (owner_ != nullptr && ::chown(folder_.path().c_str(), owner_->pw_uid, owner_->pw_gid) != 0) return;
        const auto [pid, output] = run({programs() + "initdb", "-D", data(), "-U", "proctor", "-A", "trust",
                                        "--no-sync", "--no-locale", "-E", "UTF8"});
        read_until(output, "");
        ::waitpid(pid, nullptr, 0);
        ::close(output);
    }
    ~PostgresServer() { stop(); }
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    [[nodiscard]] static bool installed() { return std::filesystem::exists(programs() + "postgres"); }

    // Whether it answers now. The data are in memory, so fsync costs nothing.
    [[nodiscard]] bool start(const std::string& fsync = "on") {
        const auto [pid, output] =
            run({programs() + "postgres", "-D", data(), "-k", folder_.path(), "-c", "listen_addresses=", "-c",
                 "fsync=" + fsync, "-c", "log_min_messages=log", "-c", "log_checkpoints=off"});
        pid_ = pid;
        output_ = output;
        return read_until(output, "ready to accept connections");
    }
    void stop() { end(SIGINT); }
    void crash() { end(SIGKILL); }
    [[nodiscard]] bool running() const { return pid_ > 0; }

    // For libpq.
    [[nodiscard]] const std::string& folder() const { return folder_.path(); }
    [[nodiscard]] std::string connection() const { return "host=" + folder_.path() + " user=proctor dbname=postgres"; }

private:
    struct Running {
        pid_t pid;
        int output;
    };

    // Returns when the last of its processes has let go of the output.
    void end(int signal) {
        if (pid_ <= 0) return;
        ::kill(pid_, signal);
        read_until(output_, "");
        ::waitpid(pid_, nullptr, 0);
        ::close(output_);
        pid_ = 0;
    }

    static std::string programs() { return "/usr/lib/postgresql/15/bin/"; }
    [[nodiscard]] std::string data() const { return folder_.file("data"); }

    // A child that ends with this process, its output in a pipe. PostgreSQL refuses to run as root.
    [[nodiscard]] Running run(std::vector<std::string> words) const {
        int ends[2] = {-1, -1};
        if (::pipe(ends) != 0) return {-1, -1};
        const pid_t pid = ::fork();
        if (pid != 0) {
            ::close(ends[1]);
            return {pid, ends[0]};
        }
        std::vector<char*> arguments;
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        ::dup2(ends[1], STDOUT_FILENO);
        ::dup2(ends[1], STDERR_FILENO);
        ::close(ends[0]);
        ::close(ends[1]);
        const bool dropped = owner_ == nullptr || (::setgroups(0, nullptr) == 0 && ::setgid(owner_->pw_gid) == 0 &&
                                                   ::setuid(owner_->pw_uid) == 0);
        if (dropped && ::chdir("/") == 0 && ::prctl(PR_SET_PDEATHSIG, SIGQUIT) == 0) {
            ::execv(arguments.front(), arguments.data());
        }
        ::_exit(127);
    }

    // Reads on until these words, or, for none, to the end of the output.
    static bool read_until(int output, const std::string& words) {
        std::string all;
        char some[4096];
        for (ssize_t size = 0; (size = ::read(output, some, sizeof some)) > 0;) {
            all.append(some, static_cast<std::size_t>(size));
            if (!words.empty() && all.find(words) != std::string::npos) return true;
        }
        return false;
    }

    TempFolder folder_{"/dev/shm"};
    const passwd* owner_ = nullptr;
    pid_t pid_ = 0;
    int output_ = -1;
};

// One for all suites of a program, running. Null: PostgreSQL is not installed.
inline PostgresServer* shared_server() {
    if (!PostgresServer::installed()) return nullptr;
    static PostgresServer server;
    return server.running() || server.start() ? &server : nullptr;
}

}  // namespace proctor::store
