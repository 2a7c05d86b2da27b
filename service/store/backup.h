// The whole feedback store as a text that either database can be filled from again: lines of JSON, a header, feedback,
// what was shown, and a last line with the number of rows and the SHA-256 of all before it. Feedback goes first, so a
// backup of a store in use has the card of whatever feedback it has. It knows no file and no database.
#pragma once

#include <cstddef>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "store/feedback.h"
#include "store/table.h"

namespace proctor::store {

struct RowCounts {
    std::size_t feedback = 0, shown = 0;
    friend bool operator==(const RowCounts&, const RowCounts&) = default;
};

// Error: the store is away, or the sink took no more; what was written is then no backup.
[[nodiscard]] Result<RowCounts> write_backup(FeedbackStore& store, WallTime made, const Sink& sink);

// The lines of a backup, each without its end.
class BackupLines {
public:
    virtual ~BackupLines() = default;
    // Back to the first.
    virtual void rewind() = 0;
    // False: there is no further one.
    [[nodiscard]] virtual bool next(std::string& line) = 0;
};

// Every row is whole, under its own key, and all are there. Error: the first line that is wrong.
[[nodiscard]] Result<RowCounts> check_backup(BackupLines& lines);

// Into an empty store, after check_backup(). Feedback whose card had gone before the backup matches none now. Error:
// that; a store that is not empty, or away; a file that no longer has what was checked. One that went away in between,
// or such a file, leaves a part: the store is to be emptied, and filled again.
[[nodiscard]] Result<RowCounts> restore_backup(FeedbackStore& store, BackupLines& lines);

}  // namespace proctor::store
