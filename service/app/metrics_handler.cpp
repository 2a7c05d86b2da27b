#include "app/metrics_handler.h"

#include <optional>
#include <utility>

namespace proctor::app {
namespace {

http::Response text(int status, std::string body) {
    http::Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = std::move(body);
    return response;
}

http::Response exposition(std::string body) {
    http::Response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = std::move(body);
    return response;
}

}  // namespace

http::Response MetricsHandler::answer(http::Request request) {
    std::optional<http::Response> found;
    if (request.path == "/metrics") found = exposition(metrics_());
    if (request.path == "/health/live") found = write_live();
    if (request.path == "/health/ready") found = write_ready(health_.look());
    if (!found) return text(404, "There is nothing here\n");
    if (request.method != "GET" && request.method != "HEAD") {
        found = text(405, "This address takes GET\n");
        found->headers.emplace_back("Allow", "GET");
    }
    found->headers.emplace_back("Cache-Control", "no-store");
    found->headers.emplace_back("X-Content-Type-Options", "nosniff");
    return *std::move(found);
}

http::Response MetricsHandler::refuse(const http::Request&, http::Refused why) {
    return text(http::status_of(why), std::string(http::print(why)) + '\n');
}

}  // namespace proctor::app
