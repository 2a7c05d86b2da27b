// The audit trail: every event of the log that is audited becomes a line of a chain (audit_chain.h) in a file, before
// the call that it is about is answered. What anybody can cause without end is counted and written by the minute. A
// file that cannot be written never stops anybody: what is lost is counted, and the chain says so when it goes on.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "watch/audit_event.h"
#include "watch/audit_file.h"
#include "watch/audit_key.h"

namespace proctor::watch {

struct AuditOptions {
    std::string path;
    AuditSource source;
    std::optional<AuditKey> key;  // which can sign; none: no heads
    bool may_begin = true;        // a trail where there is none
};

// Several processes may write to one trail; one at a time does. They meet in the file that has the name: whoever is
// left with one that was renamed goes on in the next as soon as that has a line, and the first line is written while no
// other process can add to the old one.
class Audit final : public Log {
public:
    // Errors: those of AuditFile::open(). Refers to the clock.
    [[nodiscard]] static Result<std::unique_ptr<Audit>> open(AuditOptions options, const Clock& clock);
    // Writes what is counted, signs what is unsigned.
    ~Audit() override;
    Audit(const Audit&) = delete;
    Audit& operator=(const Audit&) = delete;

    // Calls tick() each second from here on, from a thread of its own.
    void start();
    // The first event is signed with what stood before it, and so is the stop, which is on the disk when this returns.
    void write(Event event, const LogFields& fields) override;
    // Signed at once. False: the event is not on the disk.
    [[nodiscard]] bool record(Event event, const LogFields& fields) override;
    // What is due: the minute's counts and its head, what was lost, and what was written to the disk.
    void tick();
    // After logrotate: signs and leaves the old file, and goes on in the one that has its name now, which begins with a
    // head; without a key as soon as there is an event. Error: the file cannot be used; then the old one stays, until
    // it can.
    Status reopen();

    // For health: events were lost and not yet reported, the disk did not take what was written, or the file that has
    // the name now cannot be used, or does not go on from the one that is written.
    [[nodiscard]] bool failing() const { return losing_ || unsynced_ || misplaced_; }

private:
    enum class Sign : std::uint8_t { when_many, what_is_not, closing };
    struct Addition {
        const std::vector<std::string>& events;
        WallTime now;
        Sign sign;
    };
    using Counted = std::tuple<Act, int, std::string, std::string, std::string>;  // status, reason, client, user

    Audit(AuditOptions options, const Clock& clock, std::unique_ptr<AuditFile> file);
    [[nodiscard]] bool take(Event event, const LogFields& fields, Sign sign);
    [[nodiscard]] bool audit(Event event, const LogFields& fields, Sign sign);
    void count(Act act, const LogFields& fields, WallTime now);
    void write_minute(WallTime now, Sign sign);
    [[nodiscard]] std::vector<std::string> counted_events(WallTime now) const;
    [[nodiscard]] bool append(const std::vector<std::string>& events, WallTime now, Sign sign);
    [[nodiscard]] bool add(const Addition& added);
    [[nodiscard]] bool go_over();
    [[nodiscard]] bool begin_next(const Addition& added);
    [[nodiscard]] bool write_lines(AuditFile& file, const Addition& added);
    [[nodiscard]] std::string lost_event(WallTime now) const;
    [[nodiscard]] std::string torn_event(const Torn& torn, WallTime now) const;
    [[nodiscard]] std::string deleted_event(WallTime now) const;
    void lose(std::size_t events, WallTime now);
    void sync();

    const AuditOptions options_;
    const Clock& clock_;
    const bool unclosed_;  // what was there before did not end with a stop

    std::mutex mutex_;  // of what follows
    std::shared_ptr<AuditFile> file_;
    std::vector<std::shared_ptr<AuditFile>> left_;  // not yet on the disk
    bool leaving_ = false;                          // file_ was renamed
    // Its keys are words of this program and names of the configuration, so there are few.
    std::map<Counted, Repeated> counted_;
    std::optional<Repeated> lost_;
    SteadyTime minute_;  // began
    bool written_ = false;
    bool running_ = false;  // between a start and a stop; otherwise heads say of the service what those before them do

    std::mutex syncing_;  // taken before mutex_
    std::atomic<bool> losing_ = false, unsynced_ = false, misplaced_ = false;
    std::mutex waiting_;  // of stopping_
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace proctor::watch
