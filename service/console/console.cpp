#include "console/console.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "console/api.h"
#include "console/assets.h"
#include "console/reply.h"

namespace proctor::console {
namespace {

constexpr const char* k_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

struct Address {
    std::string_view path, method;
    http::Response (*answer)(const Asked&);
};
constexpr Address k_addresses[] = {
    {"/api/session", "GET", show_session},   {"/api/overview", "GET", show_overview}, {"/api/rules", "GET", show_rules},
    {"/api/clients", "GET", show_clients},   {"/api/patients", "GET", list_patients}, {"/api/try", "POST", try_patient},
    {"/api/export", "GET", export_feedback},
};

bool is_api(std::string_view path) { return path.starts_with("/api/"); }

// A page of another origin can send a body of any other type, but not one of this, unasked.
bool is_json(const http::Request& request) {
    const std::string type = lower(request.content_type.substr(0, request.content_type.find_first_of("; ")));
    return type == "application/json";
}

bool same_origin(const http::Request& request) {
    const std::string origin = lower(request.origin), host = lower(request.host);
    return origin.empty() || origin == "http://" + host || origin == "https://" + host;
}

bool takes(std::string_view allowed, std::string_view method) {
    return method == allowed || (allowed == "GET" && method == "HEAD");
}

http::Response not_found() { return error(404, "notFound", "There is nothing here"); }

http::Response method_not_allowed(std::string_view allowed) {
    auto response = error(405, "method", "This address takes another method");
    response.headers.emplace_back("Allow", allowed == "GET" ? "GET, HEAD" : std::string(allowed));
    return response;
}

http::Response page(const http::Request& request) {
    const Asset* asset = find_asset(request.path);
    if (asset == nullptr) return not_found();
    if (!takes("GET", request.method)) return method_not_allowed("GET");
    http::Response response;
    response.content_type = asset->type;
    response.body = asset->bytes;
    return response;
}

void add_security(const http::Request& request, http::Response& response) {
    const bool asset = response.status == 200 && !is_api(request.path);
    for (const auto& [name, value] : {std::pair{"Content-Security-Policy", k_policy},
                                      {"X-Content-Type-Options", "nosniff"},
                                      {"Referrer-Policy", "no-referrer"},
                                      {"Cross-Origin-Opener-Policy", "same-origin"},
                                      {"Cross-Origin-Resource-Policy", "same-origin"},
                                      {"Cache-Control", asset ? "no-cache" : "no-store"}})
        response.headers.emplace_back(name, value);
}

}  // namespace

Console::Console(ConsoleParts parts, ConsoleOptions options, Users users, Entropy& entropy)
    : parts_(parts), options_(std::move(options)), login_(std::move(users), parts.clock, entropy, parts.log) {}

http::Response Console::answer(http::Request request) {
    auto response = route(request);
    add_security(request, response);
    return response;
}

http::Response Console::refuse(const http::Request& request, http::Refused why) {
    auto response = error(http::status_of(why), http::print(why), "The request cannot be answered");
    if (why == http::Refused::internal_error) parts_.log.write(Event::internal_error, {});
    add_security(request, response);
    return response;
}

// A name that was pointed at this address by somebody else is no name of ours (DNS rebinding).
bool Console::is_ours(std::string host) const {
    host = lower(std::move(host));
    const std::string port = ':' + std::to_string(options_.port);
    return host == "localhost" + port || host == "127.0.0.1" + port ||
           std::ranges::find(options_.hosts, host) != options_.hosts.end();
}

http::Response Console::route(const http::Request& request) {
    if (!is_ours(request.host)) return error(421, "host", "This is not the address of a console");
    if (!same_origin(request)) return error(403, "origin", "Only the console's own page may ask");
    return is_api(request.path) ? api(request) : page(request);
}

http::Response Console::api(const http::Request& request) {
    const bool login = request.path == "/api/login", logout = request.path == "/api/logout";
    const auto* address = std::ranges::find(k_addresses, request.path, &Address::path);
    if (!login && !logout && address == std::end(k_addresses)) return not_found();
    const std::string_view method = login || logout ? "POST" : address->method;
    if (!takes(method, request.method)) return method_not_allowed(method);
    if (method == "POST" && !is_json(request)) return error(415, "type", "A body is application/json");
    if (login) return login_.enter(request);
    const User* user = login_.user_of(request);
    if (user == nullptr) return error(401, "login", "Log in first");
    if (logout) return login_.leave(request);
    return address->answer({request, *user, parts_, options_});
}

}  // namespace proctor::console
