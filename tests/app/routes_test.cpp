// The routes over content without rules: addresses, methods, CORS and refusals.
#include "app/routes.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "rules/parse_json.h"
#include "support/fake_entropy.h"
#include "support/manual_clock.h"
#include "support/temp_folder.h"

namespace proctor::app {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string header(const http::Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return "";
}

std::shared_ptr<const rules::Content> empty_content() {
    auto content = std::make_shared<rules::Content>();
    content->manifest.name = "test";
    content->revision = "0123456789ab";
    content->codes.build();
    return content;
}

class RoutesTest : public testing::Test {
protected:
    explicit RoutesTest(std::vector<std::string> origins = {"https://ehr.example"})
        : config_(config_with(std::move(origins))), routes_({live_, config_, clock_, *log_}) {}

    static Config config_with(std::vector<std::string> origins) {
        Config config;
        config.clients.emplace_back().site.origins = std::move(origins);
        return config;
    }

    http::Response ask(const std::string& method, const std::string& path, const std::string& body = "",
                       const std::string& origin = "") {
        http::Request request;
        request.method = method;
        request.path = path;
        request.body = body;
        request.origin = origin;
        return asked_->answer(request);
    }
    static constexpr const char* k_post = "/cds-services/anorectal-alarms";

    Config config_;
    FixedClock clock_{fhir::read_instant("2026-06-15T12:00:00Z").value()};
    Live live_{{std::make_shared<const hooks::Engine>(empty_content())}, config_.clients, clock_};
    std::ostringstream lines_;
    std::unique_ptr<Log> log_ = log_to(lines_);
    Routes routes_;
    Routes* asked_ = &routes_;
    SystemEntropy entropy_;
};

TEST_F(RoutesTest, HealthSaysWhatAnswersSinceWhenAndThatALaterOneWasRefused) {
    const std::string content = R"({"status":"ok","content":{"name":"test","version":"","revision":"0123456789ab",)"
                                R"("approved":false,"since":"2026-06-15T12:00:00Z"})";
    EXPECT_EQ(ask("GET", "/health/ready").body, content + "}");
    live_.refuse("cases");
    const std::string degraded = R"({"status":"degraded")" + content.substr(content.find(",\"content\""));
    EXPECT_EQ(ask("GET", "/health/ready").body,
              degraded + R"(,"reload":{"status":"refused","reason":"cases","at":"2026-06-15T12:00:00Z"},)" +
                  R"("reasons":["contentRefused"]})");
}

TEST_F(RoutesTest, DiscoveryAndHealthAnswer) {
    EXPECT_THAT(ask("GET", "/cds-services").body, HasSubstr("\"services\""));
    EXPECT_EQ(ask("GET", "/health/live").status, 200);
    EXPECT_THAT(ask("GET", "/health/ready").body, HasSubstr("\"approved\":false"));
    EXPECT_EQ(ask("HEAD", "/cds-services").status, 200);
}

TEST_F(RoutesTest, EveryRefusalIsAnOperationOutcome) {
    const std::string long_id(500, 'a');
    struct Row {
        const char *method, *path;
        int status;
    };
    const Row rows[] = {
        {"GET", "/", 404},
        {"POST", "/cds-services/other", 404},
        {"POST", "/cds-services/anorectal-alarms/", 404},
        {"GET", "/cds-services/../etc", 404},
        {"POST", "/cds-services", 405},
        {"GET", k_post, 405},
        {"DELETE", k_post, 405},
        {"TRACE", "/health/live", 405},
        {"POST", k_post, 400},  // an empty body
    };
    for (const auto& row : rows) {
        const auto response = ask(row.method, row.path);
        EXPECT_EQ(response.status, row.status) << row.method << ' ' << row.path;
        const auto json = rules::parse_json(response.body);
        ASSERT_TRUE(json.ok()) << row.path;
        EXPECT_EQ(json->find("resourceType")->text, "OperationOutcome") << row.path;
    }
    EXPECT_EQ(header(ask("GET", k_post), "Allow"), "POST, OPTIONS");
}

TEST_F(RoutesTest, NothingOfTheRequestIsRepeatedOrLogged) {
    const auto response =
        ask("POST", "/cds-services/Smith", R"({"hook": "Smith", "context": {"patientId": "Smith"}})", "https://Smith");
    const auto bad = ask("POST", k_post, R"({"hook": "Smith", "Smith)");
    EXPECT_THAT(response.body + bad.body + lines_.str(), Not(HasSubstr("Smith")));
    EXPECT_THAT(lines_.str(), HasSubstr("\"status\":404"));
}

TEST_F(RoutesTest, CorsIsForListedOriginsOnAnswersAndErrors) {
    for (const char* path : {"/cds-services", "/nowhere", k_post}) {
        EXPECT_EQ(header(ask("GET", path, "", "https://ehr.example"), "Access-Control-Allow-Origin"),
                  "https://ehr.example")
            << path;
        EXPECT_EQ(header(ask("GET", path, "", "https://ehr.example.evil.example"), "Access-Control-Allow-Origin"), "")
            << path;
        EXPECT_EQ(header(ask("GET", path, "", "null"), "Access-Control-Allow-Origin"), "") << path;
        EXPECT_EQ(header(ask("GET", path), "Access-Control-Allow-Origin"), "") << path;
        EXPECT_EQ(header(ask("GET", path), "Vary"), "Origin") << path;
    }
    http::Request request;
    request.origin = "https://ehr.example";
    EXPECT_EQ(header(routes_.refuse(request, http::Refused::body_too_large), "Access-Control-Allow-Origin"),
              "https://ehr.example");
}

TEST_F(RoutesTest, PreflightAllowsWhatTheAddressTakes) {
    const auto response = ask("OPTIONS", k_post, "", "https://ehr.example");
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(header(response, "Access-Control-Allow-Methods"), "POST");
    EXPECT_EQ(header(response, "Access-Control-Allow-Headers"), "authorization, content-type");
    EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), "https://ehr.example");
    EXPECT_EQ(ask("OPTIONS", "/nowhere", "", "https://ehr.example").status, 404);
}

