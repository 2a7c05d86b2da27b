// "Try it": one request, answered as a client's would be, with why each rule fired or did not. Nothing of it is kept,
// counted or logged.
#include <algorithm>
#include <utility>
#include <variant>

#include "base/json.h"
#include "console/api.h"
#include "console/reply.h"
#include "hooks/compose.h"
#include "rules/explain.h"
#include "rules/parse_json.h"

namespace proctor::console {
namespace {

using Json = nlohmann::ordered_json;

http::Response refused(const hooks::Refusal& refusal) {
    Json faults = Json::array();
    for (const auto& fault : refusal.faults)
        faults.push_back({{"code", fault.code}, {"diagnostics", fault.diagnostics}, {"expression", fault.expression}});
    const Json body = {
        {"error", "refused"}, {"message", refusal.faults.front().diagnostics}, {"faults", std::move(faults)}};
    auto response = json(body.dump());
    response.status = refusal.status;
    return response;
}

http::Response refused(const Error& why) { return refused(hooks::Refusal{400, {{"structure", describe(why), ""}}}); }

struct Trial {
    const hooks::Engine& engine;
    const hooks::Settings& settings;
    const fhir::HookDocument& document;
    const hooks::Answered& answered;
};

bool runs(const rules::LoadedRule& loaded, std::string_view hook) {
    const auto& rule = loaded.rule;
    return rule.status != rules::RuleStatus::retired && std::ranges::find(rule.hooks, hook) != rule.hooks.end();
}

Json write_rule(const Trial& trial, std::uint32_t index) {
    const auto& content = *trial.engine.content;
    const auto& outcome = trial.answered.outcome;
    const auto& loaded = content.rules[index];
    const auto fired = std::ranges::find(outcome.fired, index, &rules::Fired::rule);
    const auto open = std::ranges::find(outcome.not_checked, index, &rules::NotChecked::rule);
    std::string_view state = "not-fired";
    if (open != outcome.not_checked.end()) state = "could-not-check";
    if (fired != outcome.fired.end()) state = "fired";
    if (loaded.rule.status == rules::RuleStatus::draft) state = "draft";
    if (trial.engine.off[index]) state = "off";
    Json rule = {{"rule", loaded.rule.code}, {"title", loaded.rule.title}, {"state", state}};
    if (fired != outcome.fired.end()) {
        rule["row"] = loaded.rule.decide[fired->row].id;
        rule["indicator"] = rules::print(hooks::indicator_of(loaded.rule, fired->row, trial.settings));
    } else if (open != outcome.not_checked.end()) {
        rule["row"] = loaded.rule.decide[open->row].id;
    }
    // A dead patient's rules are not looked at, so there is nothing to tell of their tests.
    if (!outcome.slots.empty()) rule["explanation"] = rules::explain(content, loaded, outcome, trial.document.record);
    return rule;
}

// What stands for the body: a request, and how it is answered.
struct Question {
    std::string request;
    hooks::Settings settings;
};

Result<Question> made_of(const Result<std::string>& bundle, const Asked& asked, hooks::Settings settings) {
    if (!bundle) return bundle.error();
    auto request = asked.parts.running.request_of(*bundle, asked.parts.clock.now());
    if (!request) return request.error();
    settings.keys = hooks::default_keys();  // as the request has them, whatever the client's own are
    return Question{std::move(request).value(), std::move(settings)};
}

Result<Question> question_in(const rules::Node& body, const Asked& asked, const hooks::Settings& settings) {
    if (const auto* request = body.find("request")) return Question{rules::write_json(*request), settings};
    if (const auto* bundle = body.find("bundle")) return made_of(rules::write_json(*bundle), asked, settings);
    if (const auto* id = body.find("patient")) return made_of(asked.parts.running.sample(id->text), asked, settings);
    return Error{"give a patient, a request or a bundle", ""};
}

http::Response answer(const hooks::Engine& engine, Question question, fhir::Instant now) {
    const fhir::PaddedJson padded(std::move(question.request));
    const auto& settings = question.settings;
    const auto read = hooks::read_request(engine, settings, padded, hooks::k_any_service);
    if (const auto* refusal = std::get_if<hooks::Refusal>(&read)) return refused(*refusal);
    const auto& document = std::get<fhir::HookDocument>(read);
    if (const auto refusal = hooks::check_supply(document, hooks::prefetch_keys(settings))) return refused(*refusal);
    const auto answered = hooks::answer_document(engine, settings, document, now);
    Json rules = Json::array();
    const auto& all = engine.content->rules;
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        if (runs(all[i], document.envelope.hook))
            rules.push_back(write_rule({engine, settings, document, answered}, i));
    }
    const Json rest = {{"rules", std::move(rules)}, {"asOf", fhir::print_instant(now)}};
    // {"cards":[...]} as a hook's answer writes it, and the rest behind it.
    std::string body = hooks::write_cards(answered.cards);
    body.back() = ',';
    return json(body.append(rest.dump(-1, ' ', false, Json::error_handler_t::replace), 1));
}

}  // namespace

http::Response list_patients(const Asked& asked) {
    Json list = Json::array();
    for (const auto& sample : asked.parts.running.samples())
        list.push_back({{"id", sample.id}, {"title", sample.title}});
    return json(Json{{"patients", std::move(list)}}.dump());
}

http::Response try_patient(const Asked& asked) {
    const auto body = rules::parse_json(asked.request.body, limits::k_json_nodes);
    if (!body) return refused(body.error());
    const auto* client = body->find("client");
    const auto desk = asked.parts.running.desk(client == nullptr ? std::string_view() : client->text);
    if (!desk) return error(400, "client", "There is no such client");
    auto question = question_in(*body, asked, *desk->settings);
    if (!question) return refused(question.error());
    return answer(*desk->engine, std::move(question).value(), asked.parts.clock.now());
}

}  // namespace proctor::console
