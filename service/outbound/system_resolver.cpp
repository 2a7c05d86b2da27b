#include "outbound/system_resolver.h"

#include <netdb.h>
#include <sys/socket.h>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <thread>

#include "base/limits.h"

namespace proctor::outbound {
namespace {

constexpr std::chrono::seconds k_keep(limits::k_resolved_seconds);

}  // namespace

Resolved system_look_up(const std::string& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return Failure::unresolved;
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, freeaddrinfo);
    std::vector<Address> addresses;
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
        if (const auto address = read_address(*one->ai_addr)) addresses.push_back(*address);
    }
    if (addresses.empty()) return Failure::unresolved;
    return addresses;
}

// A name waits, is looked up, and is known until it is old.
struct SystemResolver::Name {
    std::string host;
    SteadyTime old_at;
    std::optional<Resolved> resolved;

    [[nodiscard]] bool over(SteadyTime now) const {
        return resolved && (now >= old_at || std::holds_alternative<Failure>(*resolved));
    }
};

struct SystemResolver::Shared {
    explicit Shared(LookUp function) : look_up(std::move(function)) {}
    void work();

    const LookUp look_up;
    std::mutex mutex;
    std::condition_variable wake, answered;
    std::deque<std::shared_ptr<Name>> waiting;
    std::map<std::string, std::shared_ptr<Name>> names;
    bool stopping = false;
};

void SystemResolver::Shared::work() {
    std::unique_lock lock(mutex);
    while (true) {
        wake.wait(lock, [this] { return stopping || !waiting.empty(); });
        if (stopping) return;
        const auto name = std::move(waiting.front());
        waiting.pop_front();
        lock.unlock();
        Resolved resolved = Failure::unresolved;
        try {
            resolved = look_up(name->host);
        } catch (const std::bad_alloc&) {  // unresolved
        }
        lock.lock();
        name->resolved = std::move(resolved);
        answered.notify_all();
    }
}

SystemResolver::SystemResolver(const Clock& clock, LookUp look_up)
    : clock_(clock), shared_(std::make_shared<Shared>(std::move(look_up))) {
    for (std::size_t i = 0; i < limits::k_resolver_threads; ++i) {
        std::thread([shared = shared_] { shared->work(); }).detach();
    }
}

SystemResolver::~SystemResolver() {
    const std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
    shared_->wake.notify_all();
}

Resolved SystemResolver::resolve(const std::string& host, SteadyTime deadline) {
    std::unique_lock lock(shared_->mutex);
    const auto name = name_of(host);
    if (!name) return Failure::unresolved;
    const auto resolved = [&name] { return name->resolved.has_value(); };
    if (!shared_->answered.wait_until(lock, deadline, resolved)) return Failure::timeout;
    return *name->resolved;
}

std::shared_ptr<SystemResolver::Name> SystemResolver::name_of(const std::string& host) {
    auto& names = shared_->names;
    const SteadyTime now = clock_.steady();
    if (const auto known = names.find(host); known != names.end() && !known->second->over(now)) return known->second;
    std::erase_if(names, [now](const auto& entry) { return entry.second->over(now); });
    if (names.size() >= limits::k_resolver_hosts) return nullptr;
    auto name = std::make_shared<Name>();
    name->host = host;
    name->old_at = now + k_keep;
    // In this order: one that is known and does not wait, for want of memory, would never be resolved.
    shared_->waiting.push_back(name);
    names.emplace(host, name);
    shared_->wake.notify_one();
    return name;
}

}  // namespace proctor::outbound
