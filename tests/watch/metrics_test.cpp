// The exposition text, read back line by line.
#include "watch/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "support/threads.h"

namespace proctor::watch {
namespace {

using testing::HasSubstr;
using testing::Not;

// Value by name with labels, such as `proctor_cards_total{indicator="info",rule="ADC-01"}`.
std::map<std::string, double> read(const std::string& text) {
    std::map<std::string, double> values;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("# HELP ") || line.starts_with("# TYPE ")) continue;
        const auto space = line.rfind(' ');
        const std::string name = line.substr(0, space), bare = name.substr(0, name.find('{'));
        EXPECT_EQ(bare.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos) << line;
        EXPECT_TRUE(bare == name || name.back() == '}') << line;
        const bool once = values.emplace(name, std::stod(line.substr(space + 1))).second;
        EXPECT_TRUE(once) << line;
    }
    return values;
}

LogFields answered() {
    LogFields fields;
    fields.status = 200;
    fields.client = "north";
    fields.service = "anorectal-alarms";
    fields.hook = "patient-view";
    fields.duration_us = 3'000;
    return fields;
}

const std::string k_labels = R"(client="north",hook="patient-view",service="anorectal-alarms")";

TEST(Metrics, BeginAtNothing) {
    const auto values = read(Metrics().print({}));
    EXPECT_FALSE(values.contains("proctor_requests_total"));
    for (const auto& [name, value] : values) EXPECT_EQ(value, 0) << name;
    for (const char* name :
         {R"(proctor_feedback_total{outcome="accepted"})", R"(proctor_reloads_total{result="refused"})",
          R"(proctor_logins_total{result="throttled"})", "proctor_cards_quiet_total"})
        EXPECT_TRUE(values.contains(name)) << name;
}

TEST(Metrics, CountWhatARequestSays) {
    auto fields = answered();
    fields.shown = {{"ADC-01", "critical"}, {"ADC-01", "critical"}, {"ADC-12", "info"}};
    fields.missing = {"conditions", "medications"};
    fields.quiet = 2;
    fields.withheld = 3;
    fields.drafts = 4;
    fields.not_checked = 5;
    fields.fetches = 6;
    fields.fetches_failed = 7;
    fields.codings = 8;
    fields.codings_lost = 9;
    fields.accepted = 10;
    fields.overridden = 11;
    fields.unmatched = 12;
    fields.repeated = 13;
    fields.feedback_store = "away";
    Metrics metrics;
    metrics.write(Event::request, fields);
    metrics.write(Event::request, fields);
    const auto values = read(metrics.print({}));
    const std::pair<std::string, double> rows[] = {
        {R"(proctor_cards_total{indicator="critical",rule="ADC-01"})", 4},
        {R"(proctor_cards_total{indicator="info",rule="ADC-12"})", 2},
        {R"(proctor_sources_missing_total{source="conditions"})", 2},
        {R"(proctor_sources_missing_total{source="medications"})", 2},
        {"proctor_cards_quiet_total", 4},
        {"proctor_cards_withheld_total", 6},
        {"proctor_draft_rules_total", 8},
        {"proctor_not_checked_total", 10},
        {"proctor_fetches_total", 12},
        {"proctor_fetches_failed_total", 14},
        {"proctor_codings_total", 16},
        {"proctor_codings_lost_total", 18},
        {R"(proctor_feedback_total{outcome="accepted"})", 20},
        {R"(proctor_feedback_total{outcome="overridden"})", 22},
        {"proctor_feedback_unmatched_total", 24},
        {"proctor_feedback_repeated_total", 26},
        {"proctor_feedback_store_failures_total", 2},
        {R"(proctor_requests_total{client="north",hook="patient-view",reason="",service="anorectal-alarms",)"
         R"(status_class="2xx"})",
         2},
    };
    for (const auto& [name, value] : rows) {
        ASSERT_TRUE(values.contains(name)) << name;
        EXPECT_EQ(values.at(name), value) << name;
    }
}

TEST(Metrics, DurationsAreInSecondsUpToOne) {
    Metrics metrics;
    for (const std::int64_t took : {999, 1'000, 1'001, 250'000, 5'000'000}) {
        auto fields = answered();
        fields.duration_us = took;
        metrics.write(Event::request, fields);
    }
    const auto values = read(metrics.print({}));
    const std::string name = "proctor_request_duration_seconds";
    const std::pair<const char*, double> buckets[] = {{"0.001", 2}, {"0.002", 3}, {"0.1", 3},
                                                      {"0.25", 4},  {"1", 4},     {"+Inf", 5}};
    for (const auto& [bound, count] : buckets)
        EXPECT_EQ(values.at(name + "_bucket{" + k_labels + R"(,le=")" + bound + "\"}"), count) << bound;
    EXPECT_EQ(values.at(name + "_count{" + k_labels + "}"), 5);
    EXPECT_NEAR(values.at(name + "_sum{" + k_labels + "}"), 5.253, 1e-9);
}

