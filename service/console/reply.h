// The shapes of the console's answers and what it reads of a request beside its body.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/server.h"

namespace proctor::console {

[[nodiscard]] http::Response json(std::string body);
// {"error":"word","message":"A sentence"}; both are this program's own.
[[nodiscard]] http::Response error(int status, std::string_view word, std::string_view message);
[[nodiscard]] http::Response no_content();

// A parameter of the query; percent-encoding is not undone, since what we read needs none.
[[nodiscard]] std::optional<std::string_view> parameter(const http::Request& request, std::string_view name);
// A number out of `allowed`, whose first stands where none is given. Nothing: another value.
[[nodiscard]] std::optional<int> parameter_out_of(const http::Request& request, std::string_view name,
                                                  const std::vector<int>& allowed);

[[nodiscard]] std::optional<std::string_view> cookie(const http::Request& request, std::string_view name);

// localhost or 127.0.0.1, with whatever port.
[[nodiscard]] bool is_loopback(std::string_view host);

}  // namespace proctor::console
