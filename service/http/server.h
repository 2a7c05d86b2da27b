// An HTTP/1.1 server for use behind a proxy on a Unix socket, or on loopback for development. It owns
// sockets, threads and the limits of a message; it knows nothing of CDS Hooks, FHIR or CORS. What may not be
// answered (too long, too busy) it hands to refuse(), so that every answer, refusals too, is written by the
// same room.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace proctor::http {

struct Request {
    std::string method;
    std::string path;   // percent-decoded, without query
    std::string query;  // percent-encoded, without "?"
    std::string host;
    std::string origin;
    std::string cookie;
    std::string traceparent;
    std::string content_type;
    std::string access_control_request_method;
    std::string authorization;       // the header's value
    std::size_t authorizations = 0;  // how many such headers there were
    std::string certificate;         // of the caller, as the proxy gives it: PEM, percent-encoded; empty: none
    std::string remote;              // the caller's address, as the proxy gives it
    std::string body;                // at most ServerOptions::body_bytes
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

// Why the server itself refuses a request; status_of gives the status it is answered with.
enum class Refused : std::uint8_t {
    malformed,         // 400: not HTTP as we speak it, or a body where none may be
    length_required,   // 411
    body_too_large,    // 413
    target_too_long,   // 414
    unsupported_type,  // 415: a POST that is not application/json, or is compressed
    busy,              // 503: no thread, or no memory
    internal_error,    // 500: the handler failed
};
[[nodiscard]] int status_of(Refused why);
[[nodiscard]] std::string_view print(Refused why);  // "bodyTooLarge"

// Called from many threads at once. Must not block for long: a call holds one of the server's threads.
class Handler {
public:
    virtual ~Handler() = default;
    [[nodiscard]] virtual Response answer(Request request) = 0;
    // The status is overwritten with status_of(why). The request's body is empty.
    [[nodiscard]] virtual Response refuse(const Request& request, Refused why) = 0;
};

struct ServerOptions {
    std::string socket;  // path of a Unix socket; a stale one is replaced, a live one is an error. Its mode is 0660.
    int port = 0;        // instead of the socket: plain HTTP on 127.0.0.1
    std::size_t threads = limits::k_server_threads;
    std::size_t queue = limits::k_server_queue;
    std::size_t body_bytes = limits::k_body_bytes;
};

class Server final {
public:
    // The handler outlives the server.
    Server(Handler& handler, ServerOptions options);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Takes the socket or port, and starts the threads. Connections are accepted from here on and answered once
    // run() is called.
    Status bind();
    // Answers until stop(); then finishes what is in flight, which the caller may choose not to wait for. Where
    // descriptors are short it accepts again when there are some. An error: the listener broke.
    Status run();
    // From any thread, once run() was called or before: no further connections.
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace proctor::http
