#include "console/login.h"

#include <utility>

#include "console/reply.h"
#include "rules/parse_json.h"

namespace proctor::console {
namespace {

constexpr const char* k_cookie = "proctor_console";
constexpr std::size_t k_values = 8;

struct Credentials {
    std::string user, password;
};

std::optional<Credentials> read(const std::string& body) {
    const auto parsed = rules::parse_json(body, k_values);
    if (!parsed) return std::nullopt;
    const auto* user = parsed->find("user");
    const auto* password = parsed->find("password");
    using Kind = rules::Node::Kind;
    if (user == nullptr || password == nullptr || user->kind != Kind::string || password->kind != Kind::string)
        return std::nullopt;
    // Nobody has a longer name, and what was tried is remembered.
    return Credentials{user->text.substr(0, limits::k_console_name_characters + 1), password->text};
}

std::string cookie_of(const std::string& value, const http::Request& request) {
    const char* secure = is_loopback(request.host) ? "" : "; Secure";
    return std::string(k_cookie) + '=' + value + "; HttpOnly; SameSite=Strict; Path=/" + secure;
}

}  // namespace

Login::Login(Users users, const Clock& clock, Entropy& entropy, Log& log)
    : users_(std::move(users)), log_(log), attempts_(clock), sessions_(clock, entropy) {}

http::Response Login::enter(const http::Request& request) {
    const auto given = read(request.body);
    if (!given) return error(400, "malformed", "A user and a password are needed");
    const std::lock_guard lock(one_at_a_time_);
    if (!attempts_.may_try(given->user, request.remote)) {
        record("", "throttled", 429);
        auto response = error(429, "throttled", "Too many failures; try again in a minute");
        response.headers.emplace_back("Retry-After", std::to_string(limits::k_login_failure_seconds));
        return response;
    }
    const User* user = users_.find(given->user, given->password);
    if (user == nullptr) {
        attempts_.record_failure(given->user, request.remote);
        record(users_.named(given->user) != nullptr ? given->user : "", "refused", 401);
        return error(401, "login", "The user or the password is wrong");
    }
    record(user->name, "accepted", 204);
    auto response = no_content();
    response.headers.emplace_back("Set-Cookie", cookie_of(sessions_.open(user->name), request));
    return response;
}

http::Response Login::leave(const http::Request& request) {
    if (const auto token = cookie(request, k_cookie)) sessions_.close(*token);
    auto response = no_content();
    response.headers.emplace_back("Set-Cookie", cookie_of("", request) + "; Max-Age=0");
    return response;
}

const User* Login::user_of(const http::Request& request) {
    const auto token = cookie(request, k_cookie);
    const auto name = token ? sessions_.find(*token) : std::nullopt;
    return name ? users_.named(*name) : nullptr;
}

// A name that nobody has is somebody's typing, perhaps a password: it is not told.
void Login::record(std::string_view user, std::string_view reason, int status) {
    LogFields fields;
    fields.user = user;
    fields.reason = reason;
    fields.status = status;
    log_.write(Event::login, fields);
}

}  // namespace proctor::console
