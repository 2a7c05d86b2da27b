#include "hooks/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "hooks/discovery.h"
#include "hooks/hook_table.h"
#include "hooks/shipped.h"
#include "rules/template.h"

namespace proctor::hooks::answer_test {
namespace {

using nlohmann::json;
using ordered = nlohmann::ordered_json;
using testing::engine;
using ::testing::HasSubstr;
using testing::k_now;
using testing::k_root;
using ::testing::Not;
using testing::read_file;

Settings settings() {
    Settings made;
    made.client = "test";
    made.zone = fhir::Zone::named("Europe/London").value();
    return made;
}

// The prefetch keys under which a fixture's resources would come.
std::string key_of(const json& resource) {
    static const std::map<std::string, std::string> keys = {{"Condition", "conditions"},
                                                            {"Procedure", "procedures"},
                                                            {"ServiceRequest", "serviceRequests"},
                                                            {"Encounter", "encounters"},
                                                            {"MedicationRequest", "medicationRequests"},
                                                            {"MedicationStatement", "medicationStatements"},
                                                            {"MedicationAdministration", "medicationAdministrations"}};
    const auto type = resource["resourceType"].get<std::string>();
    if (const auto known = keys.find(type); known != keys.end()) return known->second;
    if (type != "Observation") return "";
    for (const auto& category : resource.value("category", json::array())) {
        for (const auto& coding : category.value("coding", json::array())) {
            const auto code = coding.value("code", "");
            if (code == "laboratory" || code == "survey" || code == "exam") return code;
            if (code == "vital-signs") return "vitalSigns";
        }
    }
    return "survey";
}

// A patient-view request with every search supplied, from a fixture of fhir-fixtures/patients.
json request_for(const std::string& patient) {
    const auto rendered = rules::render_template(read_file("fhir-fixtures/patients/" + patient + ".json"), k_now);
    EXPECT_TRUE(rendered.ok()) << patient;
    const json bundle = json::parse(rendered.value());
    json request = {{"hook", "patient-view"},
                    {"hookInstance", "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"},
                    {"context", {{"userId", "Practitioner/1"}}},
                    {"prefetch", json::object()}};
    for (const auto& [key, source] : default_keys()) {
        if (source != fhir::Source::patient)
            request["prefetch"][key] = {{"resourceType", "Bundle"}, {"type", "searchset"}, {"entry", json::array()}};
    }
    for (const auto& entry : bundle["entry"]) {
        const json& resource = entry["resource"];
        if (resource["resourceType"] == "Patient") {
            request["prefetch"]["patient"] = resource;
            request["context"]["patientId"] = resource["id"];
        } else if (const auto key = key_of(resource); !key.empty()) {
            request["prefetch"][key]["entry"].push_back({{"resource", resource}});
        }
    }
    return request;
}

std::variant<Answered, Refusal> ask(const std::string& body) {
    return answer(engine(), settings(), fhir::PaddedJson(body), k_service_id, k_now);
}

std::vector<Card> cards_for(const json& request) {
    auto result = ask(request.dump());
    if (const auto* refusal = std::get_if<Refusal>(&result)) {
        ADD_FAILURE() << write_operation_outcome(*refusal);
        return {};
    }
    return std::get<Answered>(result).cards;
}

int status_of(const json& request) {
    const auto result = ask(request.dump());
    const auto* refusal = std::get_if<Refusal>(&result);
    return refusal == nullptr ? 200 : refusal->status;
}

// CDS Hooks 3.0: no null, "", [] or {} except `cards: []`.
void expect_no_empty_member(const json& value, const std::string& path) {
    EXPECT_FALSE(value.is_null()) << path;
    EXPECT_FALSE(value.is_string() && value.get<std::string>().empty()) << path;
    if (!value.is_structured()) return;
    EXPECT_TRUE(!value.empty() || path == "/cards") << path;
    for (const auto& [name, member] : value.items()) expect_no_empty_member(member, path + '/' + name);
}

void expect_golden(const std::string& name, const std::string& text) {
    const std::string path = "tests/golden/cards/" + name;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
        std::ofstream(k_root + '/' + path) << text;
        return;
    }
    EXPECT_EQ(text, read_file(path)) << "regenerate with UPDATE_GOLDEN=1 and read the change";
}

// The content's revision changes with every file under cards/: it is no part of a golden file, nor are uuids,
// which depend on it.
std::string stable(const std::vector<Card>& cards) {
    ordered document = ordered::parse(write_cards(cards));
    for (auto& card : document["cards"]) {
        card["uuid"] = "(uuid)";
        auto detail = card["detail"].get<std::string>();
        const auto& revision = engine().content->revision;
        if (const auto found = detail.find(revision); found != std::string::npos)
            detail.replace(found, revision.size(), "(revision)");
        card["detail"] = detail;
        if (!card.contains("suggestions")) continue;
        for (auto& suggestion : card["suggestions"]) suggestion["uuid"] = "(uuid)";
    }
    return document.dump(1) + '\n';
}

TEST(Answer, GoldenCards) {
    for (const char* patient : {"bleeding-with-shock", "melaena-on-aspirin", "data-that-cannot-be-used"}) {
        expect_golden(std::string(patient) + ".json", stable(cards_for(request_for(patient))));
    }
}

TEST(Answer, EveryFixturesAnswerKeepsTheWireRules) {
    const json expected = json::parse(read_file("fhir-fixtures/expected.json"));
    for (const auto& [patient, rules] : expected.items()) {
        const auto name = patient.substr(0, patient.find('.'));
        const auto cards = cards_for(request_for(name));
        const json document = json::parse(write_cards(cards));
        expect_no_empty_member(document, "");
        for (const Card& card : cards) {
            EXPECT_LT(characters(card.summary), 140U) << name;
            EXPECT_LE(characters(card.detail), limits::k_detail_characters) << name << '\n' << card.detail;
        }
    }
}

TEST(Answer, ADeceasedPatientGetsNoCard) {
    json request = request_for("bleeding-with-shock");
    ASSERT_FALSE(cards_for(request).empty());
    auto& patient = request["prefetch"]["patient"];
    for (const json& dead : {json{{"deceasedBoolean", true}}, json{{"deceasedDateTime", "2026-06-15"}},
                             json{{"deceasedDateTime", "2026-06-15T11:59:00Z"}}, json{{"deceasedDateTime", "2020"}}}) {
        json changed = patient;
        changed.update(dead);
        std::swap(changed, patient);
        EXPECT_TRUE(cards_for(request).empty()) << dead;
        std::swap(changed, patient);
    }
    for (const json& alive : {json{{"deceasedBoolean", false}}, json{{"deceasedDateTime", "2026-06-16"}}}) {
        json changed = patient;
        changed.update(alive);
        std::swap(changed, patient);
        EXPECT_FALSE(cards_for(request).empty()) << alive;
        std::swap(changed, patient);
    }
}

TEST(Answer, AnotherPatientsResourcesAreNeverUsed) {
    json request = request_for("bleeding-with-shock");
    for (auto& [key, value] : request["prefetch"].items()) {
        if (!value.contains("entry")) continue;
        for (auto& entry : value["entry"]) entry["resource"]["subject"] = {{"reference", "Patient/somebody-else"}};
    }
    EXPECT_TRUE(cards_for(request).empty());
}

TEST(Answer, UnknownMembersAndExtensionsChangeNothing) {
    json request = request_for("melaena-on-aspirin");
    const auto before = stable(cards_for(request));
    const json extra = {{"com.example.unknown", {{"deep", json::array({1, nullptr, "x"})}}}};
    request["extension"] = extra;
    request["unknown"] = extra;
    request["context"]["unknown"] = extra;
    request["prefetch"]["unknown"] = extra;
    request["prefetch"]["patient"]["unknown"] = extra;
    request["prefetch"]["patient"]["extension"] = json::array({{{"url", "https://e.example/x"}, {"valueString", "y"}}});
    EXPECT_EQ(stable(cards_for(request)), before);
}

TEST(Answer, PatientIdMayBeAReference) {
    json request = request_for("melaena-on-aspirin");
    const auto before = stable(cards_for(request));
    request["context"]["patientId"] = "Patient/" + request["context"]["patientId"].get<std::string>();
    EXPECT_EQ(stable(cards_for(request)), before);
}

TEST(Answer, AnEmptySearchIsTheSameAsNull) {
    json request = request_for("bleeding-with-shock");
    request["prefetch"]["procedures"] = nullptr;
    const auto with_null = stable(cards_for(request));
    request["prefetch"]["procedures"] = {{"resourceType", "Bundle"}, {"type", "searchset"}};
    EXPECT_EQ(stable(cards_for(request)), with_null);
}

TEST(Answer, MissingDataNeverSilenceTheCard) {
    json request = request_for("bleeding-with-shock");
    request["prefetch"].erase("vitalSigns");
    std::string all;
    for (const auto& card : cards_for(request)) all += card.detail;
    EXPECT_THAT(all, HasSubstr("vital signs not supplied"));
}

TEST(Answer, RefusesWithTheRightStatus) {
    const json good = request_for("healthy");
    EXPECT_EQ(status_of(good), 200);
    json request = good;
    request["hook"] = "order-sign";
    EXPECT_EQ(status_of(request), 400);
    request = good;
    request["context"].erase("userId");
    EXPECT_EQ(status_of(request), 400);
    request = good;
    request["prefetch"].erase("patient");
    EXPECT_EQ(status_of(request), 412);
    request = good;
    request.erase("prefetch");
    EXPECT_EQ(status_of(request), 412);
    request = good;
    request["prefetch"]["patient"] = {{"resourceType", "OperationOutcome"}, {"issue", json::array()}};
    EXPECT_EQ(status_of(request), 412);
}

TEST(Answer, RefusesWhatIsNoJsonAndWhatIsTooLarge) {
    for (const char* body : {"", "{", "[]", "null", "{\"hook\":1}", "not json"}) {
        const auto result = ask(body);
        ASSERT_TRUE(std::holds_alternative<Refusal>(result)) << body;
        EXPECT_EQ(std::get<Refusal>(result).status, 400) << body;
        expect_no_empty_member(json::parse(write_operation_outcome(std::get<Refusal>(result))), "");
    }
    const auto large = ask(std::string(limits::k_body_bytes + 1, ' '));
    ASSERT_TRUE(std::holds_alternative<Refusal>(large));
    EXPECT_EQ(std::get<Refusal>(large).status, 413);
}

TEST(Answer, RefusalsHoldNothingFromThePatient) {
    json request = request_for("healthy");
    request["context"]["patientId"] = "Marker Patient Name";
    request["context"]["userId"] = "marker user";
    const auto result = ask(request.dump());
    EXPECT_THAT(write_operation_outcome(std::get<Refusal>(result)), Not(HasSubstr("arker")));
}

TEST(Answer, HostileRequestsComeOutAsTheFixturesSay) {
    const json expected = json::parse(read_file("fhir-fixtures/hostile/expected.json"));
    for (const auto& [file, outcome] : expected.items()) {
        // Not every hostile file is JSON that a template can be rendered from.
        std::string body = read_file("fhir-fixtures/hostile/" + file);
        RE2::GlobalReplace(&body, R"(\$\{-P\d+D\})", "2026-06-13T12:00:00Z");
        RE2::GlobalReplace(&body, R"(\$\{date:-P\d+D\})", "1995-06-13");
        const auto result = ask(body);
        const auto* refusal = std::get_if<Refusal>(&result);
        EXPECT_EQ(refusal == nullptr ? 200 : refusal->status, outcome["status"].get<int>()) << file;
        if (refusal != nullptr || !outcome.contains("cards")) continue;
        const auto& cards = std::get<Answered>(result).cards;
        EXPECT_EQ(cards.empty(), outcome["cards"] == 0) << file;
        for (const auto& card : cards) EXPECT_THAT(card.detail, Not(HasSubstr("<"))) << file;
        expect_no_empty_member(json::parse(write_cards(cards)), "");
    }
}

TEST(Answer, WhenNearlyAllIsMissingOneShortCardNamesEveryOpenCheck) {
    json request = request_for("visible-bleeding-alone");
    for (const auto& [key, source] : default_keys()) {
        if (source != fhir::Source::patient && source != fhir::Source::condition) request["prefetch"].erase(key);
    }
    const auto result = ask(request.dump());
    ASSERT_TRUE(std::holds_alternative<Answered>(result));
    const auto& answered = std::get<Answered>(result);
    std::string all;
    for (const auto& card : answered.cards) {
        all += card.detail;
        EXPECT_LE(characters(card.detail), limits::k_detail_characters) << card.detail;
    }
    ASSERT_FALSE(answered.outcome.not_checked.empty());
    for (const auto& open : answered.outcome.not_checked) {
        EXPECT_THAT(all, HasSubstr('(' + engine().content->rules[open.rule].rule.code + ')'));
    }
}

TEST(Discovery, Golden) {
    const ordered document = ordered::parse(write_discovery(*engine().content, settings()));
    expect_no_empty_member(json::parse(document.dump()), "");
    expect_golden("../discovery.json", document.dump(1) + '\n');
}

TEST(Discovery, EachQueryNamesEachParameterOnceAndOnlyThePatientToken) {
    const json document = json::parse(write_discovery(*engine().content, settings()));
    for (const auto& service : document["services"]) {
        for (const auto& [key, value] : service["prefetch"].items()) {
            const auto query = value.get<std::string>();
            std::set<std::string> names;
            std::istringstream parts(query.substr(std::min(query.size(), query.find('?') + 1)));
            for (std::string part; query.find('?') != std::string::npos && std::getline(parts, part, '&');) {
                EXPECT_TRUE(names.insert(part.substr(0, part.find('='))).second) << query;
            }
            auto rest = query;
            const std::string token = "{{context.patientId}}";
            rest.erase(rest.find(token), token.size());
            EXPECT_EQ(rest.find_first_of("{}"), std::string::npos) << query;
        }
    }
}

TEST(Discovery, KeysAreTheClientsOwnWhereItHasSome) {
    Settings renamed = settings();
    renamed.keys = {{"pat", fhir::Source::patient}, {"problems", fhir::Source::condition}};
    const auto prefetch = ordered::parse(write_discovery(*engine().content, renamed))["services"][0]["prefetch"];
    EXPECT_EQ(prefetch.size(), 2U);
    EXPECT_EQ(prefetch["pat"], "Patient/{{context.patientId}}");
}

TEST(Discovery, SaysWhetherTheContentIsApproved) {
    rules::Content content;
    EXPECT_THAT(write_discovery(content, settings()), HasSubstr("not yet approved by a clinician"));
    content.manifest.approved = true;
    EXPECT_THAT(write_discovery(content, settings()), Not(HasSubstr("not yet approved")));
}

TEST(HookTable, EveryHookHasItsVersionAndService) {
    for (const auto& row : hook_table()) {
        EXPECT_FALSE(row.hookVersion.empty());
        EXPECT_EQ(find_hook(row.hook), &row);
    }
    EXPECT_EQ(find_hook("order-review"), nullptr);
}

}  // namespace
}  // namespace proctor::hooks::answer_test
