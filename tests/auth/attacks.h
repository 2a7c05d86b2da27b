// Tokens with what the verifier has to say of each.
#pragma once

#include <gtest/gtest.h>

#include "auth/tokens.h"

namespace proctor::auth::signing {

inline constexpr std::optional<Reason> k_accepted;

struct Attack {
    std::string name;
    std::string authorization;
    std::optional<Reason> expected;
    bool every_algorithm = false;  // with the client's list of algorithms wide open
};
using Attacks = std::vector<Attack>;

inline std::string_view verdict(const std::optional<Reason>& reason) { return reason ? print(*reason) : "accepted"; }

inline void expect_verdicts(const Attacks& rows) {
    const TokenPolicy closed = default_policy(), open = open_policy();
    for (const Attack& row : rows) {
        const auto reason = judge(row.authorization, row.every_algorithm ? open : closed);
        EXPECT_EQ(verdict(reason), verdict(row.expected)) << row.name;
    }
}

}  // namespace proctor::auth::signing
