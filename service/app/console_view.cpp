#include "app/console_view.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <utility>

#include "app/files.h"
#include "app/hook_request.h"

namespace proctor::app {
namespace {

// A demonstration has no gate, and so no keys: nothing is wrong with them.
constexpr std::string_view k_no_keys_needed = "fresh";

namespace fs = std::filesystem;

// "severe-anaemia": "Severe anaemia"
std::string title_of(std::string id) {
    std::ranges::replace(id, '-', ' ');
    if (!id.empty()) id.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(id.front())));
    return id;
}

Result<std::vector<console::Sample>> list_samples(const fs::path& folder) {
    std::vector<console::Sample> samples;
    if (folder.empty()) return samples;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        const std::string id = it->path().stem().string();
        if (it->path().extension() == ".json") samples.push_back({id, title_of(id)});
    }
    if (error) return Error{"the patients to try cannot be read: " + error.message(), folder.string()};
    if (samples.size() > limits::k_console_patients)
        return Error{"more patients to try than are listed: " + std::to_string(samples.size()), folder.string()};
    std::ranges::sort(samples, {}, &console::Sample::id);
    return samples;
}

std::string_view words_of(auth::KeyState state) {
    return state == auth::KeyState::unavailable ? "none" : auth::print(state);
}

}  // namespace

Result<std::unique_ptr<ConsoleView>> ConsoleView::open(Parts parts) {
    auto samples = list_samples(parts.config.console.patients);
    if (!samples) return samples.error();
    return std::unique_ptr<ConsoleView>(new ConsoleView(parts, std::move(samples).value()));
}

console::ServiceState ConsoleView::state() const {
    const auto health = parts_.health.look();
    return {reasons_of(health), health.feedback ? print(*health.feedback) : "none",
            !health.replay_away   ? "none"
            : *health.replay_away ? "away"
                                  : "ok"};
}

std::vector<console::ClientState> ConsoleView::clients() const {
    const auto keys = parts_.health.look().keys;
    std::vector<console::ClientState> clients;
    for (const auto& client : parts_.config.clients) {
        const auto at = clients.size();
        clients.push_back({client.trust.id, client.site.pilot, client.site.quiet_days,
                           at < keys.size() ? words_of(keys[at].second) : k_no_keys_needed});
    }
    return clients;
}

std::optional<console::Desk> ConsoleView::desk(std::string_view client) const {
    const auto serving = parts_.live.serving();
    const auto& clients = parts_.config.clients;
    for (std::size_t i = 0; i < clients.size(); ++i) {
        if (client.empty() || clients[i].trust.id == client)
            return console::Desk{serving->desks[i].engine, &clients[i].site.settings};
    }
    return std::nullopt;
}

Result<std::string> ConsoleView::sample(std::string_view id) const {
    // Of the list alone: no name from outside becomes a path.
    const auto known = std::ranges::find(samples_, id, &console::Sample::id);
    if (known == samples_.end()) return Error{"there is no such patient to try", ""};
    return read_text((parts_.config.console.patients / (known->id + ".json")).string(), limits::k_body_bytes);
}

Result<std::string> ConsoleView::request_of(std::string_view bundle, fhir::Instant now) const {
    auto request = make_hook_request(bundle, "patient-view", now);
    if (!request) return request.error();
    return std::move(request->json);
}

}  // namespace proctor::app
