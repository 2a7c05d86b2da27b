// What the page is made of.
#include "console_fixture.h"

namespace proctor::console {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class ApiTest : public ConsoleTest {
protected:
    ApiTest() { log_in(); }

    void hook(std::vector<LoggedCard> shown) {
        LogFields fields;
        fields.status = 200;
        fields.service = "anorectal-alarms";
        fields.hook = "patient-view";
        fields.client = "north";
        fields.duration_us = 1'000;
        fields.missing = {"laboratory"};
        fields.shown = std::move(shown);
        figures_.write(Event::request, fields);
    }
    json try_it(const std::string& body, int status = 200) {
        const auto response = ask("POST", "/api/try", body);
        EXPECT_EQ(response.status, status) << response.body;
        return json::parse(response.body, nullptr, false);
    }
    static json rule_in(const json& list, const std::string& code) {
        for (const auto& one : list) {
            if (one["rule"] == code) return one;
        }
        return {};
    }
};

TEST_F(ApiTest, TheOverviewHasEveryHourTheTotalsTheRulesAndTheState) {
    hook({{"ADC-02", "info"}, {"ADC-12", "warning"}});
    hook({{"ADC-12", "critical"}});
    const auto overview = get("/api/overview?hours=24");
    EXPECT_EQ(overview["since"], "2026-06-15T12:00:00Z");
    EXPECT_EQ(overview["now"], "2026-06-15T12:00:00Z");
    ASSERT_EQ(overview["hours"].size(), 24U);
    EXPECT_EQ(overview["hours"][0]["at"], "2026-06-14T13:00:00Z");
    EXPECT_EQ(overview["hours"][0]["latencyMs"], nullptr);
    EXPECT_EQ(overview["hours"][23]["at"], "2026-06-15T12:00:00Z");
    EXPECT_EQ(overview["hours"][23]["cards"], (json{{"critical", 1}, {"warning", 1}, {"info", 1}}));
    EXPECT_EQ(overview["totals"]["hooks"], 2);
    EXPECT_NEAR(overview["totals"]["latencyMs"]["p99"].get<double>(), 1, 0.05);
    EXPECT_EQ(overview["rules"][0],
              (json{{"rule", "ADC-12"}, {"title", "Rectal bleeding"}, {"critical", 1}, {"warning", 1}, {"info", 0}}));
    EXPECT_EQ(overview["rules"][1]["rule"], "ADC-02");
    hook({{"ADC-NC", "info"}, {"ADC-MORE", "info"}, {"ADC-77", "info"}});
    const auto of_no_rule = get("/api/overview?hours=24")["rules"];
    EXPECT_EQ(rule_in(of_no_rule, "ADC-NC")["title"], "Could not check");
    EXPECT_EQ(rule_in(of_no_rule, "ADC-MORE")["title"], "Further findings");
    EXPECT_EQ(rule_in(of_no_rule, "ADC-77")["title"], "") << "no longer in the content";
    EXPECT_EQ(overview["state"], (json{{"status", "ok"},
                                       {"reasons", json::array()},
                                       {"feedbackStore", "ok"},
                                       {"replayStore", "ok"},
                                       {"keys", {{"north", "fresh"}, {"south", "stale"}}}}));
    running_.state_ = {{"replayStore"}, "none", "away"};
    EXPECT_EQ(get("/api/overview?hours=168")["state"]["status"], "degraded");
    EXPECT_EQ(get("/api/overview?hours=168")["hours"].size(), 168U);
    for (const char* query : {"hours=25", "hours=", "hours=24h", "hours=-1"})
        EXPECT_EQ(ask("GET", std::string("/api/overview?") + query).status, 400) << query;
}

store::Tally tally(const char* rule, const char* outcome, std::size_t cards, const char* reason = "") {
    store::Tally made{"north", rule, "row", "1.0.0", "warning", 20'619, outcome, reason, cards};
    return made;
}

TEST_F(ApiTest, RulesHaveTheirAnswersEvidenceAndTrend) {
    seen_.counted = {tally("ADC-12", "shown", 120),
                     tally("ADC-12", "accepted", 20),
                     tally("ADC-12", "overridden", 27, "already-ordered"),
                     tally("ADC-12", "overridden", 3),
                     tally("ADC-77", "shown", 1),
                     tally("", "shown", 4)};
    const auto page = get("/api/rules?days=30");
    EXPECT_EQ(page["available"], true);
    EXPECT_EQ(page["days"], 30);
    EXPECT_EQ(page["overridePercent"], 50);
    const auto rule = rule_in(page["rules"], "ADC-12");
    EXPECT_EQ(rule["id"], "rectal-bleeding");
    EXPECT_EQ(rule["status"], "active");
    EXPECT_EQ(rule["page"], nullptr);
    EXPECT_EQ(rule["evidence"], (json{{{"label", "Sample 2020"}, {"url", "https://example.org/sample"}}}));
    EXPECT_EQ(rule["flagged"], true);
    const auto version = rule["versions"][0];
    EXPECT_EQ(version["unanswered"], 70);
    EXPECT_EQ(version["overrideShare"], 0.6);
    EXPECT_EQ(version["reasons"][1], (json{{"code", ""}, {"display", "No reason given"}, {"cards", 3}}));
    EXPECT_EQ(version["reasons"][0]["display"], "Already ordered");
    ASSERT_EQ(rule["trend"].size(), 6U);
    EXPECT_EQ(rule["trend"][0], (json{{"week", "2026-05-11"}, {"shown", 0}, {"accepted", 0}, {"overridden", 0}}));
    EXPECT_EQ(rule["trend"][5], (json{{"week", "2026-06-15"}, {"shown", 120}, {"accepted", 20}, {"overridden", 30}}));
    EXPECT_EQ(rule_in(page["rules"], "ADC-77")["status"], "gone");
    EXPECT_EQ(rule_in(page["rules"], "ADC-02")["versions"], json::array());
    EXPECT_EQ(ask("GET", "/api/rules?days=31").status, 400);
    seen_.there = false;
    EXPECT_EQ(ask("GET", "/api/rules").status, 503);
}

TEST_F(ApiTest, CardsThatAreNoRulesAreCountedApart) {
    auto unchecked = tally("ADC-NC", "shown", 7);
    unchecked.version = "";
    seen_.counted = {unchecked, tally("ADC-NC", "accepted", 2), tally("ADC-12", "shown", 1)};
    const auto page = get("/api/rules?days=30");
    EXPECT_EQ(rule_in(page["rules"], "ADC-NC"), json());
    EXPECT_EQ(rule_in(page["rules"], "ADC-12")["versions"][0]["shown"], 1);
    EXPECT_EQ(page["others"], (json{{{"code", "ADC-NC"}, {"title", "Could not check"}, {"shown", 7}}}));
}

TEST_F(ApiTest, WithoutAStoreThereIsNothingToSayOfRules) {
    Console without({running_, figures_, lost_codes_, nullptr, clock_, log_}, {9000, {}, 50, "0.1.0", false, {}},
                    Users::parse(users_file(), "users").value(), entropy_);
    auto response = without.answer(request("POST", "/api/login", login_body("ben")));
    auto one = request("GET", "/api/rules");
    one.cookie = header(response, "Set-Cookie").substr(0, 80);
    EXPECT_EQ(without.answer(one).body, R"({"available":false})");
}

store::ShownCard shown(int number) {
    store::ShownCard card;
    card.client = "north";
    card.card = "card-" + std::to_string(number);
    card.rule = "ADC-12";
    card.version = "1.0.0";
    card.at = fhir::read_instant("2026-03-15T12:00:00Z").value() + std::chrono::minutes(number);
    return card;
}

TEST_F(ApiTest, RowsAreForThoseWhoMayTakeThemAway) {
    seen_.shown = {shown(1)};
    const auto rows = ask("GET", "/api/export?format=csv&days=365");
    EXPECT_EQ(rows.status, 200);
    EXPECT_EQ(rows.content_type, "text/csv; charset=utf-8");
    EXPECT_EQ(header(rows, "Content-Disposition"), "attachment; filename=\"feedback.csv\"");
    EXPECT_THAT(rows.body, HasSubstr("card-1"));
    EXPECT_THAT(lines_.str(), HasSubstr(R"("event":"exported","user":"anna","reason":"rows","rows":1)"));
    EXPECT_THAT(ask("GET", "/api/export?format=csv&days=30").body, Not(HasSubstr("card-1"))) << "shown before";
    const auto lines = ask("GET", "/api/export?format=ndjson&days=365");
    EXPECT_EQ(lines.content_type, "application/x-ndjson");
    EXPECT_EQ(json::parse(lines.body)["rule"], "ADC-12");
    log_in("ben");
    const auto refused = ask("GET", "/api/export?format=csv&days=365");
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.body, Not(HasSubstr("card-1")));
}

TEST_F(ApiTest, NothingLeavesThatTheAuditTrailCannotHold) {
    seen_.shown = {shown(1)};
    log_.full = true;
    for (const char* query : {"days=365", "deidentified=true"}) {
        const auto refused = ask("GET", std::string("/api/export?") + query);
        EXPECT_EQ(refused.status, 503);
        EXPECT_THAT(refused.body, HasSubstr("auditLog"));
        EXPECT_THAT(refused.body, Not(HasSubstr("card-1")));
    }
    log_.full = false;
    EXPECT_EQ(ask("GET", "/api/export?days=365").status, 200);
}

TEST_F(ApiTest, DeidentifiedCountsAreForAllAndHideSmallCells) {
    log_in("ben");
    for (int i = 0; i < 10; ++i) seen_.shown.push_back(shown(i));
    const std::string query = "/api/export?format=csv&months=12&deidentified=true";
    EXPECT_THAT(ask("GET", query).body, Not(HasSubstr(",10")));
    for (int i = 10; i < 30; ++i) seen_.shown.push_back(shown(i));
    const auto counts = ask("GET", query);
    EXPECT_EQ(counts.status, 200);
    EXPECT_EQ(header(counts, "Content-Disposition"), "attachment; filename=\"feedback-counts.csv\"");
    EXPECT_THAT(counts.body, HasSubstr("2026-03"));
    EXPECT_THAT(counts.body, HasSubstr("30"));
    EXPECT_THAT(counts.body, Not(HasSubstr("card-1")));
    EXPECT_THAT(lines_.str(), HasSubstr(R"("event":"exported","user":"ben","reason":"counts")"));
}

TEST_F(ApiTest, WhatCannotBeExportedIsRefusedAndNotLogged) {
    for (const char* query : {"format=xml", "days=31", "months=13", "deidentified=yes", "format=csv&deidentified="})
        EXPECT_EQ(ask("GET", std::string("/api/export?") + query).status, 400) << query;
    seen_.shown.assign(1, shown(1));
    seen_.shown.front().row = std::string(limits::k_export_bytes, 'x');
    EXPECT_EQ(ask("GET", "/api/export?days=365").status, 413);
    seen_.there = false;
    EXPECT_EQ(ask("GET", "/api/export").status, 503);
    EXPECT_THAT(lines_.str(), Not(HasSubstr("exported")));
}

TEST_F(ApiTest, ClientsHaveTheirGaps) {
    hook({});
    const auto coding = [] {
        fhir::Coding made;
        made.system = "http://local.example";
        made.code = "X1";
        return made;
    }();
    for (const char* patient : {"a", "b", "c", "d", "e"}) lost_codes_.add("north", {"", patient}, {&coding});
    clock_.pass(std::chrono::hours(23));
    log_in();
    auto clients = get("/api/clients")["clients"];
    ASSERT_EQ(clients.size(), 2U);
    EXPECT_EQ(clients[0]["id"], "north");
    EXPECT_EQ(clients[0]["quietDays"], 30);
    EXPECT_EQ(clients[0]["keys"], "fresh");
    EXPECT_EQ(clients[0]["lastCall"], "2026-06-15T12:00:00Z");
    EXPECT_EQ(clients[0]["silent"], false);
    EXPECT_EQ(clients[0]["missing"], (json{{{"source", "laboratory"}, {"calls", 1}}}));
    EXPECT_EQ(clients[0]["codesLost"], (json{{{"system", "http://local.example"}, {"code", "X1"}, {"calls", 5}}}));
    EXPECT_EQ(clients[1]["pilot"], true);
    EXPECT_EQ(clients[1]["lastCall"], nullptr);
    EXPECT_EQ(clients[1]["silent"], false) << "the service itself has run for less than a day";
    clock_.pass(std::chrono::hours(1));
    log_in();
    clients = get("/api/clients")["clients"];
    EXPECT_EQ(clients[0]["silent"], true);
    EXPECT_EQ(clients[1]["silent"], true);
}

TEST_F(ApiTest, ATriedPatientGetsItsCardsAndWhyEachRuleFiredOrDidNot) {
    for (const std::string& body :
         {std::string(R"({"patient":"bleeding"})"), std::string(R"({"bundle":{"resourceType":"Bundle"}})"),
          R"({"client":"north","request":)" + std::string(k_request) + '}'}) {
        const auto tried = try_it(body);
        EXPECT_EQ(tried["asOf"], "2026-06-15T12:00:00Z");
        ASSERT_FALSE(tried["cards"].empty()) << body.substr(0, 40);
        EXPECT_TRUE(tried["cards"][0].contains("summary"));
        const auto fired = rule_in(tried["rules"], "ADC-12");
        EXPECT_EQ(fired["state"], "fired");
        EXPECT_EQ(fired["row"], "bleeding");
        EXPECT_EQ(fired["indicator"], "warning");
        EXPECT_THAT(fired["explanation"].get<std::string>(), HasSubstr("ADC-12 Rectal bleeding: fires with row"));
        EXPECT_EQ(rule_in(tried["rules"], "ADC-02")["state"], "draft");
        EXPECT_EQ(rule_in(tried["rules"], "ADC-99"), json()) << "retired";
    }
    EXPECT_EQ(get("/api/patients"), (json{{"patients", {{{"id", "bleeding"}, {"title", "Bleeding"}}}}}));
}

TEST_F(ApiTest, ATriedPatientIsAnsweredAsThatClientIs) {
    const auto tried = try_it(R"({"patient":"bleeding","client":"south"})");
    EXPECT_EQ(rule_in(tried["rules"], "ADC-12")["state"], "off");
    EXPECT_EQ(ask("POST", "/api/try", R"({"patient":"bleeding","client":"east"})").status, 400);
}

TEST_F(ApiTest, WhatLacksDataCouldNotBeChecked) {
    auto request = json::parse(k_request);
    request["prefetch"]["conditions"] = nullptr;
    request["prefetch"].erase("survey");
    request["prefetch"].erase("exam");
    EXPECT_EQ(rule_in(try_it(json{{"request", request}}.dump())["rules"], "ADC-12")["state"], "could-not-check");
    request["prefetch"] = json::object();
    const auto refused = try_it(json{{"request", request}}.dump(), 412);
    EXPECT_EQ(refused["error"], "refused");
    EXPECT_FALSE(refused["faults"].empty());
}

TEST_F(ApiTest, WhatCannotBeTriedIsRefusedWithItsFaults) {
    for (const char* body :
         {"", "{", "[]", "{}", R"({"patient":"../../etc/passwd"})", R"({"patient":7})", R"({"bundle":[]})",
          R"({"request":{}})", R"({"request":{"hook":"other"}})", R"({"request":7})"}) {
        const auto refused = try_it(body, 400);
        EXPECT_EQ(refused["error"], "refused") << body;
        EXPECT_FALSE(refused["message"].get<std::string>().empty()) << body;
        EXPECT_FALSE(refused["faults"].empty()) << body;
    }
}

TEST_F(ApiTest, NothingOfATriedPatientIsKeptCountedOrLogged) {
    const auto before = get("/api/overview").dump() + get("/api/clients").dump() + lines_.str();
    (void)try_it(R"({"request":)" + std::string(k_request) + '}');
    (void)try_it(R"({"request":{"hook":"c4n4ry0hook"}})", 400);
    EXPECT_EQ(get("/api/overview").dump() + get("/api/clients").dump() + lines_.str(), before);
    EXPECT_EQ(seen_.asked, 0);
    EXPECT_TRUE(seen_.shown.empty());
    EXPECT_THAT(get("/api/overview").dump() + get("/api/clients").dump() + get("/api/rules").dump() + lines_.str(),
                Not(HasSubstr("c4n4ry")));
}

}  // namespace
}  // namespace proctor::console