TEST_F(RoutesTest, ATraceIsTheCallersOrOneOfOurOwn) {
    FakeEntropy entropy;
    Routes routes({live_, config_, clock_, *log_, nullptr, nullptr, nullptr, &entropy});
    http::Request request;
    request.path = "/nowhere";
    request.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    static_cast<void>(routes.answer(request));
    EXPECT_THAT(lines_.str(), HasSubstr(R"("trace":"0af7651916cd43dd8448eb211c80319c")"));
    static_cast<void>(routes.refuse(request, http::Refused::body_too_large));
    EXPECT_THAT(lines_.str(), HasSubstr(R"("status":413,"trace":"0af7651916cd43dd8448eb211c80319c")"));
    request.traceparent = "00-Smith651916cd43dd8448eb211c80319-b7ad6b7169203331-01";
    static_cast<void>(routes.answer(request));
    EXPECT_THAT(lines_.str(), HasSubstr(R"("trace":"0102030405060708090a0b0c0d0e0f10")"));
    EXPECT_THAT(lines_.str(), Not(HasSubstr("Smith")));
}

// Says how long it was given.
class SlowServer final : public outbound::Outbound {
public:
    std::vector<outbound::Fetched> get(const std::vector<outbound::Get>& requests, SteadyTime deadline) override {
        deadlines.push_back(deadline);
        return {requests.size(), outbound::Failure::timeout};
    }
    std::vector<SteadyTime> deadlines;
};

