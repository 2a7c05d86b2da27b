#include "http/server.h"

#include <fcntl.h>
#include <httplib.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <new>
#include <optional>
#include <system_error>
#include <thread>

#include "base/text.h"
#include "http/connection.h"
#include "http/socket_path.h"
#include "http/task_pool.h"

namespace proctor::http {
namespace {

// Regular expressions in the library recurse on the thread's stack; small default stacks must not decide
// whether that is safe.
constexpr std::size_t k_stack_bytes = 8U << 20U;

// Behind a body: a JSON reader that wants padding gets it without another copy of the chart.
constexpr std::size_t k_spare_bytes = 64;

// What the library keeps protected: its connections and its listening socket. It gives that up on any accept() that
// fails, such as for want of memory or of a connection that was aborted before it was taken; ours is a descriptor of
// its own, and what waits in the backlog stays.
class Listener final : public httplib::Server {
public:
    Listener() = default;
    ~Listener() override {
        if (kept_ >= 0) ::close(kept_);
    }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    // Once bound. The library listens with a backlog of 5. False: no descriptor is left.
    bool listen_longer() {
        ::listen(svr_sock_, limits::k_listen_backlog);
        kept_ = ::fcntl(svr_sock_, F_DUPFD_CLOEXEC, 0);
        return kept_ >= 0;
    }
    // After the library gave its own up. False: no descriptor is left, try again.
    bool reopen() {
        const int fd = ::fcntl(kept_, F_DUPFD_CLOEXEC, 0);
        if (fd >= 0) svr_sock_ = fd;
        return fd >= 0;
    }
    // Unlike stop(), lets connections that were accepted be answered.
    void stop_accepting() { ::shutdown(kept_, SHUT_RDWR); }

private:
    // The library's own asks the system before each 4 kB, and leaves the connection open when an exception passes.
    bool process_and_close_socket(socket_t descriptor) override {
        Connection connection(descriptor);
        bool closed = false;
        const bool served = process_request(connection, true, closed, nullptr);
        return connection.flush() && served;
    }

    int kept_ = -1;
};

// The library wants a queue of its own whenever it listens; ours stays, with its threads.
class PoolQueue final : public httplib::TaskQueue {
public:
    explicit PoolQueue(TaskPool& pool) : pool_(pool) {}
    void enqueue(std::function<void()> job) override { pool_.enqueue(std::move(job)); }
    void shutdown() override {}

private:
    TaskPool& pool_;
};

// Of a head: the request without its body, and what frames the body.
struct Head {
    Request request;
    std::string content_length, content_encoding;
    std::size_t content_lengths = 0, transfer_encodings = 0;
};

struct Field {
    std::string_view name;
    std::string* first = nullptr;  // where the first value goes
    std::size_t* count = nullptr;  // of such fields
    bool seen = false;
};

Head read_head(const httplib::Request& in) {
    Head head;
    Request& request = head.request;
    request.method = in.method;
    request.path = in.path;
    const auto question = in.target.find('?');
    if (question != std::string::npos) request.query = in.target.substr(question + 1);
    std::array fields{Field{"host", &request.host}, Field{"origin", &request.origin}, Field{"cookie", &request.cookie},
                      Field{"traceparent", &request.traceparent}, Field{"content-type", &request.content_type},
                      Field{"access-control-request-method", &request.access_control_request_method},
                      Field{"authorization", &request.authorization, &request.authorizations},
                      // Written by nginx, whatever the caller sent under these names.
                      Field{"proctor-client-certificate", &request.certificate},
                      Field{"proctor-remote-address", &request.remote},
                      Field{"content-encoding", &head.content_encoding},
                      Field{"content-length", &head.content_length, &head.content_lengths},
                      Field{"transfer-encoding", nullptr, &head.transfer_encodings}};
    for (const auto& [name, value] : in.headers) {
        for (Field& field : fields) {
            if (field.name.size() != name.size() || lower(name) != field.name) continue;
            if (field.first != nullptr && !field.seen) *field.first = value;
            if (field.count != nullptr) ++*field.count;
            field.seen = true;
        }
    }
    return head;
}

void write(const Response& response, httplib::Response& out) {
    out.status = response.status;
    for (const auto& [name, value] : response.headers) out.set_header(name, value);
    if (!response.body.empty()) out.set_content(response.body, response.content_type);
}

// application/json, or with a parameter: charset=utf-8 in any spelling, or whatever else the client likes to
// add.
bool is_json(const std::string& content_type) {
    std::string type = lower(content_type.substr(0, content_type.find(';')));
    while (!type.empty() && type.back() == ' ') type.pop_back();
    return type == "application/json";
}

bool is_plain(const Head& head) { return head.content_encoding.empty() || lower(head.content_encoding) == "identity"; }

// The one Content-Length; nothing when it is missing, repeated or no number of at most 12 digits.
std::optional<std::size_t> content_length(const Head& head) {
    if (head.content_lengths != 1) return std::nullopt;
    const std::string& text = head.content_length;
    const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (text.empty() || text.size() > 12 || !digits) return std::nullopt;
    return std::stoull(text);
}

// Of a handler that failed: memory comes back, the rest is a fault.
Refused refusal_of(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const std::bad_alloc&) {
        return Refused::busy;
    } catch (...) {
        return Refused::internal_error;
    }
}

bool announces_body(const Head& head) {
    return head.transfer_encodings != 0 || (head.content_lengths != 0 && content_length(head) != std::size_t{0});
}

}  // namespace

