#include "console/reply.h"

#include <algorithm>
#include <utility>

#include "base/json.h"

namespace proctor::console {
namespace {

// The value of the first "name=value" among those that `separator` divides.
std::optional<std::string_view> value_in(std::string_view list, std::string_view name, char separator) {
    while (!list.empty()) {
        const auto end = std::min(list.find(separator), list.size());
        auto one = list.substr(0, end);
        list.remove_prefix(std::min(end + 1, list.size()));
        while (one.starts_with(' ')) one.remove_prefix(1);
        if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=')
            return one.substr(name.size() + 1);
    }
    return std::nullopt;
}

}  // namespace

http::Response json(std::string body) {
    http::Response response;
    response.body = std::move(body);
    return response;
}

http::Response error(int status, std::string_view word, std::string_view message) {
    auto response = json(nlohmann::ordered_json{{"error", word}, {"message", message}}.dump());
    response.status = status;
    return response;
}

http::Response no_content() {
    http::Response response;
    response.status = 204;
    return response;
}

std::optional<std::string_view> parameter(const http::Request& request, std::string_view name) {
    return value_in(request.query, name, '&');
}

std::optional<int> parameter_out_of(const http::Request& request, std::string_view name,
                                    const std::vector<int>& allowed) {
    const auto given = parameter(request, name);
    if (!given) return allowed.front();
    const auto found = std::ranges::find_if(allowed, [&](int one) { return std::to_string(one) == *given; });
    return found == allowed.end() ? std::nullopt : std::optional(*found);
}

std::optional<std::string_view> cookie(const http::Request& request, std::string_view name) {
    return value_in(request.cookie, name, ';');
}

bool is_loopback(std::string_view host) {
    const auto name = host.substr(0, host.find(':'));
    return name == "localhost" || name == "127.0.0.1";
}

}  // namespace proctor::console
