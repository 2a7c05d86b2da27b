#include "outbound/call.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace proctor::outbound::call_test {
namespace {

using ::testing::HasSubstr;

// A port of this machine that is taken and does not listen.
class DeafPort {
public:
    DeafPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(socket_, reinterpret_cast<sockaddr*>(&address), size);
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
    }
    ~DeafPort() { ::close(socket_); }
    DeafPort(const DeafPort&) = delete;
    DeafPort& operator=(const DeafPort&) = delete;
    [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(port_) + "/"; }

private:
    int socket_;
    int port_ = 0;
};

std::string failure(const std::string& url) {
    Call request;
    request.url = url;
    const auto answer = call(request);
    return answer ? "" : describe(answer.error());
}

TEST(Call, SaysWhyNoAnswerCame) {
    const DeafPort deaf;
    const std::string too_long_for_dns = "https://" + std::string(64, 'a') + ".invalid/";
    const std::pair<std::string, std::string> table[] = {
        {"http://127.0.0.1/", "is no https:// address"},
        {"file:///etc/hostname", "is no https:// address"},
        {"https://", "is no https:// address"},
        {"", "is no https:// address"},
        {deaf.url(), "cannot connect"},
        {too_long_for_dns, "name of the host was not found"},
    };
    for (const auto& [url, expected] : table) {
        EXPECT_THAT(failure(url), HasSubstr(expected));
        EXPECT_THAT(failure(url), ::testing::StartsWith(url));
    }
}

}  // namespace
}  // namespace proctor::outbound::call_test
