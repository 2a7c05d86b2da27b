#include "store/database_address.h"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace proctor::store {
namespace {

struct Free {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, Free>;

std::string find(const Options& options, std::string_view name) {
    for (const auto* one = options.get(); one != nullptr && one->keyword != nullptr; ++one)
        if (one->keyword == name && one->val != nullptr) return one->val;
    return "";
}

// An empty host is the socket that Debian's libpq was built with.
bool stays_here(std::string_view host) {
    constexpr std::string_view k_loopback[] = {"", "localhost", "127.0.0.1", "::1"};
    return host.substr(0, 1) == "/" ||
           std::find(std::begin(k_loopback), std::end(k_loopback), host) != std::end(k_loopback);
}

// libpq's list of hosts, which it tries one after the other.
bool all_stay_here(std::string_view hosts) {
    while (true) {
        const auto comma = std::min(hosts.find(','), hosts.size());
        if (!stays_here(hosts.substr(0, comma))) return false;
        if (comma == hosts.size()) return true;
        hosts.remove_prefix(comma + 1);
    }
}

}  // namespace

Status check_database(const std::string& where, const std::string& place) {
    const Options given(PQconninfoParse(where.c_str(), nullptr));
    const Options usual(PQconndefaults());
    if (given == nullptr || usual == nullptr) return Error{"is no connection string that libpq understands", place};
    if (!find(given, "password").empty()) return Error{"a password belongs into a passfile, not here", place};
    const auto option = [&](std::string_view name) {
        const auto said = find(given, name);
        return said.empty() ? find(usual, name) : said;
    };
    const auto address = option("hostaddr");
    const bool here = option("service").empty() && all_stay_here(address.empty() ? option("host") : address);
    if (!here && option("sslmode") != "verify-full")
        return Error{"a database on another host needs sslmode=verify-full", place};
    return Done{};
}

}  // namespace proctor::store
