// One patient in four FHIR versions: the same cards, orders in his own version, and searches that the version has.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "base/json.h"
#include "hooks/answer.h"
#include "hooks/discovery.h"
#include "hooks/draft_order.h"
#include "hooks/shipped.h"
#include "rules/template.h"

namespace proctor::hooks::versions_test {
namespace {

using fhir::Version;
using nlohmann::json;
using rules::OrderKind;
using testing::engine;
using testing::k_now;
using testing::read_file;

constexpr Version k_versions[] = {Version::dstu2, Version::stu3, Version::r4, Version::r5};
json patient_in(const std::string& name, Version version) {
    std::string file = name + '.' + std::string(fhir::print(version)) + ".json";
    std::transform(file.begin(), file.end(), file.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return json::parse(rules::render_template(read_file("fhir-fixtures/versions/" + file), k_now).value());
}

std::string key_of(const json& resource) {
    const auto type = resource["resourceType"].get<std::string>();
    if (type == "Condition") return "conditions";
    if (type == "Observation") {
        const json& category = resource["category"].is_array() ? resource["category"][0] : resource["category"];
        const auto code = category["coding"][0]["code"].get<std::string>();
        return code == "vital-signs" ? "vitalSigns" : code;
    }
    auto key = type + "s";
    key[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(key[0])));
    return key;
}

// A request in which every search of the version is answered.
json request_of(const json& bundle, Version version) {
    json request = {{"hook", "patient-view"},
                    {"hookInstance", "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"},
                    {"context", {{"userId", "Practitioner/1"}, {"encounterId", "e-now"}}}};
    for (const auto& [key, source] : default_keys(version))
        request["prefetch"][key] = {{"resourceType", "Bundle"}, {"type", "searchset"}};
    for (const auto& entry : bundle["entry"]) {
        const json& resource = entry["resource"];
        if (resource["resourceType"] == "Patient") {
            request["prefetch"]["patient"] = resource;
            request["context"]["patientId"] = resource["id"];
        } else {
            EXPECT_TRUE(request["prefetch"].contains(key_of(resource))) << key_of(resource);
            request["prefetch"][key_of(resource)]["entry"].push_back({{"resource", resource}});
        }
    }
    return request;
}

Answered ask(const json& request, std::optional<Version> version) {
    Settings settings;
    settings.fhirVersion = version;
    auto answered = answer(engine(), settings, fhir::PaddedJson(request.dump()), k_service_id, k_now);
    if (const auto* refusal = std::get_if<Refusal>(&answered)) {
        ADD_FAILURE() << write_operation_outcome(*refusal);
        return {};
    }
    return std::get<Answered>(std::move(answered));
}

// A card as a person reads it; what a version calls an order or a prescription is R4's name for it.
std::string read_card(const Card& card) {
    std::string detail = card.detail;
    const std::pair<std::string, std::string> names[] = {{"MedicationOrder/", "MedicationRequest/"},
                                                         {"DiagnosticOrder/", "ServiceRequest/"},
                                                         {"ProcedureRequest/", "ServiceRequest/"},
                                                         {"ReferralRequest/", "ServiceRequest/"}};
    for (const auto& [theirs, ours] : names) {
        for (auto at = detail.find(theirs); at != std::string::npos; at = detail.find(theirs))
            detail.replace(at, theirs.size(), ours);
    }
    std::string text = card.summary + '\n' + detail;
    for (const auto& suggestion : card.suggestions) text += "\n[" + suggestion.label + ']';
    return text;
}

std::vector<std::string> read_cards(const Answered& answered) {
    std::vector<std::string> read;
    for (const Card& card : answered.cards) read.push_back(read_card(card));
    return read;
}

std::vector<json> suggested(const Answered& answered) {
    std::vector<json> resources;
    for (const Card& card : answered.cards) {
        for (const auto& suggestion : card.suggestions) {
            for (const auto& action : suggestion.actions) resources.push_back(json::parse(action.resource));
        }
    }
    return resources;
}

std::string fired(const Answered& answered) {
    std::string codes;
    for (const auto& one : answered.outcome.fired) codes += engine().content->rules[one.rule].rule.code + ' ';
    return codes;
}

TEST(OnePatient, GetsTheSameCardsInEveryVersion) {
    const auto r4 = ask(request_of(patient_in("alarms", Version::r4), Version::r4), Version::r4);
    for (const char* code : {"ADC-01 ", "ADC-07 ", "ADC-12 ", "ADC-13 ", "ADC-25 ", "ADC-27 "})
        EXPECT_NE(fired(r4).find(code), std::string::npos) << code;
    EXPECT_EQ(fired(r4).find("ADC-15 "), std::string::npos) << "refuted";
    for (const Version version : k_versions) {
        const auto request = request_of(patient_in("alarms", version), version);
        EXPECT_EQ(read_cards(ask(request, version)), read_cards(r4)) << fhir::print(version);
    }
}

TEST(OnePatient, OfWhomNothingIsTrueGetsNoCardInAnyVersion) {
    for (const Version version : k_versions) {
        const auto answered = ask(request_of(patient_in("nothing", version), version), version);
        EXPECT_EQ(fired(answered), "") << fhir::print(version);
        EXPECT_TRUE(answered.cards.empty()) << fhir::print(version);
    }
}

TEST(OnePatient, IsKnownByTheShapeOfHisChart) {
    for (const Version version : k_versions) {
        const auto bundle = patient_in("alarms", version);
        const auto record = fhir::read_bundle(fhir::PaddedJson(bundle.dump()), {engine().content->codes, {}});
        ASSERT_TRUE(record);
        EXPECT_EQ(record->version, version) << fhir::print(version);
        EXPECT_EQ(record->unreadable + record->other_patient, 0U) << fhir::print(version);
    }
}

TEST(OnePatient, IsOfferedOrdersOfTheTypesThatHisVersionHas) {
    const std::pair<Version, std::set<std::string>> table[] = {
        {Version::dstu2, {"DiagnosticOrder", "ProcedureRequest", "ReferralRequest"}},
        {Version::stu3, {"ProcedureRequest", "ReferralRequest"}},
        {Version::r4, {"ServiceRequest"}},
        {Version::r5, {"ServiceRequest"}}};
    for (const auto& [version, types] : table) {
        std::set<std::string> offered;
        for (const auto& resource : suggested(ask(request_of(patient_in("alarms", version), version), version)))
            offered.insert(resource["resourceType"]);
        EXPECT_EQ(offered, types) << fhir::print(version);
    }
}

// The configuration says what is written, whatever the chart looks like; without it the chart's shape does.
TEST(OnePatient, IsAnsweredInTheConfiguredVersionElseInHisOwn) {
    auto request = request_of(patient_in("alarms", Version::stu3), Version::stu3);
    for (const auto& resource : suggested(ask(request, Version::r4)))
        EXPECT_EQ(resource["resourceType"], "ServiceRequest");
    for (const auto& resource : suggested(ask(request, std::nullopt)))
        EXPECT_NE(resource["resourceType"], "ServiceRequest");
}

// What we suggest comes back as a draft: it must be recognised, or it would be suggested again.
TEST(OnePatient, IsNotOfferedWhatIsDraftedAlready) {
    for (const Version version : k_versions) {
        auto request = request_of(patient_in("alarms", version), version);
        const auto orders = suggested(ask(request, version));
        ASSERT_FALSE(orders.empty()) << fhir::print(version);
        json drafts = {{"resourceType", "Bundle"}, {"type", "collection"}, {"entry", json::array()}};
        for (const auto& order : orders) drafts["entry"].push_back({{"resource", order}});
        request["context"]["draftOrders"] = drafts;
        EXPECT_TRUE(suggested(ask(request, version)).empty()) << fhir::print(version);
    }
}

const std::string k_code =
    R"({"coding":[{"system":"http://loinc.org","code":"58410-2","display":"CBC"}],"text":"CBC"})";
const std::string k_category =
    R"({"coding":[{"system":"http://snomed.info/sct","code":"108252007","display":"Laboratory procedure"}],)"
    R"("text":"Laboratory procedure"})";
const std::string k_subject = R"({"reference":"Patient/p1"})";
const std::string k_encounter = R"({"reference":"Encounter/e1"})";
const std::string k_observation = R"({"reference":"Observation/o1"})";
const std::string k_condition = R"({"reference":"Condition/c1"})";
const std::string k_medication = R"({"reference":"MedicationRequest/m1"})";
const std::string k_written = R"("2026-06-15T12:00:00Z")";

void expect_written(Version version, OrderKind kind, const std::string& expected) {
    rules::Order order;
    order.kind = kind;
    order.system = "http://loinc.org";
    order.code = "58410-2";
    order.display = "CBC";
    order.category = "108252007";
    order.categoryDisplay = "Laboratory procedure";
    const DraftOrder draft{order,
                           "Patient/p1",
                           "Encounter/e1",
                           "2026-06-15T12:00:00Z",
                           {"Observation/o1", "Condition/c1"},
                           {"MedicationRequest/m1"}};
    EXPECT_EQ(json::parse(write_draft_order(draft, version)), json::parse(expected)) << fhir::print(version);
}

TEST(DraftOrderResource, IsAnR5ServiceRequest) {
    const std::string expected =
        R"({"resourceType":"ServiceRequest","status":"draft","intent":"proposal","category":[)" + k_category +
        R"(],"code":{"concept":)" + k_code + R"(},"subject":)" + k_subject + R"(,"encounter":)" + k_encounter +
        R"(,"authoredOn":)" + k_written + R"(,"reason":[{"reference":)" + k_observation + R"(},{"reference":)" +
        k_condition + R"(}],"supportingInfo":[{"reference":)" + k_medication + "}]}";
    for (const auto kind : {OrderKind::test, OrderKind::imaging, OrderKind::procedure, OrderKind::referral})
        expect_written(Version::r5, kind, expected);
}

TEST(DraftOrderResource, IsAnStu3ProcedureRequestOrReferralRequest) {
    const std::string about = R"("subject":)" + k_subject + R"(,"context":)" + k_encounter + R"(,"authoredOn":)" +
                              k_written + R"(,"reasonReference":[)" + k_observation + "," + k_condition +
                              R"(],"supportingInfo":[)" + k_medication + "]}";
    const std::string procedure =
        R"({"resourceType":"ProcedureRequest","status":"draft","intent":"proposal","category":[)" + k_category +
        R"(],"code":)" + k_code + "," + about;
    for (const auto kind : {OrderKind::test, OrderKind::imaging, OrderKind::procedure})
        expect_written(Version::stu3, kind, procedure);
    expect_written(Version::stu3, OrderKind::referral,
                   R"({"resourceType":"ReferralRequest","status":"draft","intent":"proposal","type":)" + k_category +
                       R"(,"serviceRequested":[)" + k_code + "]," + about);
}

TEST(DraftOrderResource, IsADstu2OrderOfItsKind) {
    const std::string test = R"({"resourceType":"DiagnosticOrder","status":"draft","subject":)" + k_subject +
                             R"(,"encounter":)" + k_encounter + R"(,"supportingInformation":[)" + k_observation + "," +
                             k_condition + R"(],"event":[{"status":"draft","dateTime":)" + k_written +
                             R"(}],"item":[{"code":)" + k_code + "}]}";
    expect_written(Version::dstu2, OrderKind::test, test);
    expect_written(Version::dstu2, OrderKind::imaging, test);
    expect_written(Version::dstu2, OrderKind::procedure,
                   R"({"resourceType":"ProcedureRequest","status":"draft","subject":)" + k_subject + R"(,"code":)" +
                       k_code + R"(,"reasonReference":)" + k_condition + R"(,"encounter":)" + k_encounter +
                       R"(,"orderedOn":)" + k_written + "}");
    expect_written(Version::dstu2, OrderKind::referral,
                   R"({"resourceType":"ReferralRequest","status":"draft","date":)" + k_written + R"(,"type":)" +
                       k_category + R"(,"patient":)" + k_subject + R"(,"encounter":)" + k_encounter +
                       R"(,"serviceRequested":[)" + k_code + R"(],"supportingInformation":[)" + k_observation + "," +
                       k_condition + "," + k_medication + "]}");
}

TEST(DiscoveryOfAVersion, AsksForWhatTheVersionHas) {
    const auto query = [](Version version, const std::string& key) {
        Settings settings;
        settings.fhirVersion = version;
        const auto prefetch = json::parse(write_discovery(*engine().content, settings))["services"][0]["prefetch"];
        return prefetch.value(key, "none");
    };
    const std::string patient = "?patient={{context.patientId}}&";
    EXPECT_EQ(query(Version::dstu2, "conditions"), "Condition" + patient + "_sort:desc=date-recorded&_count=500");
    EXPECT_EQ(query(Version::stu3, "conditions"), "Condition" + patient + "_sort=-asserted-date&_count=500");
    EXPECT_EQ(query(Version::r5, "conditions"), "Condition" + patient + "_sort=-recorded-date&_count=500");
    EXPECT_EQ(query(Version::dstu2, "laboratory"),
              "Observation" + patient + "category=laboratory&_sort:desc=date&_count=500");
    EXPECT_EQ(query(Version::dstu2, "diagnosticOrders"),
              "DiagnosticOrder" + patient + "_sort:desc=event-date&_count=200");
    EXPECT_EQ(query(Version::dstu2, "procedureRequests"), "ProcedureRequest" + patient + "_count=200");
    EXPECT_EQ(query(Version::dstu2, "referralRequests"), "ReferralRequest" + patient + "_sort:desc=date&_count=200");
    EXPECT_EQ(query(Version::stu3, "procedureRequests"), "ProcedureRequest" + patient + "_sort=-authored&_count=200");
    EXPECT_EQ(query(Version::stu3, "referralRequests"), "ReferralRequest" + patient + "_sort=-authored-on&_count=200");
    EXPECT_EQ(query(Version::r5, "serviceRequests"), "ServiceRequest" + patient + "_sort=-authored&_count=200");
    for (const Version version : {Version::dstu2, Version::stu3}) EXPECT_EQ(query(version, "serviceRequests"), "none");
    EXPECT_EQ(query(Version::dstu2, "medicationOrders"),
              "MedicationOrder" + patient + "_sort:desc=datewritten&_count=200");
    EXPECT_EQ(query(Version::dstu2, "medicationStatements"),
              "MedicationStatement" + patient + "_sort:desc=effectivedate&_count=200");
    EXPECT_EQ(query(Version::dstu2, "medicationAdministrations"),
              "MedicationAdministration" + patient + "_sort:desc=effectivetime&_count=200");
    EXPECT_EQ(query(Version::r5, "medicationAdministrations"),
              "MedicationAdministration" + patient + "_sort=-date&_count=200");
}

TEST(DiscoveryOfAVersion, EverySearchOfEveryVersionHasAQuery) {
    for (const Version version : k_versions) {
        Settings settings;
        settings.fhirVersion = version;
        const auto prefetch = json::parse(write_discovery(*engine().content, settings))["services"][0]["prefetch"];
        std::set<std::string> queries;
        for (const auto& [key, query] : prefetch.items()) {
            EXPECT_NE(query, "") << key;
            EXPECT_TRUE(queries.insert(query).second) << key;
        }
        EXPECT_EQ(queries.size(), default_keys(version).size());
    }
}

}  // namespace
}  // namespace proctor::hooks::versions_test
