// An HTTPS server on a free port of 127.0.0.1 that misbehaves as told: for each path a script that gets the connection
// once a request's head was read. Keeps every head it saw.
#pragma once

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "outbound/certificate.h"

namespace proctor::outbound {

// A client's connection.
class Peer {
public:
    explicit Peer(SSL* ssl) : ssl_(ssl) {}
    // Empty when the client is gone.
    std::string read_head() {
        std::string head;
        char c = 0;
        while (head.find("\r\n\r\n") == std::string::npos) {
            if (SSL_read(ssl_, &c, 1) != 1) return "";
            head += c;
        }
        return head;
    }
    // False when the client is gone.
    bool write(std::string_view text) {
        return text.empty() || SSL_write(ssl_, text.data(), static_cast<int>(text.size())) > 0;
    }
    void await_end() {
        char c = 0;
        while (SSL_read(ssl_, &c, 1) == 1) continue;
    }
    // A piece now and then until the client is gone.
    void drip(std::string_view piece) {
        pollfd readable{fd(), POLLIN, 0};
        while (::poll(&readable, 1, 5) == 0 && write(piece)) continue;
    }
    // Without TLS's good-bye.
    void cut() { ::shutdown(fd(), SHUT_RDWR); }
    // With it.
    void close() {
        SSL_shutdown(ssl_);
        cut();
    }

    int fd() const { return SSL_get_fd(ssl_); }

private:
    SSL* ssl_;
};

// Drops a connection with a TCP reset, which a shutdown does not send.
inline void reset(int fd) {
    sockaddr nobody{};
    nobody.sa_family = AF_UNSPEC;
    ::connect(fd, &nobody, sizeof nobody);
}

using Script = std::function<void(Peer&)>;

inline Script says(const std::string& text) {
    return [text](Peer& peer) { peer.write(text); };
}

class TlsServer {
public:
    explicit TlsServer(const Certificate& certificate, int newest_version = TLS1_3_VERSION)
        : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free) {
        SSL_CTX_set_security_level(context_.get(), 0);
        SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context_.get(), newest_version);
        SSL_CTX_use_certificate(context_.get(), certificate.x509.get());
        SSL_CTX_use_PrivateKey(context_.get(), certificate.key.get());
        listen();
        acceptor_ = std::thread([this] { accept(); });
    }
    ~TlsServer() {
        ::shutdown(listener_, SHUT_RDWR);
        acceptor_.join();
        {
            const std::lock_guard lock(mutex_);
            for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
        }
        for (auto& thread : threads_) thread.join();
        for (const int fd : open_) ::close(fd);
        ::close(listener_);
    }
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;

    // Before the first request.
    void on(const std::string& path, Script script) { scripts_[path] = std::move(script); }
    // Connections are closed before the handshake.
    void close_at_once() { closing_ = true; }

    int port() const { return port_; }
    int connections() const { return connections_; }
    void await_ended(int connections) {
        std::unique_lock lock(mutex_);
        ended_.wait(lock, [&] { return ended_count_ >= connections; });
    }
    std::vector<std::string> heads() {
        const std::lock_guard lock(mutex_);
        return heads_;
    }

private:
    void listen() {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
        ::listen(listener_, 64);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
    }
    void accept() {
        while (true) {
            const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0) return;
            ++connections_;
            const std::lock_guard lock(mutex_);
            open_.push_back(fd);
            threads_.emplace_back([this, fd] { serve(fd); });
        }
    }
    void serve(int fd) {
        sigset_t signals;
        sigemptyset(&signals);
        sigaddset(&signals, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &signals, nullptr);
        const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context_.get()), SSL_free);
        SSL_set_fd(ssl.get(), fd);
        if (!closing_ && SSL_accept(ssl.get()) == 1) {
            Peer peer(ssl.get());
            while (answer(peer)) continue;
        }
        ::shutdown(fd, SHUT_RDWR);
        const std::lock_guard lock(mutex_);
        ++ended_count_;
        ended_.notify_all();
    }
    bool answer(Peer& peer) {
        const std::string head = peer.read_head();
        if (head.empty()) return false;
        {
            const std::lock_guard lock(mutex_);
            heads_.push_back(head);
        }
        const auto start = head.find(' ') + 1;
        const auto script = scripts_.find(head.substr(start, head.find(' ', start) - start));
        if (script == scripts_.end()) return false;
        script->second(peer);
        return true;
    }

    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
    std::map<std::string, Script> scripts_;
    std::atomic<bool> closing_{false};
    std::atomic<int> connections_{0};
    int listener_ = -1, port_ = 0;
    std::mutex mutex_;
    std::condition_variable ended_;
    int ended_count_ = 0;
    std::vector<int> open_;
    std::vector<std::string> heads_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

}  // namespace proctor::outbound