int status_of(Refused why) {
    switch (why) {
        case Refused::malformed: return 400;
        case Refused::length_required: return 411;
        case Refused::body_too_large: return 413;
        case Refused::target_too_long: return 414;
        case Refused::unsupported_type: return 415;
        case Refused::busy: return 503;
        case Refused::internal_error: return 500;
    }
    return 500;
}

std::string_view print(Refused why) {
    switch (why) {
        case Refused::malformed: return "malformed";
        case Refused::length_required: return "lengthRequired";
        case Refused::body_too_large: return "bodyTooLarge";
        case Refused::target_too_long: return "targetTooLong";
        case Refused::unsupported_type: return "unsupportedType";
        case Refused::busy: return "busy";
        case Refused::internal_error: return "internalError";
    }
    return "";
}

struct Server::Parts {
    Handler& handler;
    ServerOptions options;
    Listener listener;
    std::optional<TaskPool> pool;  // once bound; ends before the listener
    std::atomic<bool> stopping{false};
    struct stat made {};  // the socket that was bound; none: no inode

    Parts(Handler& h, ServerOptions o) : handler(h), options(std::move(o)) {}

    void refuse(const Head& head, Refused why, httplib::Response& out) {
        Response response = handler.refuse(head.request, why);
        response.status = status_of(why);
        write(response, out);
    }

    std::optional<Refused> judge_post(const Head& head) const {
        // The proxy always knows the length.
        if (head.transfer_encodings != 0 || head.content_lengths == 0) return Refused::length_required;
        const auto length = content_length(head);
        if (!length) return Refused::malformed;
        if (*length > options.body_bytes) return Refused::body_too_large;
        if (TaskPool::running_overflow()) return Refused::busy;
        if (!is_json(head.request.content_type) || !is_plain(head)) return Refused::unsupported_type;
        return std::nullopt;
    }

    // A proxy that cannot deliver the whole body reports a broken service, so a refused body is read and
    // dropped when it is short enough.
    void drain(const Head& head, const httplib::ContentReader& read) const {
        const auto length = content_length(head);
        if (head.transfer_encodings != 0 || !is_plain(head) || !length || *length > options.body_bytes) return;
        read([](const char*, std::size_t) { return true; });
    }

    void post(const httplib::Request& in, httplib::Response& out, const httplib::ContentReader& read) {
        Head head = read_head(in);
        if (const auto why = judge_post(head)) {
            drain(head, read);
            return refuse(head, *why, out);
        }
        std::string& body = head.request.body;
        body.reserve(*content_length(head) + k_spare_bytes);
        bool fits = true;
        const bool complete = read([&](const char* data, std::size_t size) {
            fits = body.size() + size <= options.body_bytes;
            if (fits) body.append(data, size);
            return fits;
        });
        if (!complete) {
            explicit_bzero(body.data(), body.size());
            body.clear();
            return refuse(head, fits ? Refused::malformed : Refused::body_too_large, out);
        }
        write(handler.answer(std::move(head.request)), out);
    }

    // Everything without a body. True: answered.
    bool before_routing(const httplib::Request& in, httplib::Response& out) {
        // The library compresses and cuts ranges by these of its own accord; it made the object and it is not
        // const.
        auto& head = const_cast<httplib::Request&>(in);
        head.ranges.clear();
        head.headers.erase("Accept-Encoding");
        // Forms it would take apart, with regular expressions, while they are read and dropped.
        if (in.is_multipart_form_data()) head.headers.erase("Content-Type");
        if (in.target.size() > limits::k_target_bytes)
            return refuse(read_head(in), Refused::target_too_long, out), true;
        if (in.method == "POST") return false;
        Head request = read_head(in);
        if (announces_body(request)) return refuse(request, Refused::malformed, out), true;
        if (TaskPool::running_overflow()) return refuse(request, Refused::busy, out), true;
        return write(handler.answer(std::move(request.request)), out), true;
    }

