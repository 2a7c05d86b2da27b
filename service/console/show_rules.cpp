
#include "console/api.h"
#include "console/reply.h"
#include "console/rule_figures.h"

#include "base/json.h"
#include "hooks/compose.h"

namespace proctor::console {
namespace {

using Json = nlohmann::ordered_json;

std::string print_day(long day) {
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
    const auto two = [](unsigned number) { return (number < 10 ? "-0" : "-") + std::to_string(number); };
    return std::to_string(static_cast<int>(date.year())) + two(static_cast<unsigned>(date.month())) +
           two(static_cast<unsigned>(date.day()));
}

std::string_view print(rules::RuleStatus status) {
    switch (status) {
        case rules::RuleStatus::draft: return "draft";
        case rules::RuleStatus::active: return "active";
        case rules::RuleStatus::retired: return "retired";
    }
    return "";
}

std::string display_of(const rules::Content& content, const std::string& code) {
    if (code.empty()) return "No reason given";
    for (const auto& reason : content.overrideReasons) {
        if (reason.code == code) return reason.display;
    }
    return code;
}

Json write_version(const std::string& version, const Answers& answers, const rules::Content& content) {
    Json reasons = Json::array();
    for (const auto& [code, cards] : answers.reasons_by_count())
        reasons.push_back({{"code", code}, {"display", display_of(content, code)}, {"cards", cards}});
    const auto share = answers.override_share();
    return {{"version", version},
            {"shown", answers.shown},
            {"quiet", answers.quiet},
            {"accepted", answers.accepted},
            {"overridden", answers.overridden},
            {"unanswered", answers.unanswered()},
            {"overrideShare", share ? Json(*share) : Json()},
            {"reasons", std::move(reasons)}};
}

Json write_trend(const RuleFigures& figures, const Weeks& weeks) {
    Json trend = Json::array();
    for (long week = weeks.first; week <= weeks.last; week += 7) {
        const auto known = figures.weeks.find(week);
        const Answers answers = known == figures.weeks.end() ? Answers{} : known->second;
        trend.push_back({{"week", print_day(week)},
                         {"shown", answers.shown},
                         {"accepted", answers.accepted},
                         {"overridden", answers.overridden}});
    }
    return trend;
}

Json write_evidence(const rules::Rule& rule) {
    Json list = Json::array();
    for (const auto& citation : rule.relatedArtifact)
        list.push_back({{"label", citation.label}, {"url", citation.url}});
    return list;
}

// What the content says of the rule; of one that it does not have any more, its code.
Json write_head(const std::string& code, const rules::LoadedRule* loaded, const std::string& rules_url) {
    if (loaded == nullptr)
        return {{"rule", code},     {"id", ""},        {"title", ""},
                {"status", "gone"}, {"page", nullptr}, {"evidence", Json::array()}};
    const auto& rule = loaded->rule;
    return {{"rule", code},
            {"id", rule.id},
            {"title", rule.title},
            {"status", print(rule.status)},
            {"page", rules_url.empty() ? Json() : Json(rules_url + '#' + code)},
            {"evidence", write_evidence(rule)}};
}

const rules::LoadedRule* find_rule(const rules::Content& content, const std::string& code) {
    for (const auto& loaded : content.rules) {
        if (loaded.rule.code == code) return &loaded;
    }
    return nullptr;
}

// How often the cards that are no rule's were shown; they are taken out of the figures.
Json take_others(std::map<std::string, RuleFigures>& figures) {
    Json others = Json::array();
    for (const auto& topic : hooks::k_topics_of_no_rule) {
        const auto taken = figures.extract(std::string(topic.code));
        if (taken.empty()) continue;
        std::size_t shown = 0;
        for (const auto& [version, answers] : taken.mapped().versions) shown += answers.shown;
        others.push_back({{"code", topic.code}, {"title", topic.title}, {"shown", shown}});
    }
    return others;
}

}  // namespace

http::Response show_rules(const Asked& asked) {
    const auto days = parameter_out_of(asked.request, "days", {90, 30, 365});
    if (!days) return error(400, "days", "days is 30, 90 or 365");
    if (asked.parts.feedback == nullptr) return json(R"({"available":false})");
    const WallTime now = asked.parts.clock.now();
    const WallTime since = now - std::chrono::days(*days);
    const auto tallies = asked.parts.feedback->tallies(since);
    if (!tallies) return error(503, "feedbackStore", "The feedback store is away; try again");
    const auto desk = asked.parts.running.desk("");
    const auto& content = *desk->engine->content;
    auto figures = figures_of(*tallies);
    Json others = take_others(figures);
    for (const auto& loaded : content.rules) figures.try_emplace(loaded.rule.code);
    Json rules = Json::array();
    for (const auto& [code, of_rule] : figures) {
        Json rule = write_head(code, find_rule(content, code), desk->settings->rulesUrl);
        rule["versions"] = Json::array();
        for (const auto& [version, answers] : of_rule.versions)
            rule["versions"].push_back(write_version(version, answers, content));
        rule["trend"] = write_trend(of_rule, weeks_between(since, now));
        rule["flagged"] = of_rule.flagged(asked.options.override_percent);
        rules.push_back(std::move(rule));
    }
    return json(Json{{"available", true},
                     {"days", *days},
                     {"overridePercent", asked.options.override_percent},
                     {"rules", std::move(rules)},
                     {"others", std::move(others)}}
                    .dump());
}

}  // namespace proctor::console
