#include "http/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <new>
#include <string>
#include <string_view>
#include <thread>

namespace proctor::http {
namespace {

class ConnectionTest : public testing::Test {
protected:
    ConnectionTest() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_), 0); }
    ~ConnectionTest() override { ::close(peer()); }
    int ours() const { return ends_[0]; }
    int peer() const { return ends_[1]; }
    void peer_says(std::string_view text) const {
        ASSERT_EQ(::send(peer(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    }
    // What came so far, up to `most` bytes.
    std::string peer_hears(std::size_t most = 1U << 20U) const {
        std::string text(most, '\0');
        const ssize_t got = ::recv(peer(), text.data(), most, MSG_DONTWAIT);
        text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return text;
    }
    static std::string read(Connection& connection, std::size_t size) {
        std::string text(size, '\0');
        const ssize_t got = connection.read(text.data(), size);
        text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return text;
    }

private:
    int ends_[2] = {-1, -1};
};

TEST_F(ConnectionTest, GivesWhatIsThereInTheOrderItCame) {
    Connection connection(ours());
    peer_says("abcdef");
    EXPECT_EQ(read(connection, 2), "ab");
    EXPECT_EQ(read(connection, 10), "cdef");
    peer_says("g");
    EXPECT_EQ(read(connection, 10), "g");
    ::shutdown(peer(), SHUT_WR);
    char last = 0;
    EXPECT_EQ(connection.read(&last, 1), 0);
}

TEST_F(ConnectionTest, OverwritesWhatItRead) {
    alignas(Connection) static char place[sizeof(Connection)];
    auto* connection = ::new (place) Connection(ours());
    const std::string secret = "a token and a chart";
    peer_says(secret);
    EXPECT_EQ(read(*connection, 1), "a");
    const auto holds = [&] { return std::string_view(place, sizeof place).find(secret) != std::string_view::npos; };
    EXPECT_TRUE(holds());
    connection->~Connection();
    EXPECT_FALSE(holds());
}

TEST_F(ConnectionTest, WaitsForWhatComesLater) {
    Connection connection(ours());
    std::thread later([&] { peer_says("late"); });
    EXPECT_EQ(read(connection, 10), "late");
    later.join();
}

TEST_F(ConnectionTest, HeadAndBodyGoTogether) {
    Connection connection(ours());
    const std::string body(10'000, 'b');
    EXPECT_EQ(connection.write("head", 4), 4);
    EXPECT_EQ(peer_hears(), "");
    EXPECT_EQ(connection.write(body.data(), body.size()), 10'000);
    EXPECT_EQ(peer_hears(), "head" + body);
}

TEST_F(ConnectionTest, WhatIsHeldBackGoesBeforeItWaitsAndAtTheEnd) {
    Connection connection(ours());
    (void)connection.write("100 Continue", 12);
    peer_says("x");
    EXPECT_EQ(read(connection, 1), "x");
    EXPECT_EQ(peer_hears(), "100 Continue");
    (void)connection.write("end", 3);
    EXPECT_TRUE(connection.flush());
    EXPECT_EQ(peer_hears(), "end");
}

TEST_F(ConnectionTest, MoreThanTheSocketHoldsIsSentWhole) {
    const std::string body(3'000'000, 'b');
    std::string heard;
    std::thread listener([&] {
        char buffer[1 << 16];
        for (ssize_t got = 0; (got = ::recv(peer(), buffer, sizeof buffer, 0)) > 0;)
            heard.append(buffer, static_cast<std::size_t>(got));
    });
    {
        Connection connection(ours());
        (void)connection.write("head", 4);
        EXPECT_EQ(connection.write(body.data(), body.size()), 3'000'000);
    }
    listener.join();
    EXPECT_EQ(heard, "head" + body);
}

TEST_F(ConnectionTest, APeerThatIsGoneIsAnError) {
    Connection connection(ours());
    ::shutdown(peer(), SHUT_RDWR);
    const std::string body(10'000, 'b');
    EXPECT_EQ(connection.write(body.data(), body.size()), -1);
    (void)connection.write("end", 3);
    EXPECT_FALSE(connection.flush());
}

TEST_F(ConnectionTest, OneThatSaysNothingIsGivenUpAfterTheSocketsTimeout) {
    const timeval brief{0, 20'000};
    ::setsockopt(ours(), SOL_SOCKET, SO_RCVTIMEO, &brief, sizeof brief);
    Connection connection(ours());
    char byte = 0;
    EXPECT_EQ(connection.read(&byte, 1), -1);
}

}  // namespace
}  // namespace proctor::http
