#include "watch/audit.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "base/limits.h"

namespace proctor::watch {
namespace {

constexpr std::chrono::seconds k_tick{1};

std::string number(std::size_t count) { return std::to_string(count); }

bool is_stop(Event event) { return event == Event::stopped || event == Event::listener_failed; }

}  // namespace

Result<std::unique_ptr<Audit>> Audit::open(AuditOptions options, const Clock& clock) {
    auto file = AuditFile::open(options.path, options.may_begin ? std::optional(Place()) : std::nullopt);
    if (!file) return file.error();
    return std::unique_ptr<Audit>(new Audit(std::move(options), clock, std::move(file).value()));
}

Audit::Audit(AuditOptions options, const Clock& clock, std::unique_ptr<AuditFile> file)
    : options_(std::move(options)),
      clock_(clock),
      unclosed_(options_.key && file->place().n > 0 && !file->place().closed),
      file_(std::move(file)),
      minute_(clock.steady()) {}

Audit::~Audit() {
    {
        const std::lock_guard lock(waiting_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
    {
        const std::lock_guard lock(mutex_);
        write_minute(clock_.now(), Sign::what_is_not);
    }
    sync();
}

void Audit::start() {
    thread_ = std::thread([this] {
        std::unique_lock lock(waiting_);
        while (!wake_.wait_for(lock, k_tick, [this] { return stopping_; })) {
            lock.unlock();
            try {
                tick();
            } catch (const std::exception&) {  // out of memory: what was counted stays
            }
            lock.lock();
        }
    });
}

void Audit::write(Event event, const LogFields& fields) {
    (void)take(event, fields, Sign::when_many);
    if (is_stop(event)) sync();
}

bool Audit::record(Event event, const LogFields& fields) {
    const bool written = take(event, fields, Sign::what_is_not);
    sync();
    return written && !unsynced_;
}

bool Audit::take(Event event, const LogFields& fields, Sign sign) {
    try {
        return audit(event, fields, sign);
    } catch (const std::exception&) {  // no memory for it
        const std::lock_guard lock(mutex_);
        lose(1, clock_.now());
        return false;
    }
}

bool Audit::audit(Event event, const LogFields& fields, Sign sign) {
    const auto acts = acts_of(event, fields);
    if (acts.empty()) return true;
    const auto now = clock_.now();
    const bool starting = event == Event::started;
    const bool stopping = is_stop(event);
    std::vector<std::string> events;
    for (const Act act : acts) {
        if (is_counted(act)) continue;
        Audited audited{act, fields, now, {}, {}};
        if (starting && unclosed_) audited.details.emplace_back("trail", "did not end with a stop");
        events.push_back(write_audit_event(audited, options_.source));
    }
    const std::lock_guard lock(mutex_);
    if (is_counted(acts.front())) {
        count(acts.front(), fields, now);
        return true;
    }
    if (stopping) write_minute(now, Sign::when_many);
    running_ = running_ || starting;
    const bool written = append(events, now, stopping ? Sign::closing : starting ? Sign::what_is_not : sign);
    running_ = running_ && !stopping;
    if (!written) lose(events.size(), now);
    return written;
}

void Audit::count(Act act, const LogFields& fields, WallTime now) {
    auto& counted = counted_[{act, fields.status.value_or(0), std::string(fields.reason), std::string(fields.client),
                              std::string(fields.user)}];
    if (counted.count++ == 0) counted.first = now;
    counted.last = now;
}

std::vector<std::string> Audit::counted_events(WallTime now) const {
    std::vector<std::string> events;
    for (const auto& [key, repeated] : counted_) {
        const auto& [act, status, reason, client, user] = key;
        LogFields fields;
        if (status != 0) fields.status = status;
        fields.reason = reason;
        fields.client = client;
        fields.user = user;
        events.push_back(write_audit_event({act, fields, now, repeated, {}}, options_.source));
    }
    return events;
}

// What cannot be written stays counted.
void Audit::write_minute(WallTime now, Sign sign) {
    if (append(counted_events(now), now, sign)) counted_.clear();
    minute_ = clock_.steady();
}

void Audit::tick() {
    {
        const std::lock_guard lock(mutex_);
        const auto now = clock_.now();
        if (clock_.steady() - minute_ >= std::chrono::seconds{limits::k_audit_minute_seconds})
            write_minute(now, Sign::what_is_not);
        else if (lost_ || leaving_ || misplaced_)
            (void)append({}, now, Sign::when_many);
    }
    sync();
}

bool Audit::append(const std::vector<std::string>& events, WallTime now, Sign sign) {
    const bool done = add({events, now, sign});
    losing_ = lost_.has_value();
    return done;
}

// All of it in the turn of the file that may be left: nobody else goes on from the line that the next one goes on from.
bool Audit::add(const Addition& added) {
    const auto file = file_;
    const AuditFile::Turn turn(*file);
    if (!turn.held()) return false;
    const bool ended = file->left(), deleted = file->deleted();
    switch (file->named()) {
        case AuditFile::Named::this_one: leaving_ = misplaced_ = false; break;
        case AuditFile::Named::none:
            if (ended) return false;  // the one that goes on from it was renamed this moment
            if ((leaving_ || deleted) && begin_next(added)) return true;
            misplaced_ = leaving_ || deleted;
            break;
        case AuditFile::Named::next: misplaced_ = !go_over(); return !misplaced_ && add(added);
        case AuditFile::Named::other: misplaced_ = true; break;
    }
    return !ended && !deleted && write_lines(*file, added);
}

bool Audit::go_over() {
    auto next = AuditFile::open(options_.path, std::nullopt);
    if (!next) return false;
    left_.push_back(std::exchange(file_, std::move(next).value()));
    return true;
}

// True, and nothing is begun: there is nothing to write yet.
bool Audit::begin_next(const Addition& added) {
    const bool deleted = file_->deleted();
    if (!deleted) (void)write_lines(*file_, {{}, added.now, Sign::what_is_not});
    auto next = AuditFile::open(options_.path, file_->place());
    if (!next) return false;
    const AuditFile::Turn turn(**next);
    if (!turn.held() || !(*next)->empty()) return false;
    std::vector<std::string> events = added.events;
    if (deleted) events.insert(events.begin(), deleted_event(added.now));
    if (!write_lines(**next, {events, added.now, added.sign})) return false;
    misplaced_ = false;
    if ((*next)->empty()) return true;
    file_->leave();
    left_.push_back(std::exchange(file_, std::move(next).value()));
    leaving_ = false;
    return true;
}

bool Audit::write_lines(AuditFile& file, const Addition& added) {
    const auto& key = options_.key;
    const bool closing = added.sign == Sign::closing;
    const bool done = file.add([&](Place& place, const std::optional<Torn>& torn) {
        std::string text;
        const bool as_found = !running_ && (place.closed || place.n == 0);
        const auto add_head = [&](bool closed) { text += write_head_line(place, *key, added.now, closed); };
        const auto add_event = [&](const std::string& event) {
            text += write_event_line(place, event);
            if (key && place.n - place.head >= limits::k_audit_head_lines) add_head(as_found);
        };
        if (key && file.empty() && place.n > 0) add_head(as_found);
        if (torn) add_event(torn_event(*torn, added.now));
        if (lost_) add_event(lost_event(added.now));
        for (const auto& event : added.events) add_event(event);
        const bool unsigned_ = place.n > place.head;
        if (key && (closing || (added.sign == Sign::what_is_not && unsigned_))) add_head(closing || as_found);
        written_ = written_ || !text.empty();
        return text;
    });
    if (done) lost_.reset();
    return done;
}

void Audit::lose(std::size_t events, WallTime now) {
    if (!lost_) lost_ = Repeated{0, now, now};
    lost_->count += events;
    lost_->last = now;
    losing_ = true;
}

std::string Audit::lost_event(WallTime now) const {
    return write_audit_event({Act::lost, {}, now, lost_, {}}, options_.source);
}

std::string Audit::torn_event(const Torn& torn, WallTime now) const {
    return write_audit_event({Act::torn, {}, now, {}, {{"tornBytes", number(torn.bytes)}, {"tornSha256", torn.sha256}}},
                             options_.source);
}

std::string Audit::deleted_event(WallTime now) const {
    return write_audit_event({Act::deleted, {}, now, {}, {{"trail", "its file was deleted"}}}, options_.source);
}

Status Audit::reopen() {
    {
        const std::lock_guard lock(mutex_);
        leaving_ = true;
        (void)append({}, clock_.now(), Sign::when_many);
    }
    sync();
    if (misplaced_) return Error{"the file that has the name now cannot be used", options_.path};
    return Done{};
}

// Not under the lock of what is written: a slow disk makes nobody wait but who asks for this.
void Audit::sync() {
    const std::lock_guard syncing(syncing_);
    std::vector<std::shared_ptr<AuditFile>> files;
    {
        const std::lock_guard lock(mutex_);
        try {
            if (written_) left_.push_back(file_);
        } catch (const std::bad_alloc&) {  // the next time
            unsynced_ = true;
            return;
        }
        written_ = false;
        files.swap(left_);
    }
    if (files.empty()) return;
    const auto on_disk = std::count_if(files.begin(), files.end(), [](const auto& file) { return file->sync(); });
    unsynced_ = static_cast<std::size_t>(on_disk) != files.size();
}

}  // namespace proctor::watch