TEST(Metrics, CountRefusalsByTheirReasonAndHealthWithoutADuration) {
    Metrics metrics;
    LogFields fields;
    fields.status = 401;
    fields.reason = "noToken";
    fields.duration_us = 10;
    metrics.write(Event::request, fields);
    fields.status = 500;
    fields.reason = "internalError";
    metrics.write(Event::internal_error, fields);
    const auto text = metrics.print({});
    const auto values = read(text);
    const auto refused = [](const std::string& reason, const std::string& status) {
        return R"(proctor_requests_total{client="",hook="",reason=")" + reason + R"(",service="",status_class=")" +
               status + "\"}";
    };
    EXPECT_EQ(values.at(refused("noToken", "4xx")), 1);
    EXPECT_EQ(values.at(refused("internalError", "5xx")), 1);
    EXPECT_THAT(text, Not(HasSubstr("duration")));
}

TEST(Metrics, CountOtherEventsByTheirResult) {
    Metrics metrics;
    LogFields login, rows;
    login.reason = "throttled";
    rows.rows = 7;
    for (const auto event : {Event::keys_failed, Event::started, Event::reloaded, Event::reloaded,
                             Event::reload_refused, Event::stopping, Event::stopped, Event::listener_failed})
        metrics.write(event, {});
    metrics.write(Event::login, login);
    metrics.write(Event::exported, rows);
    metrics.write(Event::purged, rows);
    const auto values = read(metrics.print({}));
    EXPECT_EQ(values.at(R"(proctor_reloads_total{result="accepted"})"), 2);
    EXPECT_EQ(values.at(R"(proctor_reloads_total{result="refused"})"), 1);
    EXPECT_EQ(values.at(R"(proctor_logins_total{result="throttled"})"), 1);
    EXPECT_EQ(values.at("proctor_exported_rows_total"), 7);
    EXPECT_EQ(values.at("proctor_purged_rows_total"), 7);
}

TEST(Metrics, ShowReadingsOfTheMoment) {
    const auto text = Metrics().print({{"proctor_keys_stale", "Keys", {{"client", "north"}}, 1},
                                       {"proctor_keys_stale", "Keys", {{"client", "south"}}, 0},
                                       {"proctor_log_lines_dropped_total", "Lines", {}, 3, true}});
    const auto values = read(text);
    EXPECT_EQ(values.at(R"(proctor_keys_stale{client="north"})"), 1);
    EXPECT_EQ(values.at(R"(proctor_keys_stale{client="south"})"), 0);
    EXPECT_EQ(values.at("proctor_log_lines_dropped_total"), 3);
    EXPECT_THAT(text, HasSubstr("# TYPE proctor_keys_stale gauge\n"));
    EXPECT_THAT(text, HasSubstr("# TYPE proctor_log_lines_dropped_total counter\n"));
}

// What differs between requests of one kind makes no series: tokens, traces, users, sizes, times, content.
TEST(Metrics, TheirNumberDoesNotGrowWithTheCalls) {
    Metrics metrics;
    metrics.write(Event::request, answered());
    const auto series = read(metrics.print({})).size();
    for (int i = 0; i < 1'000; ++i) {
        const std::string other = "canary" + std::to_string(i);
        auto fields = answered();
        fields.token = fields.trace = fields.user = fields.content = fields.fetch = other;
        fields.body_bytes = i;
        fields.duration_us = i * 1'000;
        fields.status = 200 + i % 100;
        metrics.write(Event::request, fields);
    }
    const auto text = metrics.print({});
    EXPECT_EQ(read(text).size(), series);
    EXPECT_THAT(text, Not(HasSubstr("canary")));
}

TEST(Metrics, LoseNothingWithManyThreads) {
    constexpr int k_threads = 32, k_each = 200;
    Metrics metrics;
    at_once(k_threads, [&](int thread) {
        auto fields = answered();
        fields.shown = {{"ADC-01", "critical"}};
        fields.quiet = 1;
        for (int i = 0; i < k_each; ++i) {
            metrics.write(Event::request, fields);
            if (i % 50 == 0 && thread % 8 == 0) static_cast<void>(metrics.print({}));
        }
    });
    const auto values = read(metrics.print({}));
    EXPECT_EQ(values.at("proctor_cards_quiet_total"), k_threads * k_each);
    EXPECT_EQ(values.at(R"(proctor_cards_total{indicator="critical",rule="ADC-01"})"), k_threads * k_each);
    EXPECT_EQ(values.at("proctor_request_duration_seconds_count{" + k_labels + "}"), k_threads * k_each);
}

}  // namespace
}  // namespace proctor::watch
