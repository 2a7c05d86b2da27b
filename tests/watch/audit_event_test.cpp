#include "watch/audit_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "watch/audit_trail.h"

namespace proctor::watch {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

const AuditSource k_source{"https://cds.example", "host-1"};
const WallTime k_now = ManualClock().now();

json written(Act act, const LogFields& fields) {
    return json::parse(write_audit_event({act, fields, k_now, {}, {}}, k_source));
}

LogFields called(int status, const char* service, const char* reason) {
    LogFields fields;
    fields.status = status;
    fields.service = service;
    fields.reason = reason;
    return fields;
}

TEST(AuditEvent, SaysWhatHappenedAndNothingElse) {
    LogFields fields = hook_call();
    fields.trace = "0af7651916cd43dd8448eb211c80319c";
    fields.hook = "patient-view";
    fields.token = "0123456789ab";
    fields.content = "abcdef012345";
    fields.cards = 2;
    fields.shown = {{"ADC-12", "warning"}, {"ADC-40", "info"}};
    EXPECT_EQ(
        write_audit_event({Act::hook, fields, k_now, {}, {}}, k_source),
        R"({"resourceType":"AuditEvent","type":{"system":"http://terminology.hl7.org/CodeSystem/audit-event-type",)"
        R"("code":"rest","display":"RESTful Operation"},"subtype":[{"system":"http://hl7.org/fhir/restful-interaction",)"
        R"("code":"operation","display":"operation"}],"action":"E","recorded":"2026-06-15T12:00:00.000Z","outcome":"0",)"
        R"("agent":[{"altId":"north","requestor":true}],"source":{"site":"https://cds.example",)"
        R"("observer":{"display":"host-1"}},"entity":[{"type":)"
        R"({"system":"http://terminology.hl7.org/CodeSystem/audit-entity-type","code":"2","display":"System Object"},)"
        R"("name":"anorectal","detail":[{"type":"status","valueString":"200"},)"
        R"({"type":"trace","valueString":"0af7651916cd43dd8448eb211c80319c"},{"type":"hook","valueString":"patient-view"},)"
        R"({"type":"token","valueString":"0123456789ab"},{"type":"content","valueString":"abcdef012345"},)"
        R"({"type":"cards","valueString":"2"},{"type":"rules","valueString":"ADC-12 ADC-40"}]}]})");
}

TEST(AuditEvent, EveryActHasItsCodes) {
    const std::tuple<Act, const char*, const char*, const char*, const char*> rows[] = {
        {Act::hook, "rest", "operation", "E", "0"},
        {Act::feedback, "rest", "create", "C", "0"},
        {Act::outbound_refused, "110113", "110132", "E", "4"},
        {Act::not_admitted, "110114", "110126", "E", "4"},
        {Act::not_served, "rest", "operation", "E", "4"},
        {Act::login, "110114", "110122", "E", "0"},
        {Act::login_refused, "110114", "110122", "E", "4"},
        {Act::exporting, "110106", "", "R", "0"},
        {Act::exported, "110106", "", "R", "8"},  // without rows it broke off
        {Act::restored, "110107", "", "C", "8"},
        {Act::purged, "destroy", "", "D", "0"},
        {Act::reloaded, "110100", "110131", "U", "0"},
        {Act::reload_refused, "110100", "110131", "U", "4"},
        {Act::started, "110100", "110120", "E", "0"},
        {Act::stopped, "110100", "110121", "E", "0"},
        {Act::broke, "110100", "110121", "E", "12"},
        {Act::lost, "110113", "110133", "E", "8"},
        {Act::torn, "110113", "110133", "E", "8"},
        {Act::deleted, "110113", "110133", "E", "8"},
    };
    for (const auto& [act, type, subtype, action, outcome] : rows) {
        const json event = written(act, {});
        EXPECT_EQ(event["type"]["code"], type);
        EXPECT_EQ(event.contains("subtype") ? event["subtype"][0]["code"] : "", subtype) << type;
        EXPECT_EQ(event["action"], action) << type;
        EXPECT_EQ(event["outcome"], outcome) << type;
    }
}

TEST(AuditEvent, TheOutcomeIsThatOfHttp) {
    const std::tuple<int, const char*, const char*, json> rows[] = {
        {200, "", "0", nullptr}, {412, "", "4", "HTTP 412"}, {503, "", "8", "HTTP 503"}, {503, "busy", "8", "busy"}};
    for (const auto& [status, reason, outcome, why] : rows) {
        const json event = written(Act::hook, called(status, "anorectal", reason));
        EXPECT_EQ(event["outcome"], outcome) << status;
        EXPECT_EQ(event.value("outcomeDesc", json()), why) << status;
    }
}

TEST(AuditEvent, TheAgentIsWhoActed) {
    LogFields fields;
    EXPECT_EQ(written(Act::started, fields)["agent"][0]["name"], "proctor");
    EXPECT_EQ(written(Act::started, fields)["agent"][0]["requestor"], false);
    EXPECT_EQ(written(Act::not_admitted, fields)["agent"][0]["name"], "unknown");
    fields.client = "north";
    EXPECT_EQ(written(Act::hook, fields)["agent"][0]["altId"], "north");
    fields.user = "kim";
    EXPECT_EQ(written(Act::exported, fields)["agent"][0]["altId"], "kim");
    EXPECT_EQ(written(Act::exported, fields)["agent"][0]["type"]["coding"][0]["code"], "humanuser");
}

TEST(AuditEvent, WhatWasMovedAsAWholeHasItsRowsOrBrokeOff) {
    for (const Act act : {Act::exported, Act::restored}) {
        LogFields fields;
        fields.reason = "backup";
        EXPECT_EQ(written(act, fields)["outcomeDesc"], "broke off");
        fields.rows = 0;
        EXPECT_EQ(written(act, fields)["outcome"], "0");
        EXPECT_FALSE(written(act, fields).contains("outcomeDesc"));
    }
}

TEST(AuditEvent, AnExportThatBeganSaysSo) {
    LogFields fields;
    fields.reason = "rows";
    EXPECT_EQ(written(Act::exporting, fields)["entity"][0]["detail"].back(),
              json::parse(R"({"type":"state","valueString":"begun"})"));
    EXPECT_EQ(written(Act::exported, fields)["entity"][0]["detail"].back()["type"], "reason");
}

TEST(AuditEvent, WhatWasCountedHasACountAndAPeriod) {
    const LogFields fields = called(401, "", "expired");
    const Repeated repeated{7, k_now, k_now + std::chrono::milliseconds{1500}};
    const json event = json::parse(write_audit_event({Act::not_admitted, fields, k_now, repeated, {}}, k_source));
    EXPECT_EQ(event["period"], json::parse(R"({"start":"2026-06-15T12:00:00.000Z","end":"2026-06-15T12:00:01.500Z"})"));
    EXPECT_EQ(event["entity"][0]["detail"].back(), json::parse(R"({"type":"count","valueString":"7"})"));
    EXPECT_EQ(event["outcomeDesc"], "expired");
}

TEST(AuditEvent, OfTheLogThatIsAuditedWhichIsAboutSomebodyActing) {
    const std::tuple<Event, LogFields, std::vector<Act>> rows[] = {
        {Event::request, called(200, "", ""), {}},  // health, discovery
        {Event::request, called(404, "", ""), {}},
        {Event::request, called(200, "anorectal", ""), {Act::hook}},
        {Event::request, called(412, "anorectal", ""), {Act::hook}},
        {Event::request, called(401, "", "expired"), {Act::not_admitted}},
        {Event::request, called(429, "", "tooManyFailures"), {Act::not_admitted}},
        {Event::request, called(503, "", "busy"), {Act::not_served}},
        {Event::internal_error, called(500, "", "internalError"), {Act::not_served}},
        {Event::login, called(200, "", "accepted"), {Act::login}},
        {Event::login, called(401, "", "throttled"), {Act::login_refused}},
        {Event::exporting, {}, {Act::exporting}},
        {Event::exported, {}, {Act::exported}},
        {Event::restored, {}, {Act::restored}},
        {Event::purged, {}, {Act::purged}},
        {Event::reloaded, {}, {Act::reloaded}},
        {Event::reload_refused, {}, {Act::reload_refused}},
        {Event::started, {}, {Act::started}},
        {Event::keys_failed, {}, {}},
        {Event::stopping, {}, {}},
        {Event::stopped, {}, {Act::stopped}},
        {Event::listener_failed, {}, {Act::broke}},
    };
    for (const auto& [event, fields, acts] : rows) EXPECT_EQ(acts_of(event, fields), acts) << print(event);
}

TEST(AuditEvent, FeedbackAndServersThatAreNotRegisteredAreToldApart) {
    LogFields fields = hook_call();
    fields.feedback = true;
    EXPECT_THAT(acts_of(Event::request, fields), ElementsAre(Act::feedback));
    fields = hook_call();
    fields.fetch = "notAllowed";
    EXPECT_THAT(acts_of(Event::request, fields), ElementsAre(Act::hook, Act::outbound_refused));
    EXPECT_EQ(written(Act::outbound_refused, fields)["outcomeDesc"], "notAllowed");
    fields.fetch = "timeout";
    EXPECT_THAT(acts_of(Event::request, fields), ElementsAre(Act::hook));
}

TEST(AuditEvent, WhateverANameHoldsItStaysOneLineOfJson) {
    LogFields fields = hook_call();
    fields.client = "a\"b\\c\nd\xff\"recorded\":\"";
    const auto text = write_audit_event({Act::hook, fields, k_now, {}, {}}, k_source);
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_TRUE(json::accept(text));
    EXPECT_EQ(text.find(R"("recorded":")"), text.rfind(R"("recorded":")"));
}

}  // namespace
}  // namespace proctor::watch
