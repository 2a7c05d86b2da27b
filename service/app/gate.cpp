#include "app/gate.h"

#include <optional>
#include <utility>

#include "app/key_server.h"
#include "app/repeat.h"
#include "auth/certificate.h"
#include "auth/replay_memory.h"
#include "store/database_address.h"
#include "store/open_feedback.h"
#include "store/replay_postgres.h"
#include "store/replay_sqlite.h"

namespace proctor::app {
namespace {

// How often key sets are looked at; they live for minutes at least.
constexpr std::chrono::seconds k_look{1};

std::vector<auth::ClientTrust> trusts_of(const std::vector<ClientConfig>& clients) {
    std::vector<auth::ClientTrust> trusts;
    trusts.reserve(clients.size());
    for (const auto& client : clients) trusts.push_back(client.trust);
    return trusts;
}

Result<std::unique_ptr<auth::ReplayStore>> open_store(const Config& config, const Clock& clock) {
    if (config.replay_store.empty()) return std::unique_ptr<auth::ReplayStore>();
    if (store::is_database(config.replay_store)) {
        if (auto safe = store::check_database(config.replay_store, "replay_store"); !safe) return safe.error();
        return store::replay_postgres(config.replay_store, clock);
    }
    return store::open_replay_sqlite(config.replay_store);
}

}  // namespace

struct Gate::Parts {
    Parts(const Config& config, std::unique_ptr<auth::ReplayStore> opened, outbound::Outbound& outbound,
          const Clock& clock, Log& log)
        : server(config.clients, outbound, clock),
          memory(clock),
          store(std::move(opened)),
          // A token older than this start may have been used before it; clients make a new one for every call.
          replay(memory, store.get(), {config.replay_strict, clock.now()}, clock),
          authenticator(trusts_of(config.clients), server, replay, clock, log),
          events(log) {}

    ClientKeyServer server;
    auth::ReplayMemory memory;
    std::unique_ptr<auth::ReplayStore> store;
    auth::ReplayGuard replay;
    auth::Authenticator authenticator;
    Log& events;
    std::optional<Repeat> refresher;
};

Gate::Gate(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Gate::~Gate() = default;

Result<std::unique_ptr<Gate>> Gate::open(const Config& config, outbound::Outbound& outbound, const Clock& clock,
                                         Log& log) {
    auto store = open_store(config, clock);
    if (!store) return store.error();
    auto parts = std::make_unique<Parts>(config, std::move(store).value(), outbound, clock, log);
    if (const auto unread = parts->authenticator.reload_key_files())
        return Error{unread->error.message + " (client " + unread->client + ")", unread->error.where};
    auto& keys = parts->authenticator;
    parts->refresher.emplace([&keys](const std::stop_token& stop) { keys.refresh_keys(stop); }, k_look);
    return std::unique_ptr<Gate>(new Gate(std::move(parts)));
}

std::variant<auth::Admitted, auth::Reason> Gate::admit(const http::Request& request,
                                                       const std::vector<std::string>& audiences, WallTime now) {
    const std::string certificate = auth::fingerprint_of(request.certificate);
    return parts_->authenticator.admit({request.authorization, request.authorizations > 1, certificate, request.remote},
                                       audiences, now);
}

Status Gate::reload() {
    const auto unread = parts_->authenticator.reload_key_files();
    if (!unread) return Done{};
    LogFields fields;
    fields.client = unread->client;
    fields.reason = "keyFile";
    parts_->events.write(Event::keys_failed, fields);
    return unread->error;
}

bool Gate::end(std::chrono::milliseconds time) { return parts_->refresher->end(time); }

std::vector<auth::KeyState> Gate::key_states() const { return parts_->authenticator.key_states(); }

bool Gate::replay_degraded() const { return parts_->replay.degraded(); }

bool Gate::clock_behind() const { return parts_->replay.clock_behind(); }

}  // namespace proctor::app
