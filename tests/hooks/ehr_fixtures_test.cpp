// Requests as EHRs write them (fhir-fixtures/hooks/), each answered under its client's settings; and the one form of a
// card that all of them take.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "hooks/answer.h"
#include "hooks/ehr_profile.h"
#include "hooks/shipped.h"
#include "rules/template.h"

namespace proctor::hooks::ehr_fixtures_test {
namespace {

using nlohmann::json;
using ordered = nlohmann::ordered_json;
using testing::engine;
using ::testing::HasSubstr;
using testing::k_now;
using testing::k_root;
using ::testing::Not;
using testing::read_file;

const ordered& fixtures() {
    static const ordered made = ordered::parse(read_file("fhir-fixtures/hooks/expected.json"));
    return made;
}

json request_of(const std::string& file) {
    return json::parse(rules::render_template(read_file("fhir-fixtures/hooks/" + file), k_now).value());
}

Settings settings_of(const ordered& row) {
    Settings settings;
    settings.client = "fixture";
    settings.rulesUrl = "https://proctor.example/rules";
    settings.ehr = ehr_named(row["ehr"].get<std::string>()).value();
    const auto keys = row.value("keys", ordered::object());
    std::vector<std::pair<std::string, std::string>> names;
    for (const auto& [name, source] : keys.items()) names.emplace_back(name, source);
    settings.keys = read_keys(names).value();
    return settings;
}

std::variant<Answered, Refusal> ask(const ordered& row, const json& request) {
    return answer(engine(), settings_of(row), fhir::PaddedJson(request.dump()), row["service"].get<std::string>(),
                  k_now);
}

std::vector<Card> cards_of(const ordered& row, const json& request) {
    auto result = ask(row, request);
    if (const auto* refusal = std::get_if<Refusal>(&result)) {
        ADD_FAILURE() << row["shows"] << write_operation_outcome(*refusal);
        return {};
    }
    return std::get<Answered>(std::move(result)).cards;
}

ordered wire_of(const Card& card) { return ordered::parse(write_cards({card}))["cards"][0]; }

void print_action(const ordered& action, std::ostream& out) {
    const auto& resource = action["resource"];
    out << "    " << action["description"].get<std::string>() << ": " << resource["resourceType"].get<std::string>()
        << " for " << resource["subject"]["reference"].get<std::string>();
    if (resource.contains("encounter")) out << ", " << resource["encounter"]["reference"].get<std::string>();
    for (const auto& reason : resource.value("reasonReference", ordered::array()))
        out << ", " << reason["reference"].get<std::string>();
    out << '\n';
}

// What was read of the chart, and what is offered; the wording of the advice is the content's and no part of it.
void print_card(const Card& card, std::ostream& out) {
    out << rules::print(card.indicator) << ' ' << card.source.topic->code << ": " << card.summary << '\n';
    std::istringstream lines(card.detail.substr(0, card.detail.find("**Why it matters**")));
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("- ") && card.detail.starts_with("**Found**")) out << "  " << line << '\n';
    }
    if (!card.suggestions.empty()) out << "  suggests " << card.selectionBehavior << '\n';
    for (const auto& suggestion : wire_of(card).value("suggestions", ordered::array())) {
        for (const auto& action : suggestion["actions"]) print_action(action, out);
    }
    for (const auto& link : card.links) out << "  link " << link.type << ' ' << link.url << '\n';
}

void expect_golden(const std::string& text) {
    const std::string path = "tests/golden/ehr_fixtures.txt";
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
        std::ofstream(k_root + '/' + path) << text;
        return;
    }
    EXPECT_EQ(text, read_file(path)) << "regenerate with UPDATE_GOLDEN=1 and read the change";
}

TEST(EhrFixtures, AreAnsweredAsExpected) {
    std::ostringstream text;
    for (const auto& [file, row] : fixtures().items()) {
        const auto result = ask(row, request_of(file));
        text << "== " << file << " (" << row["ehr"].get<std::string>() << ")\n";
        if (const auto* refusal = std::get_if<Refusal>(&result)) {
            EXPECT_EQ(refusal->status, row.value("status", 200)) << file << write_operation_outcome(*refusal);
            for (const auto& fault : refusal->faults)
                text << refusal->status << ' ' << fault.code << ' ' << fault.expression << '\n';
            continue;
        }
        ordered fired = ordered::array();
        const auto& answered = std::get<Answered>(result);
        for (const auto& one : answered.outcome.fired) fired.push_back(engine().content->rules[one.rule].rule.code);
        EXPECT_EQ(fired, row.value("rules", ordered("none: refused"))) << file;
        for (const Card& card : answered.cards) print_card(card, text);
    }
    expect_golden(text.str());
}

