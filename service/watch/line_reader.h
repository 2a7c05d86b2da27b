// A file's lines one after the other, in the memory of one line. It knows nothing of what they say.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace proctor::watch {

class LineReader final {
public:
    enum class End : std::uint8_t {
        feed,  // a whole line
        none,  // the file ended before its line feed
        long_  // longer than limits::k_audit_line_bytes; perhaps not all of it
    };
    struct Read {
        std::string_view text;  // without the line feed; until the next call
        End end;
    };

    // Reads from this place of the file on, which stays open meanwhile and keeps its own position.
    LineReader(int file, off_t from) : file_(file), at_(from) {}
    // Nothing: the end of the file.
    [[nodiscard]] std::optional<Read> next();
    // Where the next line begins.
    [[nodiscard]] off_t at() const { return at_; }
    [[nodiscard]] bool failed() const { return failed_; }

private:
    bool fill();

    int file_;
    off_t at_;
    std::string buffer_;
    std::size_t begin_ = 0, next_ = 0;  // where in it the last line began, and the bytes to the next
    bool failed_ = false;
};

}  // namespace proctor::watch
