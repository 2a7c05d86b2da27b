// The file of the audit trail: lines are added at its end, by one process or by several in turn, and nothing else ever
// happens to it. It knows the chain and nothing of what its lines say.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "watch/audit_chain.h"

namespace proctor::watch {

// Half a line that a power cut left at the end, moved to the file's name with ".torn" behind it.
struct Torn {
    std::size_t bytes = 0;
    std::string sha256;
};

// Calls are one at a time, but for sync(), which may be at the same time as another.
class AuditFile final {
public:
    // Opens the file, or makes it with mode 0600. An empty one goes on from `place`, another from its last line. Error:
    // no regular file, one that others may use, one whose last lines are not of one chain; without a place one that
    // has no line, or is not there.
    [[nodiscard]] static Result<std::unique_ptr<AuditFile>> open(const std::string& path,
                                                                 const std::optional<Place>& place);
    ~AuditFile();
    AuditFile(const AuditFile&) = delete;
    AuditFile& operator=(const AuditFile&) = delete;

    // No other process adds to the file while this lives, and what they added before is known, if it is held.
    class Turn {
    public:
        explicit Turn(AuditFile& file);
        ~Turn();
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        [[nodiscard]] bool held() const { return held_ && caught_up_; }

    private:
        int file_;
        bool held_, caught_up_;
    };

    // Gives whole lines and moves the place behind them; `torn` is what to report with them.
    using Compose = std::function<std::string(Place& place, const std::optional<Torn>& torn)>;
    // In a turn. Adds the lines, all or none; none when false. Where the end was cut off or replaced meanwhile the
    // lines follow what stood there, so that it shows.
    [[nodiscard]] bool add(const Compose& compose);
    // On the disk.
    [[nodiscard]] bool sync() const;

    enum class Named : std::uint8_t {
        this_one,
        none,  // no file, or one without a line
        next,  // a file that goes on from this one, or from one that does
        other  // one that does not, or cannot be read
    };
    // In a turn: what the name means now.
    [[nodiscard]] Named named() const;
    // It has no name any more.
    [[nodiscard]] bool deleted() const;
    // In a turn, once the next file has a line: makes this one read-only, by which other processes know it, whatever
    // was renamed since.
    void leave() const;
    [[nodiscard]] bool left() const;
    [[nodiscard]] bool empty() const { return end_ == 0; }
    [[nodiscard]] const Place& place() const { return place_; }

private:
    AuditFile(int file, std::string path, Place place)
        : file_(file), path_(std::move(path)), place_(std::move(place)) {}
    Status read_end(bool may_be_empty);
    [[nodiscard]] bool catch_up();
    [[nodiscard]] bool set_aside(std::string_view torn);

    const int file_;
    const std::string path_;
    Place place_;
    off_t end_ = 0;  // behind the last whole line that is known
    std::optional<Torn> torn_;
};

}  // namespace proctor::watch
