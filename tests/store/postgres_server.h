// A PostgreSQL server of a test's own, from Debian's package: on a Unix socket in a short folder, never on the network.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
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
        run({programs() + "initdb", "-D", data(), "-U", "proctor", "-A", "trust", "--no-sync", "--no-locale", "-E",
             "UTF8"});
        end();
    }
    ~PostgresServer() { stop(); }
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    [[nodiscard]] static bool installed() { return std::filesystem::exists(programs() + "postgres"); }

    // Whether it answers now. The data are in memory, so fsync costs nothing.
    [[nodiscard]] bool start(const std::string& fsync = "on") {
        run({programs() + "postgres", "-D", data(), "-k", folder_.path(), "-c", "listen_addresses=", "-c",
             "fsync=" + fsync, "-c", "log_min_messages=log", "-c", "log_checkpoints=off"});
        const bool ready = read_until("ready to accept connections");
        if (!ready) crash();
        return ready;
    }
    void stop() { end(SIGINT); }
    void crash() { end(SIGKILL); }
    [[nodiscard]] bool running() const { return pid_ > 0; }

    // For libpq.
    [[nodiscard]] const std::string& folder() const { return folder_.path(); }
    [[nodiscard]] std::string connection() const { return "host=" + folder_.path() + " user=proctor dbname=postgres"; }

private:
    // Returns when the last of its processes has let go of the output.
    void end(int signal = 0) {
        if (pid_ <= 0) return;
        ::kill(pid_, signal);
        if (!read_until("")) ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        ::close(output_);
        pid_ = 0;
    }

    static std::string programs() { return "/usr/lib/postgresql/15/bin/"; }
    [[nodiscard]] std::string data() const { return folder_.file("data"); }

    // A child that ends with this process, its output in a pipe. PostgreSQL refuses to run as root.
    void run(std::vector<std::string> words) {
        std::vector<std::string> all{"/usr/bin/setpriv", "--pdeathsig=QUIT"};
        if (owner_ != nullptr)
            all.insert(all.end(), {"--reuid=" + std::to_string(owner_->pw_uid),
                                   "--regid=" + std::to_string(owner_->pw_gid), "--clear-groups"});
        all.insert(all.end(), words.begin(), words.end());
        std::vector<char*> arguments;
        for (auto& word : all) arguments.push_back(word.data());
        arguments.push_back(nullptr);

        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC) != 0) return;
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
        ::posix_spawn_file_actions_addchdir_np(&actions, "/");
        output_ = ends[0];
        if (::posix_spawn(&pid_, arguments.front(), &actions, nullptr, arguments.data(), ::environ) != 0) pid_ = 0;
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
    }

    // Reads on until these words, or, for none, to the end of the output. False, and a failure of the test, when there
    // are none, or nothing comes for a minute.
    [[nodiscard]] bool read_until(const std::string& words) const {
        std::string all;
        char some[4096];
        pollfd output{output_, POLLIN, 0};
        while (::poll(&output, 1, 60'000) > 0) {
            const auto size = ::read(output_, some, sizeof some);
            if (size <= 0 && words.empty()) return true;
            if (size <= 0) break;
            all.append(some, static_cast<std::size_t>(size));
            if (!words.empty() && all.find(words) != std::string::npos) return true;
        }
        ADD_FAILURE() << "PostgreSQL hangs, or ended; it said:\n" << all;
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
