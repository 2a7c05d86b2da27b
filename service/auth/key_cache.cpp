#include "auth/key_cache.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/limits.h"
#include "base/waiting.h"

namespace proctor::auth {
namespace {

constexpr std::chrono::seconds k_least{limits::k_jwks_least_seconds};
constexpr std::chrono::seconds k_most{limits::k_jwks_most_seconds};
constexpr std::chrono::seconds k_usual{limits::k_jwks_usual_seconds};

bool within(const std::optional<SteadyTime>& since, int seconds, SteadyTime now) {
    return since && now < *since + std::chrono::seconds(seconds);
}

}  // namespace

std::string_view print(KeyState state) {
    switch (state) {
        case KeyState::fresh: return "fresh";
        case KeyState::stale: return "stale";
        case KeyState::unavailable: return "unavailable";
    }
    return "";
}

KeyCache::KeyCache(KeySource source, KeyServer& server, const Clock& clock, Log& log,
                   std::chrono::milliseconds patience)
    : source_(std::move(source)), server_(server), clock_(clock), log_(log), patience_(patience) {}

std::variant<Key, Reason> KeyCache::find(std::string_view kid) {
    std::unique_lock lock(mutex_);
    while (true) {
        const bool have = usable();
        if (have) {
            if (const Key* key = set_->keys.find(kid)) return *key;
        }
        const Reason none = have ? Reason::unknown_key : Reason::keys_unavailable;
        if (fetching_ && (!have || source_.file.empty())) {
            if (!await_fetch(lock)) return none;
            continue;
        }
        if (have ? !may_ask_for_unknown() : !may_try()) return none;
        asked_at_ = clock_.steady();
        (void)fetch(lock);  // a failure is remembered, and shows in the next round
    }
}

bool KeyCache::refresh_due() const {
    const std::lock_guard lock(mutex_);
    return due();
}

void KeyCache::refresh() {
    std::unique_lock lock(mutex_);
    if (due()) (void)fetch(lock);
}

Status KeyCache::reload_file() {
    if (source_.file.empty()) return Done{};
    std::unique_lock lock(mutex_);
    if (!await_fetch(lock)) return Error{"is still being read", source_.file};
    return fetch(lock);
}

KeyState KeyCache::state() const {
    const std::lock_guard lock(mutex_);
    if (!usable()) return KeyState::unavailable;
    return clock_.steady() < set_->expires ? KeyState::fresh : KeyState::stale;
}

// Without the lock: reads what does not change. An error of an address is one word.
Result<KeyCache::Set> KeyCache::obtain() const {
    KeyDocument document;
    if (source_.file.empty()) {
        auto got = server_.get(source_.url);
        if (!got) return got.error();
        document = std::move(got).value();
    } else {
        auto got = server_.read(source_.file);
        if (!got) return got.error();
        document.body = std::move(got).value();
    }
    auto keys = parse_jwks(document.body);
    if (!keys && source_.file.empty()) return Error{"keySet", {}};
    if (!keys) return Error{keys.error().message, source_.file + keys.error().where};
    Set set{std::move(keys).value(), SteadyTime::max(), SteadyTime::max()};
    if (!source_.file.empty()) return set;
    const auto lifetime = std::clamp(document.max_age.value_or(k_usual), k_least, k_most);
    const SteadyTime now = clock_.steady();
    set.refresh_at = now + lifetime * 4 / 5;
    set.expires = now + lifetime;
    return set;
}

bool KeyCache::await_fetch(std::unique_lock<std::mutex>& lock) {
    return wait_for([&] { return fetched_.wait_for(lock, patience_, [this] { return !fetching_; }); });
}

// While one lives this call fetches, without the lock. However it ends, nobody waits for ever.
class KeyCache::Fetching final {
public:
    Fetching(KeyCache& cache, std::unique_lock<std::mutex>& lock) : cache_(cache), lock_(lock) {
        cache_.fetching_ = true;
        lock_.unlock();
    }
    ~Fetching() {
        lock_.lock();
        cache_.fetching_ = false;
        cache_.fetched_.notify_all();
    }
    Fetching(const Fetching&) = delete;
    Fetching& operator=(const Fetching&) = delete;

private:
    KeyCache& cache_;
    std::unique_lock<std::mutex>& lock_;
};

// With the lock, and nobody else fetching; releases it meanwhile.
Status KeyCache::fetch(std::unique_lock<std::mutex>& lock) {
    Result<Set> got = Error{"memory", source_.file};
    {
        const Fetching fetching(*this, lock);
        try {
            got = wait_for([this] { return obtain(); });
        } catch (const std::exception&) {  // it says "memory"
        }
        if (!got && source_.file.empty()) tell(got.error().message);
    }
    if (!got) {
        failed_at_ = clock_.steady();
        return got.error();
    }
    failed_at_.reset();
    set_ = std::make_shared<const Set>(std::move(got).value());
    return Done{};
}

void KeyCache::tell(std::string_view reason) const {
    LogFields fields;
    fields.client = source_.client;
    fields.reason = reason;
    log_.write(Event::keys_failed, fields);
}

// A set past its lifetime counts only while its server fails: when nothing was tried, it is fetched first.
bool KeyCache::usable() const {
    if (!set_) return false;
    const SteadyTime now = clock_.steady();
    return now < set_->expires || (failed_at_ && now < set_->expires + source_.stale_if_error);
}

bool KeyCache::may_try() const { return !within(failed_at_, limits::k_jwks_retry_seconds, clock_.steady()); }

bool KeyCache::may_ask_for_unknown() const {
    return source_.file.empty() && !within(asked_at_, limits::k_unknown_kid_seconds, clock_.steady()) && may_try();
}

bool KeyCache::due() const {
    const bool wanted = !set_ || clock_.steady() >= set_->refresh_at;
    return source_.file.empty() && wanted && !fetching_ && may_try();
}

}  // namespace proctor::auth
