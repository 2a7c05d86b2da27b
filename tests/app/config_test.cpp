#include "app/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "app/startup.h"

namespace proctor::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string error_of(const std::string& text) {
    const auto config = parse_config(text, "/etc/p.json");
    return config ? "no error" : describe(config.error());
}

TEST(Config, AnEmptyObjectGivesTheDefaults) {
    const auto config = parse_config("{}", "/etc/p.json");
    ASSERT_TRUE(config.ok());
    EXPECT_EQ(config->content, "/etc/cards");
    EXPECT_EQ(config->socket, "");
    EXPECT_FALSE(config->accept_unapproved);
    EXPECT_TRUE(config->clients.empty());
    EXPECT_EQ(config->site.settings.profile, "guideline");
    EXPECT_EQ(config->site.settings.fhirVersion, std::nullopt);
    EXPECT_EQ(hooks::prefetch_keys(config->site.settings), hooks::default_keys());
}

TEST(Config, ReadsEveryMemberAndSkipsComments) {
    const auto config = parse_config(R"({
        // the rules
        "content": "/srv/cards", "socket": "run/p.sock", "origins": ["https://ehr.example", "http://localhost:3000"],
        "accept_unapproved": true, "threads": 2, "queue": 0, // none
        "profile": "seed", "region": "US", "time_zone": "Europe/London", "fhir_version": "STU3",
        "concept_maps": ["maps/site.json", "/srv/rx.json"], "unit_factors": {"fit_ug_per_g_for_ng_per_ml": 0.5},
        "show": ["hiv"], "rules_off": ["ADC-40"], "pilot": true, "ehr": "epic",
        "base_url": "https://cds.example/", "replay_store": "replay.sqlite", "replay_strict": true,
        "feedback_store": "feedback.sqlite", "ca_file": "ca.pem", "audit_log": "audit.log", "audit_key": "audit.pem",
        "system_base": "https://a.example/fhir/", "source_url": "https://a.example//x",
        "rules_url": "https://a.example/index.html" })",
                                     "/etc/p.json");
    ASSERT_TRUE(config.ok()) << describe(config.error());
    EXPECT_EQ(config->content, "/srv/cards");
    EXPECT_EQ(config->socket, "/etc/run/p.sock");
    EXPECT_THAT(config->site.origins, ElementsAre("https://ehr.example", "http://localhost:3000"));
    EXPECT_TRUE(config->accept_unapproved);
    EXPECT_EQ(config->threads, 2U);
    EXPECT_EQ(config->queue, 0U);
    EXPECT_EQ(config->site.settings.profile, "seed");
    EXPECT_EQ(config->site.settings.region, "US");
    EXPECT_EQ(config->site.settings.zone.name(), "Europe/London");
    EXPECT_EQ(config->site.settings.fhirVersion, fhir::Version::stu3);
    EXPECT_EQ(hooks::prefetch_keys(config->site.settings), hooks::default_keys(fhir::Version::stu3));
    EXPECT_THAT(config->site.concept_maps, ElementsAre("/etc/maps/site.json", "/srv/rx.json"));
    EXPECT_EQ(config->site.settings.site.factors.at("fit_ug_per_g_for_ng_per_ml"), 500'000);
    EXPECT_THAT(config->site.settings.site.show, ElementsAre("hiv"));
    EXPECT_EQ(config->site.settings.systemBase, "https://a.example/fhir");
    EXPECT_EQ(config->site.settings.sourceUrl, "https://a.example//x");
    EXPECT_EQ(config->site.settings.rulesUrl, "https://a.example/index.html");
    EXPECT_EQ(config->site.settings.ehr, hooks::Ehr::epic);
    EXPECT_THAT(config->site.settings.site.off, ElementsAre("ADC-40"));
    EXPECT_TRUE(config->site.pilot);
    EXPECT_EQ(config->base_url, "https://cds.example");
    EXPECT_EQ(config->replay_store, "/etc/replay.sqlite");
    EXPECT_EQ(config->feedback_store, "/etc/feedback.sqlite");
    EXPECT_TRUE(config->replay_strict);
    EXPECT_EQ(config->ca_file, "/etc/ca.pem");
    EXPECT_EQ(config->audit_log, "/etc/audit.log");
    EXPECT_EQ(config->audit_key, "/etc/audit.pem");
}