void expect_form(const ordered& action) {
    EXPECT_EQ(action["type"], "create");
    EXPECT_FALSE(action["description"].get<std::string>().empty());
    EXPECT_TRUE(action["resource"].contains("resourceType"));
}

// Epic shows an action's description and not the suggestion's label, takes one action a suggestion and only "any", and
// remembers overrides by an alphanumeric topic; nobody reads appContext alike.
void expect_form(const Card& card) {
    const auto wire = wire_of(card);
    EXPECT_LT(characters(card.summary), 140U) << card.summary;
    EXPECT_TRUE(is_uuid(card.uuid));
    const auto topic = wire["source"]["topic"]["code"].get<std::string>();
    EXPECT_TRUE(!topic.empty() && topic.size() <= 100 && std::ranges::all_of(topic, [](unsigned char c) {
        return std::isalnum(c) != 0;
    })) << topic;
    EXPECT_EQ(wire.value("selectionBehavior", ""), card.suggestions.empty() ? "" : "any");
    for (const auto& suggestion : wire.value("suggestions", ordered::array())) {
        EXPECT_TRUE(is_uuid(suggestion["uuid"].get<std::string>()));
        ASSERT_EQ(suggestion["actions"].size(), 1U);
        expect_form(suggestion["actions"][0]);
        EXPECT_EQ(suggestion["actions"][0]["description"], suggestion["label"]);
    }
    for (const auto& link : wire.value("links", ordered::array())) {
        EXPECT_EQ(link["type"], "absolute");
        EXPECT_FALSE(link.contains("appContext"));
    }
    for (const auto& reason : wire.value("overrideReasons", ordered::array())) EXPECT_TRUE(reason.contains("display"));
    EXPECT_FALSE(wire.contains("extension"));
}

TEST(EhrFixtures, EveryCardHasTheFormThatEveryEhrTakes) {
    std::size_t suggestions = 0, links = 0;
    for (const auto& [file, row] : fixtures().items()) {
        if (row.contains("status")) continue;
        for (const Card& card : cards_of(row, request_of(file))) {
            expect_form(card);
            suggestions += card.suggestions.size();
            links += card.links.size();
        }
    }
    EXPECT_GE(suggestions, 1U);
    EXPECT_GE(links, 1U);
}

TEST(EhrFixtures, SoHasEveryCardOfEveryPatient) {
    Settings settings;
    settings.rulesUrl = "https://proctor.example/rules";
    std::set<std::string> topics;
    const json patients = json::parse(read_file("fhir-fixtures/expected.json"));
    for (const auto& [file, rules] : patients.items()) {
        const auto bundle =
            rules::render_template(read_file("fhir-fixtures/patients/" + file + ".json"), k_now).value();
        auto record = fhir::read_bundle(fhir::PaddedJson(bundle), read_setup(engine(), settings));
        ASSERT_TRUE(record) << file;
        fhir::HookDocument document{{}, std::move(record).value()};
        document.envelope.hook = "patient-view";
        document.envelope.hookInstance = "8c1f0a52-6f0b-4c8e-9b7d-2f5f7f0a0f01";
        for (const Card& card : answer_document(engine(), settings, document, k_now).cards) {
            expect_form(card);
            topics.insert(card.source.topic->code);
        }
    }
    EXPECT_GE(topics.size(), 15U);
}

TEST(EhrFixtures, AProfileChangesNoCard) {
    for (const auto& [file, row] : fixtures().items()) {
        if (row.contains("status")) continue;
        ordered other = row;
        std::set<std::string> answers;
        for (const EhrProfile& profile : ehr_profiles()) {
            other["ehr"] = profile.name;
            answers.insert(write_cards(cards_of(other, request_of(file))));
        }
        EXPECT_EQ(answers.size(), 1U) << file;
    }
}

