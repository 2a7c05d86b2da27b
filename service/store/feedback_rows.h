// The rows of the feedback store as values, and back. It knows the order of the columns and no database.
#pragma once

#include <string>
#include <vector>

#include "store/feedback.h"
#include "store/sql.h"

namespace proctor::store {

// Of `shown` and `feedback`, in the order of the rows below.
inline constexpr const char* k_shown_columns =
    "client, tenant, card, service, hook, rule, rule_row, version, indicator, content, patient, user_hash, evidence, "
    "quiet, shown_at";
inline constexpr const char* k_feedback_columns =
    "key, client, tenant, service, card, accepted, suggestions, reason_system, reason_code, comment, outcome_at, "
    "received_at";  // and matched

// What no database may refuse: whatever is not UTF-8, or is a NUL, becomes U+FFFD. It would keep all that is committed
// with it out.
[[nodiscard]] std::string storable(std::string_view text);
[[nodiscard]] std::string print_time(WallTime time);

[[nodiscard]] Sql::Values write_shown(const ShownCard& card);
[[nodiscard]] Sql::Values write_feedback(const CardFeedback& one);

// Of rows as they were selected.
[[nodiscard]] ShownCard read_shown(Sql::Values row);
[[nodiscard]] KeptFeedback read_kept(Sql::Values row);
[[nodiscard]] PastAnswer read_answer(Sql::Values row);
[[nodiscard]] Tally read_tally(Sql::Values row);

}  // namespace proctor::store
