#include "app/startup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>

namespace proctor::app {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

Config with_cards() {
    Config config;
    config.content = fs::path(PROCTOR_SOURCE_DIR) / "cards";
    config.clients.emplace_back();
    return config;
}

Result<Engines> load(const Config& config) {
    std::string_view step;
    std::vector<std::string> warnings;
    return load_for_service(config, step, warnings);
}

TEST(Startup, RefusesContentThatNoClinicianApprovedUnlessTheSiteSaysSo) {
    Config config = with_cards();
    const auto refused = load(config);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("no clinician has approved"));
    EXPECT_THAT(refused.error().where, HasSubstr("manifest.json"));
    config.accept_unapproved = true;
    EXPECT_TRUE(load(config));
}

TEST(Startup, WhatTheSiteSetsIsCheckedWithTheContent) {
    const fs::path map = fs::temp_directory_path() / ("proctor-map-" + std::to_string(getpid()) + ".json");
    const auto refusal = [&](const std::function<void(Config&)>& change) {
        Config config = with_cards();
        config.accept_unapproved = true;
        change(config);
        const auto engine = load(config);
        return engine ? "no error" : describe(engine.error());
    };
    const auto write_map = [&](const std::string& code) {
        std::ofstream(map)
            << R"({"resourceType":"ConceptMap","group":[{"source":"urn:x","target":"http://snomed.info/sct",)"
            << R"("element":[{"code":"RB","target":[{"code":")" << code << R"(","equivalence":"equal"}]}]}]})";
    };
    write_map("12063002");
    EXPECT_EQ(refusal([&](Config& config) { config.clients[0].site.concept_maps = {map}; }), "no error");
    write_map("1");
    EXPECT_THAT(refusal([&](Config& config) { config.clients[0].site.concept_maps = {map}; }),
                HasSubstr(map.string() + "#/group/0/element/0/target/0/code: the content does not know this code"));
    fs::remove(map);
    EXPECT_THAT(refusal([&](Config& config) { config.clients[0].site.concept_maps = {map}; }), HasSubstr(map.string()));
    EXPECT_THAT(refusal([](Config& config) { config.clients[0].site.settings.site.show = {"hif"}; }),
                HasSubstr("did you mean \"hiv\"?"));
    EXPECT_THAT(refusal([](Config& config) {
                    config.clients[0].site.settings.site.factors["fit_ug_per_g_for_ng_per_ml"] = 500'000'000;
                }),
                HasSubstr("unit_factors/fit_ug_per_g_for_ng_per_ml: must be from"));
}

TEST(Startup, ADemonstrationNeedsNoStatement) {
    Config config = with_cards();
    config.clients.clear();
    const auto demo = settle(config, true);
    ASSERT_TRUE(demo);
    EXPECT_TRUE(demo->accept_unapproved);
    EXPECT_FALSE(settle(with_cards(), false));
}

TEST(Startup, ALiveSiteIsNotOpenedAsADemonstration) {
    const auto refusal = [](const std::function<void(Config&)>& change) {
        Config config = with_cards();
        config.clients.clear();
        change(config);
        const auto demo = settle(config, true);
        return demo ? "no error" : describe(demo.error());
    };
    EXPECT_EQ(refusal([](Config&) {}), "no error");
    const auto refused = HasSubstr("--demo: is a live site's");
    EXPECT_THAT(refusal([](Config& config) { config.clients.emplace_back(); }), refused);
    EXPECT_THAT(refusal([](Config& config) { config.base_url = "https://cds.example"; }), refused);
    EXPECT_THAT(refusal([](Config& config) { config.replay_store = "replay.sqlite"; }), refused);
    EXPECT_THAT(refusal([](Config& config) { config.feedback_store = "feedback.sqlite"; }), refused);
}

TEST(Startup, RefusesARuleThatDisagreesWithItsCases) {
    const fs::path folder = fs::temp_directory_path() / ("proctor-startup-" + std::to_string(getpid()));
    fs::copy(with_cards().content, folder, fs::copy_options::recursive);
    const fs::path cases = folder / "rules/visible-rectal-bleeding/cases.json";
    std::ifstream in(cases);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    in.close();
    const auto expectation = text.find("\"expect\": null");
    ASSERT_NE(expectation, std::string::npos);
    text.replace(expectation, std::string("\"expect\": null").size(), "\"expect\": \"bleeding\"");
    std::ofstream(cases) << text;
    Config config = with_cards();
    config.content = folder;
    config.accept_unapproved = true;
    const auto refused = load(config);
    fs::remove_all(folder);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().where, HasSubstr("visible-rectal-bleeding/cases.json"));
}

}  // namespace
}  // namespace proctor::app
