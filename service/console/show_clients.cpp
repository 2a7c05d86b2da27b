#include <algorithm>

#include "base/json.h"
#include "console/api.h"
#include "console/reply.h"
#include "fhir/instant.h"

namespace proctor::console {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::hours k_silent{24};

// [{"<name>": ..., "<number>": ...}], most frequent first.
Json write_counts(const Counts& counts, const char* name, const char* number) {
    std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
    std::ranges::stable_sort(sorted, std::ranges::greater(), [](const auto& one) { return one.second; });
    Json list = Json::array();
    for (const auto& [text, count] : sorted) list.push_back({{name, text}, {number, count}});
    return list;
}

Json write_lost(const std::vector<LostCode>& codes) {
    Json list = Json::array();
    for (const auto& code : codes)
        list.push_back({{"system", code.system}, {"code", code.code}, {"calls", code.calls}});
    return list;
}

Json write_client(const ClientState& client, const ClientFigures& figures, const ConsoleParts& parts) {
    const WallTime quiet_since = std::max(parts.figures.since(), figures.last_call.value_or(WallTime()));
    return {{"id", client.id},
            {"pilot", client.pilot},
            {"quietDays", client.quiet_days},
            {"keys", client.keys},
            {"lastCall", figures.last_call ? Json(fhir::print_instant(*figures.last_call)) : Json()},
            {"silent", parts.clock.now() - quiet_since >= k_silent},
            {"calls", figures.calls},
            {"errors", write_counts(figures.reasons, "reason", "count")},
            {"missing", write_counts(figures.missing, "source", "calls")},
            {"codesLost", write_lost(parts.lost_codes.of(client.id))},
            {"codings", {{"all", figures.codings}, {"read", figures.codings_read}, {"lost", figures.codings_lost}}}};
}

}  // namespace

http::Response show_clients(const Asked& asked) {
    const auto figures = asked.parts.figures.clients();
    Json list = Json::array();
    for (const auto& client : asked.parts.running.clients()) {
        const auto known = figures.find(client.id);
        list.push_back(write_client(client, known == figures.end() ? ClientFigures{} : known->second, asked.parts));
    }
    return json(Json{{"since", fhir::print_instant(asked.parts.figures.since())},
                     {"clients", std::move(list)},
                     {"strangers", write_counts(asked.parts.figures.strangers(), "reason", "count")}}
                    .dump());
}

}  // namespace proctor::console
