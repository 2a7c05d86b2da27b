// Servers that begin and end together, on Unix sockets.
#include "app/servers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "support/eventually.h"
#include "support/temp_folder.h"
#include "support/unix_call.h"

namespace proctor::app {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// Answers /wait only after release().
class Holder final : public http::Handler {
public:
    http::Response answer(http::Request request) override {
        if (request.path == "/wait") {
            arrived.set_value();
            released_.wait();
        }
        return {};
    }
    http::Response refuse(const http::Request&, http::Refused) override { return {}; }
    void release() { release_.set_value(); }
    std::promise<void> arrived;

private:
    std::promise<void> release_;
    std::shared_future<void> released_ = release_.get_future().share();
};

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

class ServersTest : public testing::Test {
protected:
    [[nodiscard]] Status add(http::Handler& handler, const std::string& name) {
        http::ServerOptions options;
        options.socket = folder_.file(name);
        options.threads = 2;
        return servers_.add(handler, options);
    }
    [[nodiscard]] std::string ask(const std::string& name, const std::string& path) const {
        return unix_call(folder_.file(name), get(path));
    }
    void start() {
        servers_.start([this] { ++broken_; });
    }

    TempFolder folder_;
    Holder first_, second_;
    int broken_ = 0;
    Servers servers_;
};

TEST_F(ServersTest, EachAnswersAndAllAreStopped) {
    ASSERT_TRUE(add(first_, "a").ok());
    ASSERT_TRUE(add(second_, "b").ok());
    start();
    EXPECT_THAT(ask("a", "/"), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(ask("b", "/"), StartsWith("HTTP/1.1 200"));
    EXPECT_TRUE(servers_.stop(std::chrono::minutes(1)));
    EXPECT_EQ(ask("a", "/") + ask("b", "/"), "");
    EXPECT_FALSE(servers_.broken());
    EXPECT_EQ(broken_, 0);
}

TEST_F(ServersTest, ATakenPlaceIsRefusedAndWhatWasAddedBeforeStaysWhole) {
    ASSERT_TRUE(add(first_, "a").ok());
    const auto again = add(second_, "a");
    ASSERT_FALSE(again.ok());
    EXPECT_THAT(describe(again.error()), HasSubstr("another server is listening here"));
    start();
    EXPECT_THAT(ask("a", "/"), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServersTest, TheLastAnswersUntilThoseBeforeAreDone) {
    ASSERT_TRUE(add(first_, "a").ok());
    ASSERT_TRUE(add(second_, "b").ok());
    start();
    auto held = std::async(std::launch::async, [&] { return ask("a", "/wait"); });
    first_.arrived.get_future().wait();
    auto stopped = std::async(std::launch::async, [&] { return servers_.stop(std::chrono::minutes(1)); });
    EXPECT_TRUE(eventually([&] { return ask("a", "/").empty(); }));
    EXPECT_THAT(ask("b", "/"), StartsWith("HTTP/1.1 200"));
    first_.release();
    EXPECT_THAT(held.get(), StartsWith("HTTP/1.1 200"));
    EXPECT_TRUE(stopped.get());
    EXPECT_EQ(ask("b", "/"), "");
}

TEST_F(ServersTest, StopSaysWhenSomethingStillRuns) {
    ASSERT_TRUE(add(first_, "a").ok());
    start();
    auto held = std::async(std::launch::async, [&] { return ask("a", "/wait"); });
    first_.arrived.get_future().wait();
    EXPECT_FALSE(servers_.stop(std::chrono::milliseconds(0)));
    first_.release();
    EXPECT_THAT(held.get(), StartsWith("HTTP/1.1 200"));
}

}  // namespace
}  // namespace proctor::app