TEST(EhrFixtures, WhatTheExtensionHoldsChangesNoCard) {
    for (const char* file : {"epic-open-chart.json", "epic-other-trigger.json", "epic-order-select.json"}) {
        json request = request_of(file);
        const auto expected = write_cards(cards_of(fixtures()[file], request));
        const json trigger = {{"com.epic.cdshooks.request.bpa-trigger-action", json::array({nullptr, 1})}};
        for (const json& extension : {json::object(), trigger, json::array(), json(nullptr), json("x")}) {
            request["extension"] = extension;
            EXPECT_EQ(write_cards(cards_of(fixtures()[file], request)), expected) << file << extension;
        }
        request.erase("extension");
        EXPECT_EQ(write_cards(cards_of(fixtures()[file], request)), expected) << file;
    }
}

// The expressions of a refusal.
std::string expressions(const std::variant<Answered, Refusal>& result) {
    std::string text;
    const auto* refusal = std::get_if<Refusal>(&result);
    for (const auto& fault : refusal == nullptr ? std::vector<Fault>{} : refusal->faults)
        text += fault.expression + ' ' + fault.diagnostics + '\n';
    return text;
}

TEST(EhrFixtures, ARefusalNamesTheClientsOwnKeys) {
    const auto& row = fixtures()["epic-open-chart.json"];
    json request = request_of("epic-open-chart.json");
    request["prefetch"].erase("PATIENT");
    EXPECT_EQ(expressions(ask(row, request)), "Request.prefetch.PATIENT prefetch PATIENT was not supplied\n");
    request = request_of("epic-open-chart.json");
    for (const char* key : {"PROBLEMS", "ENCDX", "LABS", "VITALS"}) request["prefetch"].erase(key);
    const auto text = expressions(ask(row, request));
    for (const char* key : {"prefetch.PROBLEMS ", "prefetch.ENCDX ", "prefetch.LABS ", "prefetch.VITALS "})
        EXPECT_THAT(text, HasSubstr(key));
    EXPECT_THAT(text, Not(HasSubstr("conditions")));
}

TEST(EhrFixtures, ANameOfDiscoveryIsNotReadWhereTheClientHasItsOwn) {
    const auto& row = fixtures()["epic-open-chart.json"];
    json request = request_of("epic-open-chart.json");
    request["prefetch"]["patient"] = request["prefetch"]["PATIENT"];
    request["prefetch"].erase("PATIENT");
    EXPECT_THAT(expressions(ask(row, request)), HasSubstr("prefetch.PATIENT"));
}

TEST(EhrFixtures, NoTokenComesBack) {
    for (const auto& [file, row] : fixtures().items()) {
        const auto result = ask(row, request_of(file));
        const auto* refusal = std::get_if<Refusal>(&result);
        const auto text =
            refusal == nullptr ? write_cards(std::get<Answered>(result).cards) : write_operation_outcome(*refusal);
        EXPECT_THAT(text, Not(HasSubstr("invented"))) << file;
    }
}

TEST(EhrFixtures, ARefusedAuthorizationIsNamedByItsMember) {
    const auto& row = fixtures()["plain-patient-view.json"];
    json request = request_of("plain-patient-view.json");
    request["fhirAuthorization"]["access_token"] = 7;
    EXPECT_EQ(expressions(ask(row, request)), "Request.fhirAuthorization.access_token not a string\n");
}

// CDS Hooks 1.0 has these members of a card; what else we send has to be ignored, and is never needed.
TEST(EhrFixtures, AClientOf10FindsAllThatItNeeds) {
    const auto& row = fixtures()["client-1-0-patient-view.json"];
    for (const Card& card : cards_of(row, request_of("client-1-0-patient-view.json"))) {
        const auto wire = wire_of(card);
        for (const char* member : {"summary", "indicator", "source", "detail"}) EXPECT_TRUE(wire.contains(member));
        EXPECT_TRUE(wire["source"].contains("label"));
        std::set<std::string> later;
        for (const auto& [name, value] : wire.items()) later.insert(name);
        for (const char* known :
             {"summary", "detail", "indicator", "source", "suggestions", "selectionBehavior", "links"})
            later.erase(known);
        EXPECT_THAT(later, ::testing::IsSubsetOf({"uuid", "overrideReasons"}));
    }
}

}  // namespace
}  // namespace proctor::hooks::ehr_fixtures_test
