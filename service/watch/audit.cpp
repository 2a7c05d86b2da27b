#include "watch/audit.h"

#include <exception>
#include <utility>

#include "base/limits.h"

namespace proctor::watch {
namespace {

constexpr std::chrono::seconds k_tick{1};

std::string number(std::size_t count) { return std::to_string(count); }

bool is_stop(Event event) { return event == Event::stopped || event == Event::listener_failed; }

}  // namespace

Result<std::unique_ptr<Audit>> Audit::open(AuditOptions options, const Clock& clock) {
    auto file = AuditFile::open(options.path, {});
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
        else if (lost_)
            (void)append({}, now, Sign::when_many);
    }
    sync();
}

bool Audit::append(const std::vector<std::string>& events, WallTime now, Sign sign) {
    const auto& key = options_.key;
    const bool done = file_->append([&](Place& place, const std::optional<Torn>& torn) {
        std::string text;
        const bool as_found = !running_ && (place.closed || place.n == 0);
        const auto add_head = [&] { text += write_head_line(place, *key, now, sign == Sign::closing || as_found); };
        const auto add = [&](const std::string& event) {
            text += write_event_line(place, event);
            if (key && place.n - place.head >= limits::k_audit_head_lines) add_head();
        };
        if (torn) add(torn_event(*torn, now));
        if (lost_) add(lost_event(now));
        for (const auto& event : events) add(event);
        const bool always = sign == Sign::opening || sign == Sign::closing;
        if (key && (always || (sign == Sign::what_is_not && place.n > place.head))) add_head();
        written_ = written_ || !text.empty();
        return text;
    });
    if (done) lost_.reset();
    losing_ = lost_.has_value();
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

Status Audit::reopen() {
    std::shared_ptr<AuditFile> former;
    {
        const std::lock_guard lock(mutex_);
        misplaced_ = false;
        if (file_->is_at(options_.path)) return Done{};
        (void)append({}, clock_.now(), Sign::what_is_not);
        auto next = AuditFile::open(options_.path, file_->place());
        misplaced_ = !next;
        if (!next) return next.error();
        former = std::exchange(file_, std::move(next).value());
        (void)append({}, clock_.now(), Sign::opening);
    }
    if (!former->sync()) unsynced_ = true;
    return Done{};
}

// Not under the lock of what is written: a slow disk makes nobody wait but who asks for this.
void Audit::sync() {
    const std::lock_guard syncing(syncing_);
    std::shared_ptr<AuditFile> file;
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(written_, false)) file = file_;
    }
    if (file) unsynced_ = !file->sync();
}

}  // namespace proctor::watch
