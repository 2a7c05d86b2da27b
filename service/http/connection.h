// One accepted connection as the library's stream: it reads as much as is there, sends an answer's head and body as
// one, and is closed whatever happens. Waiting for the other side is no work (base/waiting.h).
#pragma once

#include <httplib.h>

#include <array>
#include <string>
#include <string_view>

namespace proctor::http {

class Connection final : public httplib::Stream {
public:
    explicit Connection(int descriptor) : descriptor_(descriptor) {}  // owned; its timeouts are set
    ~Connection() override;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // What was written and waits for more. False: the other side is gone, or takes nothing.
    bool flush() { return send({}); }

    bool is_readable() const override { return true; }
    bool is_writable() const override { return true; }
    ssize_t read(char* to, size_t size) override;           // 0: the end; -1: too late, or broken
    ssize_t write(const char* from, size_t size) override;  // -1 as above
    void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}  // the proxy's
    void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
    socket_t socket() const override { return descriptor_; }

private:
    bool send(std::string_view more);

    const int descriptor_;
    std::string unsent_;
    std::size_t at_ = 0, end_ = 0;
    std::size_t used_ = 0;               // of what follows: a chart and a token were there, and are overwritten
    std::array<char, 64U << 10U> read_;  // uninitialised
};

}  // namespace proctor::http
