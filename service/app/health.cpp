#include "app/health.h"

#include "base/json.h"

namespace proctor::app {
namespace {

using Json = nlohmann::ordered_json;

Json describe_content(const Serving& serving) {
    const auto& content = serving.content();
    return {{"name", content.manifest.name},
            {"version", content.manifest.version},
            {"revision", content.revision},
            {"approved", content.manifest.approved},
            {"since", fhir::print_instant(serving.since)}};
}

}  // namespace

std::string_view print(store::StoreState state) {
    switch (state) {
        case store::StoreState::ok: return "ok";
        case store::StoreState::spooling: return "spooling";
        case store::StoreState::away: return "away";
    }
    return "";
}

std::vector<std::string> reasons_of(const Health& health) {
    std::vector<std::string> reasons;
    if (health.stopping) reasons.emplace_back("stopping");
    if (!health.serving->refused.empty()) reasons.emplace_back("contentRefused");
    if (health.clock_behind) reasons.emplace_back("clock");
    for (const auto& [client, state] : health.keys) {
        if (state != auth::KeyState::fresh) reasons.push_back("keys:" + client);
    }
    if (health.replay_away == true) reasons.emplace_back("replayStore");
    if (health.feedback == store::StoreState::away) reasons.emplace_back("feedbackStore");
    if (health.feedback == store::StoreState::spooling) reasons.emplace_back("feedbackSpooling");
    if (health.audit_failing == true) reasons.emplace_back("auditLog");
    return reasons;
}

http::Response write_ready(const Health& health) {
    const auto& serving = *health.serving;
    const auto reasons = reasons_of(health);
    Json body = {{"status", reasons.empty() ? "ok" : "degraded"}, {"content", describe_content(serving)}};
    if (health.stopping) body["status"] = "stopping";
    if (!serving.refused.empty()) {
        body["reload"] = {
            {"status", "refused"}, {"reason", serving.refused}, {"at", fhir::print_instant(serving.refused_at)}};
    }
    for (const auto& [client, state] : health.keys) body["keys"][client] = auth::print(state);
    if (health.replay_away) body["replayStore"] = *health.replay_away ? "away" : "ok";
    if (health.feedback) body["feedbackStore"] = print(*health.feedback);
    if (health.audit_failing) body["auditLog"] = *health.audit_failing ? "failing" : "ok";
    if (!reasons.empty()) body["reasons"] = reasons;
    http::Response response;
    response.status = health.stopping ? 503 : 200;
    response.body = body.dump();
    return response;
}

http::Response write_live() {
    http::Response response;
    response.body = R"({"status":"ok"})";
    return response;
}

Health HealthCheck::look() const {
    Health health;
    health.stopping = stopping_;
    health.serving = parts_.live.serving();
    if (parts_.gate != nullptr) {
        const auto states = parts_.gate->key_states();
        for (std::size_t i = 0; i < states.size(); ++i)
            health.keys.emplace_back(parts_.config.clients[i].trust.id, states[i]);
        health.replay_away = parts_.gate->replay_degraded();
        health.clock_behind = parts_.gate->clock_behind();
    }
    if (parts_.feedback != nullptr) health.feedback = parts_.feedback->state();
    if (parts_.audit != nullptr) health.audit_failing = parts_.audit->failing();
    return health;
}

}  // namespace proctor::app
