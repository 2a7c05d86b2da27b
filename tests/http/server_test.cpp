// The server over a real Unix socket, spoken to in raw bytes so that broken requests can be sent.
#include "http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <new>
#include <stdexcept>
#include <thread>

namespace proctor::http {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Echoes what it got. A POST to /wait is held until release().
class Echo final : public Handler {
public:
    Response answer(Request request) override {
        if (request.path == "/throw") throw std::runtime_error("patient Smith");
        if (request.path == "/no-memory") throw std::bad_alloc();
        if (request.path == "/wait") wait();
        ++answered;
        Response response;
        response.body =
            request.method + ' ' + request.path + ' ' + std::to_string(request.body.size()) + ' ' + request.origin;
        return response;
    }
    Response refuse(const Request& request, Refused why) override {
        if (refuse_fails) throw std::bad_alloc();
        Response response;
        response.headers = {{"X-Origin", request.origin}};
        if (why == Refused::busy) response.headers.emplace_back("Retry-After", "1");
        response.body = "refused";
        return response;
    }
    void release() {
        const std::lock_guard lock(mutex_);
        released_ = true;
        wake_.notify_all();
    }
    void await_waiting(int count) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return waiting_ >= count; });
    }
    std::atomic<int> answered{0};
    std::atomic<bool> refuse_fails{false};

private:
    void wait() {
        std::unique_lock lock(mutex_);
        ++waiting_;
        wake_.notify_all();
        wake_.wait(lock, [this] { return released_; });
    }
    std::mutex mutex_;
    std::condition_variable wake_;
    bool released_ = false;
    int waiting_ = 0;
};

std::string temp_folder() {
    std::string name = "/tmp/proctor-http-XXXXXX";
    return ::mkdtemp(name.data()) ? name : "";
}

class ServerTest : public testing::Test {
protected:
    ~ServerTest() override {
        stop();
        std::filesystem::remove_all(folder_);
    }
    void start(std::size_t threads = 4, std::size_t queue = 8) {
        ServerOptions options;
        options.socket = socket_path();
        options.threads = threads;
        options.queue = queue;
        options.body_bytes = 1000;
        server_ = std::make_unique<Server>(echo_, options);
        const auto bound = server_->bind();
        ASSERT_TRUE(bound.ok()) << describe(bound.error());
        thread_ = std::thread([this] { ran_ = server_->run().ok(); });
    }
    void stop() {
        echo_.release();
        if (server_) server_->stop();
        if (thread_.joinable()) thread_.join();
        server_.reset();
    }
    std::string socket_path() const { return folder_ + "/s"; }