TEST(Config, SaysWhatIsWrongAndWhere) {
    const std::pair<const char*, const char*> rows[] = {
        {R"({"orgins": []})", "/etc/p.json/orgins: unknown member, did you mean \"origins\"?"},
        {R"({"zzzzzzzz": 1})", "/etc/p.json/zzzzzzzz: unknown member"},
        {R"({"audit_key": "audit.pem"})", "/etc/p.json/audit_key: signs an audit_log, and there is none"},
        {R"({"concept_maps": "a.json"})", "/etc/p.json/concept_maps: must be a list of texts"},
        {R"({"show": [""]})", "/etc/p.json/show: must be a list of texts"},
        {R"({"unit_factors": 0.5})", "must be an object of numbers"},
        {R"({"unit_factors": {"a": "0.5"}})", "must hold numbers with at most six decimals"},
        {R"({"unit_factors": {"a": 0.1234567}})", "must hold numbers with at most six decimals"},
        {R"({"unit_factors": {"a": 5e-1}})", "must hold numbers with at most six decimals"},
        {R"({"port": "80"})", "/etc/p.json/port: must be a whole number from 1 to 65535"},
        {R"({"fhir_version": "R3"})", "/etc/p.json/fhir_version: must be one of \"DSTU2\", \"STU3\", \"R4\", \"R5\""},
        {R"({"port": 0})", "must be a whole number"},
        {R"({"port": 80.5})", "must be a whole number"},
        {R"({"port": 99999999999999999999})", "must be a whole number"},
        {R"({"threads": 0})", "from 1 to 256"},
        {R"({"accept_unapproved": "true"})", "must be true or false"},
        {R"({"socket": ""})", "must be a text"},
        {R"({"socket": "a", "port": 80})", "give a socket or a port, not both"},
        {R"({"origins": "https://a.example"})", "must be a list"},
        {R"({"origins": ["https://a.example/path"]})", "without a path"},
        {R"({"origins": ["http://a.example"]})", "must hold origins"},
        {R"({"origins": ["null"]})", "must hold origins"},
        {R"({"profile": "bold"})", "must be one of \"guideline\", \"seed\""},
        {R"({"region": "FR"})", "must be one of \"UK\", \"US\""},
        {R"({"time_zone": "Europe/Atlantis"})", "IANA time zone"},
        {R"({"source_url": "http://a.example"})", "https:// address"},
        {R"({"console": {"hosts": ["https://console.example"]}})", "hosts must hold hosts such as"},
        {R"({"console": {"hosts": ["console.example/page"]}})", "hosts must hold hosts such as"},
        {R"({"console": {"hosts": ["a.example b.example"]}})", "hosts must hold hosts such as"},
        {R"({"console": {"hosts": [""]}})", "hosts must be a list of texts"},
        {R"({"content": "a", "content": "b"})", "/etc/p.json"},
        {"[]", "must be a JSON object"},
        {"{", "/etc/p.json"},
        {"", "/etc/p.json"},
    };
    for (const auto& [text, message] : rows) EXPECT_THAT(error_of(text), HasSubstr(message)) << text;
}

TEST(Config, HostsOfTheConsoleAreReadInLowerCaseAsTheyAreCompared) {
    const auto config = parse_config(R"({"console": {"hosts": ["Console.Example:8443", "[::1]"]}})", "/etc/p.json");
    ASSERT_TRUE(config.ok()) << describe(config.error());
    EXPECT_THAT(config->console.hosts, ElementsAre("console.example:8443", "[::1]"));
}

TEST(Config, TheExampleReadsAndHoldsTheDefaults) {
    const auto config = read_config(PROCTOR_SOURCE_DIR "/deploy/proctor.json");
    ASSERT_TRUE(config.ok()) << describe(config.error());
    EXPECT_EQ(config->threads, Config{}.threads);
    EXPECT_EQ(config->queue, Config{}.queue);
    EXPECT_EQ(config->site.settings.systemBase, Config{}.site.settings.systemBase);
    EXPECT_EQ(config->site.settings.profile, Config{}.site.settings.profile);
    EXPECT_EQ(config->site.settings.region, Config{}.site.settings.region);
    EXPECT_FALSE(config->accept_unapproved);
}

// A client with what it cannot do without, and further members.
std::string with_client(const std::string& more, const std::string& top = "") {
    return R"({"socket": "p.sock", "base_url": "https://cds.example", "replay_store": "r.sqlite", "region": "US",)" +
           top +
           R"("clients": [{"id": "north", "issuer": "https://ehr.example", "jwks_url": "https://ehr.example/jwks")" +
           more + "}]}";
}

TEST(Clients, BeginWithWhatHoldsForAllAndMaySayOtherwise) {
    const auto config = parse_config(with_client(R"(, "profile": "seed", "jku": ["https://ehr.example/other"],
        "tenants": ["t1"], "algorithms": ["ES384"], "token_seconds": 600, "several_audiences": true,
        "certificates": ["AB:CDabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"],
        "fhir_servers": ["https://ehr.example/fhir/"], "private_fhir_servers": ["https://fhir.internal/r4"],
        "in_flight": 4, "prefetch_keys": {"problems": "condition"}, "pilot": true, "origins": ["https://ehr.example"])",
                                                 R"("origins": ["https://common.example"],)"),
                                     "/etc/p.json");
    ASSERT_TRUE(config.ok()) << describe(config.error());
    ASSERT_EQ(config->clients.size(), 1U);
    const auto& client = config->clients[0];
    EXPECT_EQ(client.trust.id, "north");
    EXPECT_EQ(client.trust.issuer, "https://ehr.example");
    EXPECT_THAT(client.trust.policy.jkus, ElementsAre("https://ehr.example/other", "https://ehr.example/jwks"));
    EXPECT_THAT(client.trust.policy.algorithms, ElementsAre(auth::Algorithm::es384));
    EXPECT_EQ(client.trust.policy.lifetime.count(), 600);
    EXPECT_TRUE(client.trust.policy.several_audiences);
    EXPECT_THAT(client.trust.certificates,
                ElementsAre("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"));
    ASSERT_EQ(client.fhir_servers.size(), 2U);
    EXPECT_EQ(client.fhir_servers[0].base, "https://ehr.example/fhir");
    EXPECT_FALSE(client.fhir_servers[0].private_address);
    EXPECT_TRUE(client.fhir_servers[1].private_address);
    EXPECT_EQ(client.in_flight, 4U);
    EXPECT_TRUE(client.site.pilot);
    EXPECT_FALSE(config->site.pilot);
    EXPECT_EQ(client.site.settings.client, "north");
    EXPECT_EQ(client.site.settings.profile, "seed");
    EXPECT_EQ(client.site.settings.region, "US") << "as for all";
    EXPECT_THAT(client.site.origins, ElementsAre("https://ehr.example")) << "its own alone";
    const auto& keys = hooks::prefetch_keys(client.site.settings);
    EXPECT_THAT(keys, testing::Contains(testing::Pair("problems", fhir::Source::condition)));
    EXPECT_THAT(keys, testing::Not(testing::Contains(testing::Pair("conditions", testing::_))));
    EXPECT_THAT(keys, testing::Contains(testing::Pair("vitalSigns", fhir::Source::vital_signs))) << "asked for, too";
}

TEST(Clients, SayWhatIsWrongAndWhere) {
    const std::pair<std::string, const char*> rows[] = {
        {R"({"clients": {}})", "/etc/p.json/clients: must be a list"},
        {R"({"clients": [1]})", "/etc/p.json/clients/0: must be a JSON object"},
        {R"({"clients": [{}]})", "/etc/p.json/clients/0/id: is missing"},
        {R"({"clients": [{"id": "a"}]})", "/etc/p.json/clients/0/issuer: is missing"},
        {R"({"clients": [{"id": "a", "issuer": "b"}]})", "/etc/p.json/clients/0/jwks_url: give jwks_url or jwks_file"},
        {R"({"clients": [{"id": "a b"}]})", "/etc/p.json/clients/0/id: must be a name"},
        {with_client(R"(, "jwks_file": "k.json")"), "give jwks_url or jwks_file"},
        {with_client(R"(, "algorithms": ["HS256"])"), "neither none nor HMAC"},
        {with_client(R"(, "algorithms": ["none"])"), "neither none nor HMAC"},
        {with_client(R"(, "algorithms": [])"), "must hold an algorithm"},
        {with_client(R"(, "certificates": ["abc"])"), "SHA-256 fingerprints"},
        {with_client(R"(, "token_seconds": 7200)"), "from 60 to 3600"},
        {with_client(R"(, "fhir_servers": ["http://ehr.example"])"), "must be a list of https:// addresses"},
        {with_client(R"(, "fhir_server": [])"), "did you mean \"fhir_servers\"?"},
        {with_client(R"(, "prefetch_keys": {"x": "conditions"})"), "did you mean \"condition\"?"},
        {with_client(R"(, "ehr": "cerner")"), "must be one of"},
        {with_client(R"(, "socket": "x")"), "/clients/0/socket: unknown member"},
        {R"({"clients": [{"id": "a", "issuer": "b", "jwks_file": "c"}, {"id": "a", "issuer": "d", "jwks_file": "e"}]})",
         "/etc/p.json/clients/1/id: stands twice"},
    };
    for (const auto& [text, message] : rows) EXPECT_THAT(error_of(text), HasSubstr(message)) << text;
}

TEST(Settle, RefusesWhatOnlyADemonstrationMayHaveAndWhatIsMissing) {
    const auto config = parse_config(with_client(""), "/etc/p.json");
    ASSERT_TRUE(config.ok()) << describe(config.error());
    const auto refusal = [&](const std::function<void(Config&)>& change) {
        Config changed = *config;
        change(changed);
        const auto settled = settle(changed, false);
        return settled ? "no error" : describe(settled.error());
    };
    EXPECT_EQ(refusal([](Config&) {}), "no error");
    EXPECT_THAT(refusal([](Config& c) { c.port = 8080; }), HasSubstr("port: plain HTTP"));
    EXPECT_THAT(refusal([](Config& c) { c.socket.clear(); }), HasSubstr("socket: a socket is required"));
    EXPECT_THAT(refusal([](Config& c) {
                    c.clients[0].site.origins = {"https://a.example", "*"};
                }),
                HasSubstr("clients/north/origins: \"*\" is for --demo only"));
    EXPECT_THAT(refusal([](Config& c) { c.clients.clear(); }), HasSubstr("clients: no client is registered"));
    EXPECT_EQ(refusal([](Config& c) {
                  c.clients.push_back(c.clients[0]);
                  c.clients[1].trust.id = "south";
              }),
              "clients/1/issuer: this issuer is another client's, too; then each needs tenants of its own");
    EXPECT_THAT(refusal([](Config& c) { c.base_url.clear(); }), HasSubstr("base_url: "));
    EXPECT_THAT(refusal([](Config& c) { c.replay_store.clear(); }), HasSubstr("replay_store: "));
    EXPECT_THAT(refusal([](Config& c) { c.console.port = 8090; }), HasSubstr("console/users: a console needs"));
    EXPECT_EQ(refusal([](Config& c) { c.console = {8090, "users", {}, {}, 50}; }), "no error");
    EXPECT_THAT(refusal([](Config& c) { c.feedback_store = "postgresql:///proctor"; }), HasSubstr("feedback_spool: "));
    EXPECT_EQ(refusal([](Config& c) { c.feedback_store = "postgresql:///proctor", c.feedback_spool = "/s"; }),
              "no error");
    for (const char* no_database : {"", "/f.sqlite"})
        EXPECT_EQ(refusal([&](Config& c) { c.feedback_store = no_database, c.feedback_spool = "/s"; }),
                  "feedback_spool: takes feedback while a PostgreSQL database is away, and feedback_store names none");
    EXPECT_EQ(refusal([](Config& c) { c.clients[0].site.keep_comments = true; }),
              "clients/north/keep_comments: comments are kept sealed only: comment_keys is required");
    const std::string no_past =
        "clients/north/quiet_days: what was answered before is known with feedback_store and identity_keys only";
    EXPECT_EQ(refusal([](Config& c) {
                  c.clients[0].site.quiet_days = 30;
                  c.feedback_store = "f";
              }),
              no_past);
    EXPECT_EQ(refusal([](Config& c) {
                  c.clients[0].site.quiet_days = 30;
                  c.identity_keys = "k";
              }),
              no_past);
    EXPECT_EQ(refusal([](Config& c) {
                  c.clients[0].site.quiet_days = 30;
                  c.clients[0].site.keep_comments = true;
                  c.feedback_store = "f";
                  c.identity_keys = c.comment_keys = "k";
              }),
              "no error");
    EXPECT_THAT(refusal([](Config& c) {
                    c.clients[0].fhir_servers = {{"https://user@ehr.example/fhir", false}};
                }),
                HasSubstr("clients/north/fhir_servers: an address that cannot be called"));
}

TEST(Settle, ADemonstrationNeedsNoFile) {
    const auto config = settle(Config{}, true);
    ASSERT_TRUE(config.ok());
    EXPECT_TRUE(config->site.settings.demo);
    EXPECT_TRUE(config->accept_unapproved);
    EXPECT_EQ(config->port, 8080);
    ASSERT_EQ(config->clients.size(), 1U);
    EXPECT_THAT(config->clients[0].site.origins, ElementsAre("*"));
    EXPECT_EQ(config->clients[0].in_flight, config->threads);
}

}  // namespace
}  // namespace proctor::app
