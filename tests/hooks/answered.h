// Charts of fhir-fixtures/ asked with what was said before about their cards.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/json.h"
#include "hooks/answer.h"
#include "hooks/hand_made.h"
#include "hooks/shipped.h"
#include "rules/template.h"

namespace proctor::hooks::testing {

using nlohmann::json;

inline const std::string k_bleeding = "visible-bleeding-alone";
inline constexpr std::chrono::days k_month{30};

inline json chart(const std::string& patient) {
    return json::parse(rules::render_template(read_file("fhir-fixtures/patients/" + patient + ".json"), k_now).value());
}

inline std::vector<std::string> patients() {
    std::vector<std::string> names;
    const json expected = json::parse(read_file("fhir-fixtures/expected.json"));
    for (auto entry = expected.begin(); entry != expected.end(); ++entry) names.push_back(entry.key());
    return names;
}

inline History history(std::vector<PastAnswer> answers = {}) {
    return {"salt of the patient", std::move(answers), k_month};
}

inline Answered ask(const json& bundle, const History& said = history(), fhir::Instant now = k_now) {
    const Settings settings;
    fhir::HookDocument document{
        {}, fhir::read_bundle(fhir::PaddedJson(bundle.dump()), read_setup(engine(), settings)).value()};
    document.envelope.hook = "patient-view";
    document.envelope.hookInstance = k_instance;
    return answer_document(engine(), settings, document, now, said);
}

inline PastAnswer answer_to(const Card& card, const std::string& reason = "patient-declined",
                            fhir::Instant at = k_now) {
    return {card.rule, card.row, card.evidence, false, reason, at};
}

inline std::vector<PastAnswer> answers_to(const std::vector<Card>& cards,
                                          const std::string& reason = "patient-declined", fhir::Instant at = k_now) {
    std::vector<PastAnswer> answers;
    for (const Card& card : cards) answers.push_back(answer_to(card, reason, at));
    return answers;
}

// "ADC-12 ADC-NC | ADC-26": rules of what is shown, and of what is held back.
inline std::string shape(const Answered& answered) {
    std::string text;
    for (const Card& card : answered.cards) text += (text.empty() ? "" : " ") + card.rule;
    for (const Card& card : answered.quiet) text += (&card == &answered.quiet.front() ? " | " : " ") + card.rule;
    return text;
}

inline Card card_of(const Answered& answered, const std::string& rule) {
    const auto found = std::ranges::find(answered.cards, rule, &Card::rule);
    if (found == answered.cards.end()) throw std::runtime_error("no card of " + rule + ": " + shape(answered));
    return *found;
}

inline json& resource(json& bundle, const std::string& id) {
    for (json& entry : bundle["entry"]) {
        if (entry["resource"]["id"] == id) return entry["resource"];
    }
    throw std::runtime_error("no resource " + id);
}

// The Condition that the bleeding chart is about.
inline json& bleeding(json& bundle) { return resource(bundle, k_bleeding + "-condition-3"); }

// Seven warnings "ADC-50" to "ADC-56", each with an entry of its own.
inline HandMade seven() {
    HandMade made;
    static const std::vector<std::string> ids = {"c0", "c1", "c2", "c3", "c4", "c5", "c6"};
    for (const std::string& id : ids) {
        const auto entry = made.condition(id, "Entry").resource;
        const auto fact = made.fact("fact " + id, rules::FindingFact{}, yes({entry}));
        made.fire(made.rule("ADC-5" + id.substr(1), rules::Indicator::warning), {fact});
    }
    return made;
}

}  // namespace proctor::hooks::testing