TEST_F(RoutesTest, TheFhirServerIsReadWithinTheTimeOfTheAnswerLessWhatWritingItTakes) {
    SlowServer asked;
    config_.clients.front().fhir_servers = {{"https://ehr.example/fhir", false}};
    ManualClock clock;
    Routes routes({live_, config_, clock, *log_, nullptr, &asked});
    const auto fire = [&](const std::string& type) {
        http::Request request;
        request.method = "POST";
        request.path = k_post;
        request.body = R"({"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",)"
                       R"("context":{"userId":"Practitioner/1","patientId":"1"},)"
                       R"("fhirServer":"https://ehr.example/fhir","fhirAuthorization":{"access_token":"a",)" +
                       type + R"("expires_in":300,"scope":"patient/*.rs","subject":"s"}})";
        return routes.answer(request).status;
    };
    EXPECT_EQ(fire(""), 412);
    ASSERT_FALSE(asked.deadlines.empty());
    for (const auto deadline : asked.deadlines) EXPECT_EQ(deadline - clock.steady(), std::chrono::milliseconds{400});
    asked.deadlines.clear();
    config_.deadline_ms = 1000;
    EXPECT_EQ(fire(R"("token_type":"Bearer",)"), 412);
    for (const auto deadline : asked.deadlines) EXPECT_EQ(deadline - clock.steady(), std::chrono::milliseconds{950});
    asked.deadlines.clear();
    EXPECT_EQ(fire(R"("token_type":"DPoP",)"), 412);
    EXPECT_TRUE(asked.deadlines.empty()) << "a token of another kind is sent nowhere";
    EXPECT_THAT(lines_.str(), HasSubstr(R"("fetch":"badToken")"));
}

TEST_F(RoutesTest, WithoutAStoreThereIsNoFeedback) {
    for (const char* method : {"POST", "GET", "OPTIONS"})
        EXPECT_EQ(ask(method, k_post + std::string("/feedback"), "{}").status, 404) << method;
}

class FeedbackRoutesTest : public RoutesTest {
protected:
    FeedbackRoutesTest() {
        config_.feedback_store = folder_.file("feedback.sqlite");
        feedback_ = Feedback::open(config_, clock_, entropy_).value();
        taking_ =
            std::make_unique<Routes>(Routes::Parts{live_, config_, clock_, *log_, nullptr, nullptr, feedback_.get()});
        asked_ = taking_.get();
    }
    static constexpr const char* k_feedback = "/cds-services/anorectal-alarms/feedback";
    static constexpr const char* k_batch =
        R"({"feedback":[{"card":"3a2e6b1c-9d52-5a7e-8c41-0f6d2b9e7a10","outcome":"overridden",)"
        R"("outcomeTimestamp":"2026-06-15T11:00:00Z","overrideReason":{"userComment":"Smith"}}]})";

    TempFolder folder_;
    std::unique_ptr<Feedback> feedback_;
    std::unique_ptr<Routes> taking_;
};

TEST_F(FeedbackRoutesTest, FeedbackIsAnsweredWithNothingAndCounted) {
    const auto response = ask("POST", k_feedback, k_batch, "https://ehr.example");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), "https://ehr.example");
    EXPECT_THAT(lines_.str(), HasSubstr(R"("service":"anorectal-alarms")"));
    EXPECT_THAT(lines_.str(), HasSubstr(R"("accepted":0,"overridden":1,"unmatched":1,"repeated":0)"));
    EXPECT_THAT(lines_.str(), Not(HasSubstr("Smith")));
    EXPECT_EQ(ask("POST", k_feedback, "{}").status, 400);
    EXPECT_THAT(ask("GET", "/health/ready").body, HasSubstr(R"("feedbackStore":"ok")"));
}

TEST_F(FeedbackRoutesTest, ItsAddressesAreThoseOfTheServices) {
    EXPECT_EQ(ask("GET", k_feedback).status, 405);
    EXPECT_EQ(ask("OPTIONS", k_feedback).status, 204);
    for (const char* path :
         {"/feedback", "/cds-services/feedback", "/cds-services//feedback", "/cds-services/other/feedback",
          "/health/live/feedback", "/cds-services/anorectal-alarms/feedback/",
          "/cds-services/anorectal-alarms/feedback/feedback"})
        EXPECT_EQ(ask("POST", path, k_batch).status, 404) << path;
    EXPECT_EQ(ask("POST", k_post).status, 400) << "a hook is still a hook";
}

TEST_F(FeedbackRoutesTest, AStoreThatIsAwayMakesFeedbackWait) {
    SQLite::Database other(config_.feedback_store, SQLite::OPEN_READWRITE);
    other.exec("BEGIN IMMEDIATE");
    const auto response = ask("POST", k_feedback, k_batch);
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(header(response, "Retry-After"), "1");
    EXPECT_THAT(ask("GET", "/health/ready").body, HasSubstr(R"("feedbackStore":"away")"));
    EXPECT_THAT(ask("GET", "/health/ready").body, HasSubstr(R"("status":"degraded")"));
    other.exec("COMMIT");
    EXPECT_EQ(ask("POST", k_feedback, k_batch).status, 200);
    EXPECT_THAT(ask("GET", "/health/ready").body, HasSubstr(R"("feedbackStore":"ok")"));
}

TEST_F(FeedbackRoutesTest, ADatabaseThatIsAwaySpoolsAndHealthSaysSo) {
    config_.feedback_store = "postgresql:///proctor?host=" + folder_.file("no-server");
    config_.feedback_spool = folder_.file("spool.sqlite");
    const auto feedback = Feedback::open(config_, clock_, entropy_).value();
    Routes routes({live_, config_, clock_, *log_, nullptr, nullptr, feedback.get()});
    asked_ = &routes;
    EXPECT_EQ(ask("POST", k_feedback, k_batch).status, 200);
    const std::string health = ask("GET", "/health/ready").body;
    EXPECT_THAT(health, HasSubstr(R"("feedbackStore":"spooling")"));
    EXPECT_THAT(health, HasSubstr(R"("status":"degraded")"));
}

class OpenRoutesTest : public RoutesTest {
protected:
    OpenRoutesTest() : RoutesTest({"*"}) {}
};

TEST_F(OpenRoutesTest, AStarAllowsAllWithoutCredentials) {
    const auto response = ask("GET", "/cds-services", "", "https://anything.example");
    EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(header(response, "Access-Control-Allow-Credentials"), "");
}

TEST_F(RoutesTest, ServerRefusalsKeepTheirStatusAndSayWhy) {
    using http::Refused;
    for (const auto why :
         {Refused::malformed, Refused::length_required, Refused::body_too_large, Refused::target_too_long,
          Refused::unsupported_type, Refused::busy, Refused::internal_error}) {
        const auto response = routes_.refuse({}, why);
        EXPECT_EQ(response.status, http::status_of(why));
        EXPECT_THAT(response.body, HasSubstr("diagnostics"));
    }
    EXPECT_EQ(header(routes_.refuse({}, Refused::busy), "Retry-After"), "1");
}

}  // namespace
}  // namespace proctor::app
