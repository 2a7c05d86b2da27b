// A console before a service that is made up, over the content of tests/rules/sample.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/json.h"
#include "console/console.h"
#include "support/fake_entropy.h"
#include "support/fake_feedback_store.h"
#include "support/manual_clock.h"

namespace proctor::console {

// A patient-view request with every search supplied; the patient bleeds. Its names are looked for where they must not
// be.
inline constexpr const char* k_request =
    R"({"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
  "context":{"userId":"Practitioner/c4n4ry0user","patientId":"c4n4ry0patient"},
  "prefetch":{"patient":{"resourceType":"Patient","id":"c4n4ry0patient","gender":"male","birthDate":"1950-01-01"},
    "conditions":{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Condition","id":"c4n4ry0condition",
      "clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},
      "code":{"coding":[{"system":"http://snomed.info/sct","code":"12063002"}],"text":"c4n4ry0text"},
      "subject":{"reference":"Patient/c4n4ry0patient"},"recordedDate":"2026-06-10T08:00:00Z"}}]},
    "laboratory":null,"vitalSigns":null,"survey":null,"exam":null,"procedures":null,"serviceRequests":null,"encounters":null,
    "medicationRequests":null,"medicationStatements":null,"medicationAdministrations":null}})";

class FakeRunning final : public Running {
public:
    FakeRunning() {
        auto content = rules::load_content(PROCTOR_SOURCE_DIR "/tests/rules/sample");
        if (!content) ADD_FAILURE() << describe(content.error());
        rules::SiteChoices site;
        engine_ = std::make_shared<const hooks::Engine>(*content, site);
        site.off = {"ADC-12"};
        without_ = std::make_shared<const hooks::Engine>(*content, site);
    }
    [[nodiscard]] ServiceState state() const override { return state_; }
    [[nodiscard]] std::vector<ClientState> clients() const override {
        return {{"north", false, 30, "fresh"}, {"south", true, 0, "stale"}};
    }
    [[nodiscard]] std::optional<Desk> desk(std::string_view client) const override {
        if (client.empty() || client == "north") return Desk{engine_, &settings_};
        if (client == "south") return Desk{without_, &settings_};
        return std::nullopt;
    }
    [[nodiscard]] const std::vector<Sample>& samples() const override { return samples_; }
    [[nodiscard]] Result<std::string> sample(std::string_view id) const override {
        if (id != "bleeding") return Error{"there is no such patient to try", ""};
        return std::string("the bundle");
    }
    [[nodiscard]] Result<std::string> request_of(std::string_view bundle, fhir::Instant) const override {
        if (bundle == "[]") return Error{"is not a FHIR Bundle", ""};
        return std::string(k_request);
    }

    ServiceState state_{{}, "ok", "ok"};
    hooks::Settings settings_;

private:
    std::vector<Sample> samples_ = {{"bleeding", "Bleeding"}};
    std::shared_ptr<const hooks::Engine> engine_, without_;
};

inline constexpr const char* k_password = "correct horse battery";

// anna may take rows away, ben may not. Hashed once: it takes a tenth of a second.
inline const std::string& users_file() {
    static const std::string text = [] {
        FakeEntropy entropy;
        return new_user_line("anna", {"quality", "export"}, k_password, entropy).value() + "\n# a comment\n\n" +
               new_user_line("ben", {"quality"}, k_password, entropy).value() + '\n';
    }();
    return text;
}

// Lines, and a trail that may be full.
class TrailedLog final : public Log {
public:
    explicit TrailedLog(std::ostream& lines) : lines_(log_to(lines)) {}
    void write(Event event, const LogFields& fields) override { lines_->write(event, fields); }
    [[nodiscard]] bool record(Event event, const LogFields& fields) override {
        if (!full) write(event, fields);
        return !full;
    }
    bool full = false;

private:
    std::unique_ptr<Log> lines_;
};

class ConsoleTest : public testing::Test {
protected:
    static constexpr const char* k_host = "localhost:9000";

    http::Request request(const std::string& method, const std::string& path, const std::string& body = "") const {
        http::Request one;
        one.method = method;
        one.path = path.substr(0, path.find('?'));
        if (path.find('?') != std::string::npos) one.query = path.substr(path.find('?') + 1);
        one.host = k_host;
        one.cookie = cookie_;
        one.body = body;
        if (method == "POST") one.content_type = "application/json";
        return one;
    }
    http::Response ask(const std::string& method, const std::string& path, const std::string& body = "") {
        return console_.answer(request(method, path, body));
    }
    nlohmann::json get(const std::string& path) {
        const auto response = ask("GET", path);
        EXPECT_EQ(response.status, 200) << path << ' ' << response.body;
        return nlohmann::json::parse(response.body, nullptr, false);
    }
    static std::string login_body(const std::string& user, const std::string& password = k_password) {
        return nlohmann::json{{"user", user}, {"password", password}}.dump();
    }
    void log_in(const std::string& user = "anna") {
        const auto response = ask("POST", "/api/login", login_body(user));
        ASSERT_EQ(response.status, 204) << response.body;
        cookie_ = header(response, "Set-Cookie");
        cookie_.resize(cookie_.find(';'));
    }
    static std::string header(const http::Response& response, const std::string& name) {
        for (const auto& [key, value] : response.headers) {
            if (key == name) return value;
        }
        return "";
    }

    ManualClock clock_;
    FakeEntropy entropy_;
    std::ostringstream lines_;
    TrailedLog log_{lines_};
    FakeRunning running_;
    Figures figures_{clock_};
    LostCodes lost_codes_{entropy_};
    store::FakeStore::Seen seen_;
    store::FakeStore store_{seen_};
    Console console_{{running_, figures_, lost_codes_, &store_, clock_, log_},
                     {9000, {"console.example"}, 50, "0.1.0", false, std::chrono::days(730)},
                     Users::parse(users_file(), "users").value(),
                     entropy_};
    std::string cookie_;
};

}  // namespace proctor::console