    // What the library refused on its own, without a body.
    bool on_library_error(const httplib::Request& in, httplib::Response& out) {
        if (!out.body.empty()) return false;
        refuse(read_head(in), out.status == 414 ? Refused::target_too_long : Refused::malformed, out);
        return true;
    }

    void connect_handlers();
    Status bind();
    Status start_threads();
};

void Server::Parts::connect_handlers() {
    using httplib::Server;
    listener.set_pre_routing_handler([this](const httplib::Request& in, httplib::Response& out) {
        return before_routing(in, out) ? Server::HandlerResponse::Handled : Server::HandlerResponse::Unhandled;
    });
    listener.Post(R"([\s\S]*)", [this](const httplib::Request& in, httplib::Response& out,
                                       const httplib::ContentReader& read) { post(in, out, read); });
    // The library's own puts the exception's text, and with it chart text, into a header.
    listener.set_exception_handler([this](const httplib::Request& in, httplib::Response& out, std::exception_ptr why) {
        refuse(read_head(in), refusal_of(why), out);
    });
    listener.set_error_handler(Server::HandlerWithResponse([this](const httplib::Request& in, httplib::Response& out) {
        return on_library_error(in, out) ? Server::HandlerResponse::Handled : Server::HandlerResponse::Unhandled;
    }));
    listener.new_task_queue = [this] { return std::make_unique<PoolQueue>(*pool).release(); };
}

Status Server::Parts::bind() {
    if (options.port != 0) {
        if (!listener.bind_to_port("127.0.0.1", options.port)) {
            return Error{"cannot listen here: the port is in use or not allowed",
                         "127.0.0.1:" + std::to_string(options.port)};
        }
    } else {
        if (auto free = free_socket_path(options.socket); !free) return free;
        if (!listener.bind_to_port(options.socket, 80)) return Error{"a socket cannot be made here", options.socket};
        ::chmod(options.socket.c_str(), 0660);
        ::lstat(options.socket.c_str(), &made);
    }
    if (!listener.listen_longer()) return Error{"no descriptor is left to listen with", ""};
    return Done{};
}

Status Server::Parts::start_threads() {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, k_stack_bytes);
    pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
    try {
        pool.emplace(options.threads, options.queue);
    } catch (const std::exception&) {  // std::system_error, bad_alloc
        return Error{"the threads that answer cannot be started: memory or processes are limited here",
                     std::to_string(options.threads)};
    }
    return Done{};
}

Server::Server(Handler& handler, ServerOptions options) : parts_(std::make_unique<Parts>(handler, std::move(options))) {
    auto& listener = parts_->listener;
    if (parts_->options.port == 0) listener.set_address_family(AF_UNIX);
    listener.set_tcp_nodelay(true);
    listener.set_read_timeout(limits::k_socket_seconds);
    listener.set_write_timeout(limits::k_socket_seconds);
    listener.set_payload_max_length(parts_->options.body_bytes);
    // Not SO_REUSEPORT, the library's choice: a second server on one port must fail.
    listener.set_socket_options([](socket_t fd) {
        const int yes = 1;
        ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    parts_->connect_handlers();
}

Server::~Server() {
    // A successor may have taken the name already. What we bound is still open, so nothing else has its number.
    const char* const name = parts_->options.socket.c_str();
    const struct stat& made = parts_->made;
    struct stat found {};
    if (made.st_ino != 0 && ::lstat(name, &found) == 0 && found.st_dev == made.st_dev && found.st_ino == made.st_ino)
        ::unlink(name);
}

Status Server::bind() {
    if (auto bound = parts_->bind(); !bound) return bound;
    return parts_->start_threads();
}

Status Server::run() {
    auto& listener = parts_->listener;
    while (true) {
        try {
            listener.listen_after_bind();
        } catch (const std::exception&) {  // bad_alloc
            return Error{"no memory is left to listen with", ""};
        }
        do {
            if (parts_->stopping) {
                parts_->pool->shutdown();
                return Done{};
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(limits::k_accept_pause_ms));
        } while (!listener.reopen());
    }
}

void Server::stop() {
    parts_->stopping = true;
    parts_->listener.stop_accepting();
}

}  // namespace proctor::http
