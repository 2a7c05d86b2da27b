#include "app/console_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "app/console_users.h"
#include "app/files.h"
#include "support/fake_entropy.h"
#include "support/manual_clock.h"
#include "support/temp_folder.h"

namespace proctor::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ConsoleViewTest : public testing::Test {
protected:
    ConsoleViewTest() {
        config_.clients.resize(2);
        config_.clients[0].trust.id = "north";
        config_.clients[1].trust.id = "south";
        config_.clients[1].site.pilot = true;
        config_.clients[1].site.quiet_days = 30;
        auto content = std::make_shared<rules::Content>();
        content->codes.build();
        const auto engine = std::make_shared<const hooks::Engine>(content);
        live_ = std::make_unique<Live>(Engines{engine, engine}, config_.clients, clock_);
        health_ = std::make_unique<HealthCheck>(HealthCheck::Parts{*live_, config_});
    }
    Result<std::unique_ptr<ConsoleView>> open() const { return ConsoleView::open({*live_, config_, *health_}); }

    TempFolder folder_;
    ManualClock clock_;
    Config config_;
    std::unique_ptr<Live> live_;
    std::unique_ptr<HealthCheck> health_;
};

TEST_F(ConsoleViewTest, TellsOfClientsAndOfWhatIsWrong) {
    const auto view = open().value();
    const auto clients = view->clients();
    ASSERT_EQ(clients.size(), 2U);
    EXPECT_EQ(clients[0].id, "north");
    EXPECT_EQ(clients[0].keys, "fresh") << "a demonstration needs none";
    EXPECT_TRUE(clients[1].pilot);
    EXPECT_EQ(clients[1].quiet_days, 30);
    EXPECT_THAT(view->state().reasons, IsEmpty());
    EXPECT_EQ(view->state().feedback_store, "none");
    EXPECT_EQ(view->state().replay_store, "none");
    live_->refuse("cases");
    EXPECT_THAT(view->state().reasons, ElementsAre("contentRefused"));
}

TEST_F(ConsoleViewTest, AnswersAsAClientIsAnsweredNow) {
    const auto view = open().value();
    EXPECT_EQ(view->desk("")->settings, &config_.clients[0].site.settings);
    EXPECT_EQ(view->desk("south")->settings, &config_.clients[1].site.settings);
    EXPECT_EQ(view->desk("east"), std::nullopt);
}

TEST_F(ConsoleViewTest, PatientsToTryAreThoseOfTheFolderAndNoOtherFile) {
    EXPECT_THAT(open().value()->samples(), IsEmpty()) << "none is configured";
    const auto patients = folder_.file("patients");
    std::filesystem::create_directory(patients);
    ASSERT_TRUE(write_text(patients + "/severe-anaemia.json", "{}").ok());
    ASSERT_TRUE(write_text(patients + "/bleeding.json", "the bundle").ok());
    ASSERT_TRUE(write_text(patients + "/README.md", "").ok());
    ASSERT_TRUE(write_text(folder_.file("secret.json"), "secret").ok());
    config_.console.patients = patients;
    const auto view = open().value();
    ASSERT_EQ(view->samples().size(), 2U);
    EXPECT_EQ(view->samples()[0].id, "bleeding");
    EXPECT_EQ(view->samples()[1].title, "Severe anaemia");
    EXPECT_EQ(view->sample("bleeding").value(), "the bundle");
    for (const char* id : {"", "README", "../secret", "../secret.json", "bleeding.json", "/etc/passwd"})
        EXPECT_FALSE(view->sample(id).ok()) << id;
    config_.console.patients = folder_.file("nowhere");
    EXPECT_FALSE(open().ok());
}

TEST_F(ConsoleViewTest, ABundleBecomesTheRequestOfAnEhr) {
    const auto view = open().value();
    const auto request = view->request_of(
        R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"p"}}]})", clock_.now());
    ASSERT_TRUE(request.ok()) << describe(request.error());
    EXPECT_THAT(*request, HasSubstr(R"("hook":"patient-view")"));
    EXPECT_FALSE(view->request_of("{}", clock_.now()).ok());
}

TEST(ConsoleUsers, AreReadFromAFileThatIsTheOwnersAlone) {
    TempFolder folder;
    FakeEntropy entropy;
    const auto file = folder.file("users");
    const auto line = console::new_user_line("anna", {"quality"}, "correct horse battery", entropy).value();
    ASSERT_TRUE(write_text(file, line + '\n').ok());
    using std::filesystem::perms;
    const auto owner = perms::owner_read | perms::owner_write;
    for (const auto more : {perms::group_read, perms::others_read, perms::group_write, perms::others_exec}) {
        std::filesystem::permissions(file, owner | more);
        const auto users = read_users(file);
        ASSERT_FALSE(users.ok());
        EXPECT_THAT(users.error().message, HasSubstr("chmod 600"));
    }
    std::filesystem::permissions(file, owner);
    const auto users = read_users(file);
    ASSERT_TRUE(users.ok()) << describe(users.error());
    EXPECT_NE(users->named("anna"), nullptr);
    EXPECT_FALSE(read_users(folder.file("none")).ok());
    ASSERT_TRUE(write_text(file, "").ok());
    EXPECT_FALSE(read_users(file).ok());
}

TEST(ConsoleUsers, ADemonstrationHasOneWithAPasswordOfItsOwn) {
    FakeEntropy entropy;
    std::string first, second;
    const auto users = demo_user(entropy, first);
    ASSERT_TRUE(users.ok()) << describe(users.error());
    ASSERT_TRUE(demo_user(entropy, second).ok());
    EXPECT_EQ(first.size(), 20U);
    EXPECT_NE(first, second);
    ASSERT_NE(users->find("demo", first), nullptr);
    EXPECT_THAT(users->find("demo", first)->roles, ElementsAre("export", "quality"));
    EXPECT_EQ(users->find("demo", second), nullptr);
}

}  // namespace
}  // namespace proctor::app