    int connect() const {
        const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const std::string path = socket_path();
        std::copy(path.begin(), path.end(), address.sun_path);
        EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        return fd;
    }
    static void send(int fd, const std::string& bytes) { (void)!::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
    static std::string receive(int fd) {
        std::string all;
        char buffer[4096];
        ssize_t n = 0;
        while ((n = ::read(fd, buffer, sizeof buffer)) > 0) all.append(buffer, static_cast<std::size_t>(n));
        ::close(fd);
        return all;
    }
    std::string ask(const std::string& bytes) const {
        const int fd = connect();
        send(fd, bytes);
        return receive(fd);
    }
    static std::string post(const std::string& path, std::size_t bytes,
                            const std::string& extra = "Content-Type: application/json\r\n") {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\n" + extra + "Content-Length: " + std::to_string(bytes) +
               "\r\n\r\n" + std::string(bytes, ' ');
    }

    std::string folder_ = temp_folder();
    Echo echo_;
    std::unique_ptr<Server> server_;
    std::thread thread_;
    std::atomic<bool> ran_{false};
};

TEST_F(ServerTest, AnswersAndClosesTheConnection) {
    start();
    const std::string reply = ask("GET /a%20b?patient=1 HTTP/1.1\r\nHost: a\r\nOrigin: https://ehr.example\r\n\r\n");
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(reply, HasSubstr("Connection: close"));
    EXPECT_THAT(reply, HasSubstr("GET /a b 0 https://ehr.example"));
}

TEST_F(ServerTest, BodyIsTakenAtItsLimitAndRefusedAboveIt) {
    start();
    EXPECT_THAT(ask(post("/", 1000)), HasSubstr("POST / 1000"));
    EXPECT_THAT(ask(post("/", 1001)), StartsWith("HTTP/1.1 413"));
}

TEST_F(ServerTest, RefusesWhatItCannotReadSafely) {
    start();
    const std::string json = "Content-Type: application/json\r\n";
    struct Row {
        const char* why;
        std::string request;
        int status;
    };
    const Row rows[] = {
        {"no type", post("/", 2, ""), 415},
        {"a form", post("/", 2, "Content-Type: application/x-www-form-urlencoded\r\n"), 415},
        {"multipart", post("/", 2, "Content-Type: multipart/form-data; boundary=x\r\n"), 415},
        {"multipart without a boundary", post("/", 2, "Content-Type: multipart/form-data\r\n"), 415},
        {"json-like", post("/", 2, "Content-Type: application/jsonp\r\n"), 415},
        {"gzip", post("/", 2, json + "Content-Encoding: gzip\r\n"), 415},
        {"no length", "POST / HTTP/1.1\r\nHost: a\r\n" + json + "\r\n", 411},
        {"chunked", "POST / HTTP/1.1\r\nHost: a\r\n" + json + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
         411},
        {"two lengths", post("/", 2, json + "Content-Length: 2\r\n"), 400},
        {"negative length", "POST / HTTP/1.1\r\nHost: a\r\n" + json + "Content-Length: -1\r\n\r\n", 400},
        {"huge length", "POST / HTTP/1.1\r\nHost: a\r\n" + json + "Content-Length: 99999999999999999999\r\n\r\n", 400},
        {"body on GET", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", 400},
        {"long target", "GET /" + std::string(2000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
        {"long target of POST", post("/" + std::string(2000, 'a'), 2), 414},
        {"not HTTP", "hello\r\n\r\n", 400},
    };
    for (const auto& row : rows) {
        EXPECT_THAT(ask(row.request), StartsWith("HTTP/1.1 " + std::to_string(row.status))) << row.why;
    }
    EXPECT_EQ(echo_.answered, 0);
}

TEST_F(ServerTest, TakesJsonWithParametersAndIdentityEncoding) {
    start();
    EXPECT_THAT(ask(post("/", 2, "Content-Type: Application/JSON; charset=UTF-8\r\nContent-Encoding: identity\r\n")),
                StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, RefusalsCarryTheHandlersHeaders) {
    start();
    EXPECT_THAT(ask(post("/", 2, "Origin: https://ehr.example\r\n")), HasSubstr("X-Origin: https://ehr.example"));
}

TEST_F(ServerTest, IgnoresRangesAndCompression) {
    start();
    const std::string reply =
        ask("GET /range HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\nAccept-Encoding: gzip, br\r\n\r\n");
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(reply, HasSubstr("GET /range"));
    EXPECT_THAT(reply, Not(HasSubstr("Content-Encoding")));
}

TEST_F(ServerTest, AFailingHandlerTellsNothing) {
    start();
    const std::string reply = ask(post("/throw", 2));
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 500"));
    EXPECT_THAT(reply, Not(HasSubstr("Smith")));
}

TEST_F(ServerTest, AHandlerWithoutMemoryIsBusy) {
    start();
    const std::string reply = ask(post("/no-memory", 2));
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 503"));
    EXPECT_THAT(reply, HasSubstr("Retry-After: 1"));
}

TEST_F(ServerTest, AConnectionIsClosedWhateverFails) {
    start();
    echo_.refuse_fails = true;
    EXPECT_EQ(ask("not HTTP\r\n\r\n"), "");
    EXPECT_THAT(ask(post("/", 2)), HasSubstr("POST / 2"));
}

TEST_F(ServerTest, MoreThanTheQueueHoldsIsRefusedAtOnceAsBusy) {
    start(1, 1);
    const int held = connect();
    send(held, post("/wait", 2));
    echo_.await_waiting(1);
    const int queued = connect();  // connections are taken in order, so this one has the place in the queue
    send(queued, post("/queued", 2));
    const std::string reply = ask(post("/one-too-many", 2));
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 503"));
    EXPECT_THAT(reply, HasSubstr("Retry-After: 1"));
    echo_.release();
    EXPECT_THAT(receive(held), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(receive(queued), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, StopAnswersWhatIsInFlight) {
    start(1, 8);
    const int held = connect();
    send(held, post("/wait", 2));
    echo_.await_waiting(1);
    server_->stop();
    echo_.release();
    EXPECT_THAT(receive(held), StartsWith("HTTP/1.1 200"));
    thread_.join();
    EXPECT_TRUE(ran_);
}

TEST_F(ServerTest, TheSocketIsForItsGroupAloneAndGoesWithTheServer) {
    start();
    struct stat found {};
    ASSERT_EQ(::stat(socket_path().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0660U);
    stop();
    EXPECT_FALSE(std::filesystem::exists(socket_path()));
}

TEST_F(ServerTest, ASecondServerOnTheSameSocketIsRefused) {
    start();
    Echo other;
    ServerOptions options;
    options.socket = socket_path();
    Server second(other, options);
    const auto bound = second.bind();
    ASSERT_FALSE(bound.ok());
    EXPECT_THAT(describe(bound.error()), HasSubstr("another server is listening here"));
}

TEST_F(ServerTest, OneThatEndsLeavesTheSocketOfItsSuccessor) {
    start();
    server_->stop();
    thread_.join();
    Echo other;
    ServerOptions options;
    options.socket = socket_path();
    {
        Server successor(other, options);
        const auto bound = successor.bind();
        ASSERT_TRUE(bound.ok()) << describe(bound.error());
        server_.reset();
        EXPECT_TRUE(std::filesystem::exists(socket_path()));
        ::close(connect());
    }
    EXPECT_FALSE(std::filesystem::exists(socket_path()));
}

}  // namespace
}  // namespace proctor::http
