// A backup in memory.
#pragma once

#include <sstream>
#include <string>
#include <utility>

#include "store/backup.h"

namespace proctor::store {

class TextLines final : public BackupLines {
public:
    explicit TextLines(std::string text) : text_(std::move(text)) {}
    void rewind() override { in_ = std::istringstream(text_); }
    [[nodiscard]] bool next(std::string& line) override { return static_cast<bool>(std::getline(in_, line)); }

private:
    std::string text_;
    std::istringstream in_;
};

// "error: ..." when there is none.
inline std::string backup_of(FeedbackStore& store, WallTime made) {
    std::string text;
    const auto counts = write_backup(store, made, [&](std::string_view bytes) { return text.append(bytes), true; });
    return counts ? text : "error: " + counts.error().message;
}

}  // namespace proctor::store
