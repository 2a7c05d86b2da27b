#include "app/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
    EXPECT_FALSE(config->accept_unauthenticated);
    EXPECT_EQ(config->settings.profile, "guideline");
    EXPECT_EQ(config->settings.fhirVersion, std::nullopt);
    EXPECT_EQ(hooks::prefetch_keys(config->settings), hooks::default_keys());
}

TEST(Config, ReadsEveryMemberAndSkipsComments) {
    const auto config = parse_config(R"({
        // the rules
        "content": "/srv/cards", "socket": "run/p.sock", "origins": ["https://ehr.example", "http://localhost:3000"],
        "accept_unapproved": true, "accept_unauthenticated": true, "threads": 2, "queue": 0, // none
        "profile": "seed", "region": "US", "time_zone": "Europe/London", "fhir_version": "STU3",
        "concept_maps": ["maps/site.json", "/srv/rx.json"], "unit_factors": {"fit_ug_per_g_for_ng_per_ml": 0.5},
        "show": ["hiv"],
        "system_base": "https://a.example/fhir/", "source_url": "https://a.example//x" })",
                                     "/etc/p.json");
    ASSERT_TRUE(config.ok()) << describe(config.error());
    EXPECT_EQ(config->content, "/srv/cards");
    EXPECT_EQ(config->socket, "/etc/run/p.sock");
    EXPECT_THAT(config->origins, ElementsAre("https://ehr.example", "http://localhost:3000"));
    EXPECT_TRUE(config->accept_unapproved);
    EXPECT_TRUE(config->accept_unauthenticated);
    EXPECT_EQ(config->threads, 2U);
    EXPECT_EQ(config->queue, 0U);
    EXPECT_EQ(config->settings.profile, "seed");
    EXPECT_EQ(config->settings.region, "US");
    EXPECT_EQ(config->settings.zone.name(), "Europe/London");
    EXPECT_EQ(config->settings.fhirVersion, fhir::Version::stu3);
    EXPECT_EQ(hooks::prefetch_keys(config->settings), hooks::default_keys(fhir::Version::stu3));
    EXPECT_THAT(config->concept_maps, ElementsAre("/etc/maps/site.json", "/srv/rx.json"));
    EXPECT_EQ(config->settings.site.factors.at("fit_ug_per_g_for_ng_per_ml"), 500'000);
    EXPECT_THAT(config->settings.site.show, ElementsAre("hiv"));
    EXPECT_EQ(config->settings.systemBase, "https://a.example/fhir");
    EXPECT_EQ(config->settings.sourceUrl, "https://a.example//x");
}

TEST(Config, SaysWhatIsWrongAndWhere) {
    const std::pair<const char*, const char*> rows[] = {
        {R"({"orgins": []})", "/etc/p.json/orgins: unknown member, did you mean \"origins\"?"},
        {R"({"zzzzzzzz": 1})", "/etc/p.json/zzzzzzzz: unknown member"},
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
        {R"({"content": "a", "content": "b"})", "/etc/p.json"},
        {"[]", "must be a JSON object"},
        {"{", "/etc/p.json"},
        {"", "/etc/p.json"},
    };
    for (const auto& [text, message] : rows) EXPECT_THAT(error_of(text), HasSubstr(message)) << text;
}

TEST(Config, TheExampleReadsAndHoldsTheDefaults) {
    const auto config = read_config(PROCTOR_SOURCE_DIR "/deploy/proctor.json");
    ASSERT_TRUE(config.ok()) << describe(config.error());
    EXPECT_EQ(config->threads, Config{}.threads);
    EXPECT_EQ(config->queue, Config{}.queue);
    EXPECT_EQ(config->settings.systemBase, Config{}.settings.systemBase);
    EXPECT_EQ(config->settings.profile, Config{}.settings.profile);
    EXPECT_EQ(config->settings.region, Config{}.settings.region);
    EXPECT_FALSE(config->accept_unauthenticated);
    EXPECT_FALSE(config->accept_unapproved);
}

TEST(Settle, RefusesWhatOnlyADemonstrationMayHave) {
    Config usable;
    usable.socket = "/run/p.sock";
    usable.accept_unauthenticated = true;
    EXPECT_TRUE(settle(usable, false).ok());

    Config port = usable;
    port.socket.clear();
    port.port = 8080;
    EXPECT_THAT(describe(settle(port, false).error()), HasSubstr("port: plain HTTP"));
    Config nowhere = usable;
    nowhere.socket.clear();
    EXPECT_THAT(describe(settle(nowhere, false).error()), HasSubstr("socket: a socket is required"));
    Config everybody = usable;
    everybody.origins = {"https://a.example", "*"};
    EXPECT_THAT(describe(settle(everybody, false).error()), HasSubstr("origins: \"*\" is for --demo only"));
    Config silent = usable;
    silent.accept_unauthenticated = false;
    EXPECT_THAT(describe(settle(silent, false).error()),
                HasSubstr("accept_unauthenticated: this release cannot tell clients apart"));
}

TEST(Settle, ADemonstrationNeedsNoFile) {
    const auto config = settle(Config{}, true);
    ASSERT_TRUE(config.ok());
    EXPECT_TRUE(config->settings.demo);
    EXPECT_TRUE(config->accept_unapproved);
    EXPECT_EQ(config->port, 8080);
    EXPECT_THAT(config->origins, ElementsAre("*"));
}

}  // namespace
}  // namespace proctor::app
