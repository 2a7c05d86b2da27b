// Who may use the console: lines of "name:roles:password hash", roles separated by commas. It knows no file and no
// session.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/entropy.h"
#include "base/result.h"
#include "console/password.h"

namespace proctor::console {

// "quality": everything but rows of the export; "export": those, too.
[[nodiscard]] const std::vector<std::string>& role_names();

struct User {
    std::string name;             // 1 to 64 letters, digits, '.', '_' and '-'
    std::set<std::string> roles;  // of role_names(), at least one
    Password password;
};

// A line for the file, without its end. Error: a name or role that it cannot have; a password that is too short or too
// long.
[[nodiscard]] Result<std::string> new_user_line(const std::string& name, const std::vector<std::string>& roles,
                                                std::string_view password, Entropy& entropy);

class Users final {
public:
    // At least one user; empty lines and lines that begin with "#" are skipped. Errors name the file and the line and
    // repeat nothing of it.
    [[nodiscard]] static Result<Users> parse(std::string_view text, const std::string& file);

    // The user with this password, or null; the same work when there is no such user. Valid as long as the users.
    [[nodiscard]] const User* find(std::string_view name, std::string_view password) const;
    [[nodiscard]] const User* named(std::string_view name) const;

private:
    explicit Users(std::vector<User> users) : users_(std::move(users)) {}
    std::vector<User> users_;
};

}  // namespace proctor::console
