#include "app/startup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace proctor::app {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

Config with_cards() {
    Config config;
    config.content = fs::path(PROCTOR_SOURCE_DIR) / "cards";
    return config;
}

TEST(Startup, RefusesContentThatNoClinicianApprovedUnlessTheSiteSaysSo) {
    Config config = with_cards();
    const auto refused = load_for_service(config);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("no clinician has approved"));
    EXPECT_THAT(refused.error().where, HasSubstr("manifest.json"));
    config.accept_unapproved = true;
    EXPECT_TRUE(load_for_service(config));
}

TEST(Startup, ADemonstrationNeedsNoStatement) {
    const auto demo = settle(with_cards(), true);
    ASSERT_TRUE(demo);
    EXPECT_TRUE(demo->accept_unapproved);
    EXPECT_FALSE(settle(with_cards(), false));
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
    const auto refused = load_for_service(config);
    fs::remove_all(folder);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().where, HasSubstr("visible-rectal-bleeding/cases.json"));
}

}  // namespace
}  // namespace proctor::app
