#include "console/users.h"

#include <algorithm>
#include <optional>

#include "base/limits.h"

namespace proctor::console {
namespace {

bool is_name(std::string_view text) {
    constexpr std::string_view k_allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return !text.empty() && text.size() <= limits::k_console_name_characters &&
           text.find_first_not_of(k_allowed) == std::string_view::npos;
}

std::optional<std::string> fault_in(std::string_view name, const std::vector<std::string>& roles) {
    if (!is_name(name)) return "a name is 1 to 64 letters, digits, '.', '_' or '-'";
    const auto known = [](const std::string& role) {
        return std::ranges::find(role_names(), role) != role_names().end();
    };
    if (roles.empty() || !std::ranges::all_of(roles, known)) return "roles are \"quality\" and \"export\"";
    return std::nullopt;
}

std::vector<std::string> split_roles(std::string_view text) {
    std::vector<std::string> roles(1);
    for (const char c : text) {
        if (c == ',') {
            roles.emplace_back();
        } else {
            roles.back() += c;
        }
    }
    return roles;
}

// name:roles:hash
Result<User> parse_user(std::string_view line) {
    const auto first = line.find(':');
    const auto second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos)
        return Error{"must be name:roles:hash, as `proctor console-user` writes it", ""};
    const auto name = line.substr(0, first);
    const auto roles = split_roles(line.substr(first + 1, second - first - 1));
    if (auto fault = fault_in(name, roles)) return Error{*fault, ""};
    auto password = Password::parse(line.substr(second + 1));
    if (!password) return password.error();
    return User{std::string(name), {roles.begin(), roles.end()}, std::move(password).value()};
}

}  // namespace

const std::vector<std::string>& role_names() {
    static const std::vector<std::string> names = {"quality", "export"};
    return names;
}

Result<std::string> new_user_line(const std::string& name, const std::vector<std::string>& roles,
                                  std::string_view password, Entropy& entropy) {
    if (auto fault = fault_in(name, roles)) return Error{*fault, ""};
    if (password.size() < limits::k_password_least)
        return Error{"a password has at least " + std::to_string(limits::k_password_least) + " characters", ""};
    if (password.size() > limits::k_password_most)
        return Error{"a password has at most " + std::to_string(limits::k_password_most) + " characters", ""};
    Salt salt{};
    entropy.fill(salt);
    const auto hashed = Password::of(password, salt);
    if (!hashed) return hashed.error();
    std::string line = name + ':';
    for (const auto& role : roles) line += (line.back() == ':' ? "" : ",") + role;
    return line + ':' + hashed->print();
}

Result<Users> Users::parse(std::string_view text, const std::string& file) {
    std::vector<User> users;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (line.empty() || line.front() == '#') continue;
        const std::string where = file + ", line " + std::to_string(number);
        auto user = parse_user(line);
        if (!user) return Error{user.error().message, where};
        if (std::ranges::find(users, user->name, &User::name) != users.end())
            return Error{"the user stands twice", where};
        users.push_back(std::move(user).value());
    }
    if (users.empty()) return Error{"holds no user; `proctor console-user NAME` makes a line", file};
    return Users(std::move(users));
}

const User* Users::find(std::string_view name, std::string_view password) const {
    const User* known = named(name);
    const User& looked_at = known != nullptr ? *known : users_.front();
    const bool right = looked_at.password.matches(password.substr(0, limits::k_password_most));
    return right && password.size() <= limits::k_password_most ? known : nullptr;
}

const User* Users::named(std::string_view name) const {
    const auto known = std::ranges::find(users_, name, &User::name);
    return known == users_.end() ? nullptr : &*known;
}

}  // namespace proctor::console
