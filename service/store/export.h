// What was shown and what was said of it, for people's own tools: a row a card for those who may see that, and counts
// from which nobody can be told apart. It knows no file and no database.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/closed_months.h"
#include "store/feedback.h"
#include "store/secrets.h"
#include "store/table.h"

namespace proctor::store {

struct RowsWanted {
    ExportFormat format = ExportFormat::csv;
    WallTime since{};                       // when the card was shown
    const CommentKeys* comments = nullptr;  // null: without comments
};

// A row for each card, with what 45 CFR 170.315(b)(11) asks of feedback: the intervention (rule, row, version,
// revision of the content), the action ("accepted", "overridden", "none"; "quiet": held back, as it was answered
// before), the feedback (reason, comment), the user (keyed hash), the date, and the location (client, tenant). Of
// several answers the last counts. Gives the number of rows. Error: the store is away, or the sink took no more.
[[nodiscard]] Result<std::size_t> export_rows(FeedbackStore& store, const RowsWanted& wanted, const Sink& sink);

// Counts by month, client, rule, version, outcome and reason, small ones hidden: see export_counts.cpp. Gives the
// number of rows. Errors: the same.
[[nodiscard]] Result<std::size_t> export_counts(FeedbackStore& store, ExportFormat format,
                                                const std::vector<ClosedMonth>& months, const Sink& sink);

}  // namespace proctor::store
