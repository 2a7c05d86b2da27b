#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "console/api.h"
#include "console/reply.h"
#include "fhir/instant.h"
#include "hooks/compose.h"

namespace proctor::console {
namespace {

using Json = nlohmann::ordered_json;

Json write_cards(const CardCounts& cards) {
    return {{"critical", cards.critical}, {"warning", cards.warning}, {"info", cards.info}};
}

Json write_latency(const Latency& latency) {
    Json object;
    for (const auto& [name, percent] : {std::pair{"p50", 50.0}, {"p95", 95.0}, {"p99", 99.0}}) {
        const auto took = latency.percentile(percent);
        if (!took) return nullptr;
        object[name] = std::round(*took * 100) / 100;
    }
    return object;
}

Json write_figures(const HourFigures& figures) {
    return {{"hooks", figures.hooks},
            {"errors", figures.errors},
            {"refused", figures.refused},
            {"notChecked", figures.not_checked},
            {"cards", write_cards(figures.cards)},
            {"quiet", figures.quiet},
            {"latencyMs", write_latency(figures.latency)}};
}

Json write_hour(const HourFigures& figures) {
    Json hour = {{"at", fhir::print_instant(WallTime(std::chrono::hours(figures.hour)))}};
    hour.update(write_figures(figures));
    return hour;
}

// That of a rule that is no more is not known.
std::string_view title_of(const rules::Content& content, const std::string& code) {
    for (const auto& loaded : content.rules) {
        if (loaded.rule.code == code) return loaded.rule.title;
    }
    for (const auto& topic : hooks::k_topics_of_no_rule) {
        if (topic.code == code) return topic.title;
    }
    return "";
}

Json write_rules(const HourFigures& totals, const rules::Content& content) {
    std::vector<std::pair<std::string, CardCounts>> rules(totals.rules.begin(), totals.rules.end());
    std::ranges::stable_sort(rules, std::ranges::greater(), [](const auto& one) { return one.second.all(); });
    Json list = Json::array();
    for (const auto& [code, cards] : rules) {
        Json rule = {{"rule", code}, {"title", title_of(content, code)}};
        rule.update(write_cards(cards));
        list.push_back(std::move(rule));
    }
    return list;
}

Json write_state(const Running& running) {
    const auto state = running.state();
    Json keys = Json::object();
    for (const auto& client : running.clients()) keys[client.id] = client.keys;
    return {{"status", state.reasons.empty() ? "ok" : "degraded"},
            {"reasons", state.reasons},
            {"feedbackStore", state.feedback_store},
            {"replayStore", state.replay_store},
            {"keys", std::move(keys)}};
}

}  // namespace

http::Response show_overview(const Asked& asked) {
    const auto count = parameter_out_of(asked.request, "hours", {24, 168});
    if (!count) return error(400, "hours", "hours is 24 or 168");
    const auto hours = asked.parts.figures.hours(static_cast<std::size_t>(*count));
    HourFigures totals;
    Json list = Json::array();
    for (const auto& hour : hours) {
        totals.add(hour);
        list.push_back(write_hour(hour));
    }
    const auto desk = asked.parts.running.desk("");
    return json(Json{{"since", fhir::print_instant(asked.parts.figures.since())},
                     {"now", fhir::print_instant(asked.parts.clock.now())},
                     {"hours", std::move(list)},
                     {"totals", write_figures(totals)},
                     {"rules", write_rules(totals, *desk->engine->content)},
                     {"state", write_state(asked.parts.running)}}
                    .dump());
}

}  // namespace proctor::console
