// What health says, from the state to the words.
#include "app/health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/metrics_handler.h"
#include "app/readings.h"

namespace proctor::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class HealthTest : public testing::Test {
protected:
    static Config config_of_north() {
        Config config;
        config.clients.emplace_back().trust.id = "north";
        return config;
    }
    static std::shared_ptr<const rules::Content> content() {
        auto made = std::make_shared<rules::Content>();
        made->manifest.name = "test";
        made->revision = "0123456789ab";
        made->codes.build();
        return made;
    }
    [[nodiscard]] Health well() const {
        auto health = check_.look();
        health.keys = {{"north", auth::KeyState::fresh}, {"south", auth::KeyState::fresh}};
        health.replay_away = false;
        health.feedback = store::StoreState::ok;
        health.audit_failing = false;
        return health;
    }
    [[nodiscard]] http::Response ask(const std::string& method, const std::string& path) {
        http::Request request;
        request.method = method;
        request.path = path;
        return handler_.answer(request);
    }

    Config config_ = config_of_north();
    FixedClock clock_{fhir::read_instant("2026-06-15T12:00:00Z").value()};
    Live live_{{std::make_shared<const hooks::Engine>(content())}, config_.clients, clock_};
    HealthCheck check_{{live_, config_}};
    MetricsHandler handler_{check_, [] { return std::string("proctor_build_info 1\n"); }};
};

TEST_F(HealthTest, NamesWhatIsDegradedInFixedWords) {
    using auth::KeyState;
    using store::StoreState;
    EXPECT_THAT(reasons_of(well()), IsEmpty());
    auto health = well();
    health.keys = {{"north", KeyState::stale}, {"south", KeyState::unavailable}, {"west", KeyState::fresh}};
    health.replay_away = true;
    health.feedback = StoreState::away;
    health.audit_failing = true;
    health.clock_behind = true;
    EXPECT_THAT(reasons_of(health),
                ElementsAre("clock", "keys:north", "keys:south", "replayStore", "feedbackStore", "auditLog"));
    health = well();
    health.feedback = StoreState::spooling;
    EXPECT_THAT(reasons_of(health), ElementsAre("feedbackSpooling"));
    live_.refuse("cases");
    EXPECT_THAT(reasons_of(well()), ElementsAre("contentRefused"));
}

TEST_F(HealthTest, DegradedIsReadyAndStoppingIsNot) {
    auto health = well();
    EXPECT_THAT(write_ready(health).body, Not(HasSubstr("reasons")));
    health.replay_away = true;
    EXPECT_EQ(write_ready(health).status, 200);
    EXPECT_THAT(write_ready(health).body, HasSubstr(R"("status":"degraded")"));
    EXPECT_THAT(write_ready(health).body, HasSubstr(R"("reasons":["replayStore"])"));
    check_.begin_to_stop();
    const auto stopping = write_ready(well());
    EXPECT_EQ(stopping.status, 503);
    EXPECT_THAT(stopping.body, HasSubstr(R"("status":"stopping")"));
    EXPECT_THAT(stopping.body, HasSubstr(R"("reasons":["stopping"])"));
}

TEST_F(HealthTest, AStoreThatNobodyConfiguredIsNotSpokenOf) {
    const auto body = write_ready(check_.look()).body;
    for (const char* word : {"keys", "replayStore", "feedbackStore", "auditLog", "reasons"})
        EXPECT_THAT(body, Not(HasSubstr(word)));
}

TEST_F(HealthTest, TheOperatorsPortHasThreeAddressesThatTakeGet) {
    struct Row {
        const char *method, *path;
        int status;
    };
    const Row rows[] = {
        {"GET", "/metrics", 200},        {"HEAD", "/metrics", 200},
        {"GET", "/health/live", 200},    {"GET", "/health/ready", 200},
        {"POST", "/metrics", 405},       {"OPTIONS", "/metrics", 405},
        {"DELETE", "/health/live", 405}, {"GET", "/", 404},
        {"GET", "/metrics/", 404},       {"GET", "/cds-services", 404},
        {"POST", "/cds-services", 404},  {"GET", "/health", 404},
    };
    for (const auto& row : rows) EXPECT_EQ(ask(row.method, row.path).status, row.status) << row.method << row.path;
    EXPECT_EQ(ask("GET", "/metrics").content_type, "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_EQ(ask("GET", "/metrics").body, "proctor_build_info 1\n");
    EXPECT_EQ(ask("GET", "/health/ready").content_type, "application/json");
    check_.begin_to_stop();
    EXPECT_EQ(ask("GET", "/health/ready").status, 503);
    EXPECT_EQ(ask("GET", "/health/live").status, 200);
}

double value_of(const std::vector<watch::Reading>& all, const std::string& name, const std::string& label = "") {
    for (const auto& one : all) {
        if (one.name == name && (label.empty() || one.labels.front().second == label)) return one.value;
    }
    ADD_FAILURE() << name << " is not there";
    return -1;
}

TEST_F(HealthTest, ReadingsSayTheState) {
    auto health = well();
    health.keys[1].second = auth::KeyState::stale;
    health.feedback = store::StoreState::spooling;
    const auto all = readings_of(health, clock_.now(), 3);
    EXPECT_EQ(value_of(all, "proctor_keys_stale", "north"), 0);
    EXPECT_EQ(value_of(all, "proctor_keys_stale", "south"), 1);
    EXPECT_EQ(value_of(all, "proctor_replay_store_away"), 0);
    EXPECT_EQ(value_of(all, "proctor_feedback_store_away"), 0);
    EXPECT_EQ(value_of(all, "proctor_feedback_store_spooling"), 1);
    EXPECT_EQ(value_of(all, "proctor_content_refused"), 0);
    EXPECT_EQ(value_of(all, "proctor_audit_log_failing"), 0);
    EXPECT_EQ(value_of(all, "proctor_log_lines_dropped_total"), 3);
    EXPECT_EQ(value_of(all, "process_start_time_seconds"), 1781524800);
    EXPECT_GT(value_of(all, "process_resident_memory_bytes"), 1 << 20);
    EXPECT_GE(value_of(all, "process_open_fds"), 3);
    EXPECT_GE(value_of(all, "process_cpu_seconds_total"), 0);
}

TEST_F(HealthTest, ReadingsLeaveOutWhatNobodyConfigured) {
    for (const auto& one : readings_of(check_.look(), clock_.now(), 0)) {
        EXPECT_THAT(one.name, Not(HasSubstr("store"))) << one.name;
        EXPECT_NE(one.name, "proctor_keys_stale");
    }
}

}  // namespace
}  // namespace proctor::app
