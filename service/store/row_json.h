// Rows of the feedback store as lines of JSON, and back, without loss. It knows no file and no store.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "store/feedback.h"

namespace proctor::store {

// {"feedback":{...}} or {"shown":{...}}, without a line's end. Nothing: a text is no UTF-8.
[[nodiscard]] std::optional<std::string> write_row(const KeptFeedback& row);
[[nodiscard]] std::optional<std::string> write_row(const ShownCard& row);

using Row = std::variant<KeptFeedback, ShownCard>;
// Every member, and no other. Errors repeat nothing of the line.
[[nodiscard]] Result<Row> read_row(std::string_view line);

}  // namespace proctor::store
