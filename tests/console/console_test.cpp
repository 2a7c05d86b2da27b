// Who gets in, and what every answer carries.
#include "console_fixture.h"

namespace proctor::console {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> k_gets = {"/api/session", "/api/overview", "/api/rules", "/api/clients",
                                         "/api/patients"};

TEST_F(ConsoleTest, APersonLogsInAndOut) {
    EXPECT_EQ(ask("GET", "/api/session").status, 401);
    log_in();
    const auto session = get("/api/session");
    EXPECT_EQ(session["user"], "anna");
    EXPECT_EQ(session["roles"], (nlohmann::json{"export", "quality"}));
    EXPECT_EQ(session["version"], "0.1.0");
    EXPECT_EQ(session["demo"], false);
    EXPECT_EQ(session["content"]["approved"], false);
    const auto out = ask("POST", "/api/logout", "{}");
    EXPECT_EQ(out.status, 204);
    EXPECT_THAT(header(out, "Set-Cookie"), HasSubstr("Max-Age=0"));
    EXPECT_EQ(ask("GET", "/api/session").status, 401) << "the old cookie opens nothing";
}

TEST_F(ConsoleTest, TheCookieIsForThisPageAlone) {
    auto in = request("POST", "/api/login", login_body("anna"));
    const auto attributes = [&] {
        const auto cookie = header(console_.answer(in), "Set-Cookie");
        return cookie.substr(cookie.find(';'));
    };
    EXPECT_EQ(attributes(), "; HttpOnly; SameSite=Strict; Path=/");
    in.host = "console.example";
    EXPECT_EQ(attributes(), "; HttpOnly; SameSite=Strict; Path=/; Secure");
}

TEST_F(ConsoleTest, WhoIsNotAUserWithItsPasswordStaysOutside) {
    const std::pair<std::string, int> rows[] = {
        {login_body("anna", "correct horse batterY"), 401},
        {login_body("nobody"), 401},
        {login_body(std::string(5000, 'x')), 401},
        {login_body(""), 401},
        {login_body("anna", ""), 401},
        {R"({"user":"anna"})", 400},
        {R"({"user":["anna"],"password":{}})", 400},
        {R"(["anna","correct horse battery"])", 400},
        {R"({"user":"anna","user":"ben","password":"x"})", 400},
        {"", 400},
        {"user=anna", 400},
    };
    for (const auto& [body, status] : rows) {
        const auto response = ask("POST", "/api/login", body);
        EXPECT_EQ(response.status, status) << body.substr(0, 80);
        EXPECT_EQ(header(response, "Set-Cookie"), "") << body.substr(0, 80);
    }
}

TEST_F(ConsoleTest, APasswordCannotBeTriedOften) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("POST", "/api/login", login_body("ben", "wrong password")).status, 401);
    const auto refused = ask("POST", "/api/login", login_body("ben"));
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(header(refused, "Retry-After"), "60");
    log_in("anna");
    clock_.pass(std::chrono::seconds(60));
    log_in("ben");
}

TEST_F(ConsoleTest, LoginsAreLoggedWithoutWhatWasTyped) {
    (void)ask("POST", "/api/login", login_body("my-passw0rd", "s3cret-typed"));
    (void)ask("POST", "/api/login", login_body("anna", "s3cret-typed"));
    log_in();
    EXPECT_THAT(lines_.str(), HasSubstr(R"("event":"login","status":401,"reason":"refused"})"));
    EXPECT_THAT(lines_.str(), HasSubstr(R"("event":"login","status":401,"user":"anna","reason":"refused"})"));
    EXPECT_THAT(lines_.str(), HasSubstr(R"("event":"login","status":204,"user":"anna","reason":"accepted"})"));
    for (const std::string& secret : {std::string("passw0rd"), std::string("s3cret"), std::string(k_password),
                                      cookie_.substr(cookie_.find('=') + 1)})
        EXPECT_THAT(lines_.str(), Not(HasSubstr(secret)));
}

TEST_F(ConsoleTest, NothingIsToldWithoutASession) {
    for (const char* cookie : {"", "proctor_console=", "proctor_console=0", "other=1; x", "proctor_console"}) {
        cookie_ = cookie;
        for (const auto& path : k_gets) EXPECT_EQ(ask("GET", path).status, 401) << path << ' ' << cookie;
        EXPECT_EQ(ask("POST", "/api/try", R"({"patient":"bleeding"})").status, 401);
        EXPECT_EQ(ask("POST", "/api/logout", "{}").status, 401);
    }
    log_in();
    cookie_ = "a=b; " + cookie_ + "; c=d";
    for (const auto& path : k_gets) EXPECT_EQ(ask("GET", path).status, 200) << path;
    clock_.pass(std::chrono::minutes(30));
    EXPECT_EQ(ask("GET", "/api/session").status, 401) << "unused for half an hour";
}

TEST_F(ConsoleTest, OtherHostsAreNotOurs) {
    log_in();
    const std::pair<const char*, int> rows[] = {
        {"localhost:9000", 200},
        {"127.0.0.1:9000", 200},
        {"LOCALHOST:9000", 200},
        {"console.example", 200},
        {"localhost", 421},
        {"localhost:9001", 421},
        {"", 421},
        {"evil.example", 421},
        {"console.example:80", 421},
        {"x.console.example", 421},
        {"[::1]:9000", 421},
        {"localhost:9000.evil.example", 421},
    };
    for (const auto& [host, status] : rows) {
        for (const char* path : {"/", "/api/session"}) {
            auto one = request("GET", path);
            one.host = host;
            EXPECT_EQ(console_.answer(one).status, status) << host << path;
        }
    }
}

TEST_F(ConsoleTest, NoPageOfAnotherOriginCanAsk) {
    log_in();
    const std::pair<const char*, int> rows[] = {
        {"", 200},     {"http://localhost:9000", 200}, {"https://localhost:9000", 200}, {"http://localhost:9001", 403},
        {"null", 403}, {"https://evil.example", 403},  {"http://127.0.0.1:9000", 403},  {"localhost:9000", 403},
    };
    for (const auto& [origin, status] : rows) {
        auto one = request("POST", "/api/try", R"({"patient":"bleeding"})");
        one.origin = origin;
        EXPECT_EQ(console_.answer(one).status, status) << origin;
    }
    for (const char* type :
         {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx", "multipart/form-data"}) {
        auto one = request("POST", "/api/logout", "{}");
        one.content_type = type;
        EXPECT_EQ(console_.answer(one).status, 415) << type;
    }
    auto one = request("POST", "/api/logout", "{}");
    one.content_type = "Application/JSON; charset=utf-8";
    EXPECT_EQ(console_.answer(one).status, 204);
}

TEST_F(ConsoleTest, EveryAddressTakesItsMethodsAlone) {
    log_in();
    struct Row {
        const char *method, *path;
        int status;
        const char* allow;
    };
    const Row rows[] = {
        {"HEAD", "/", 200, ""},
        {"GET", "/", 200, ""},
        {"POST", "/", 405, "GET, HEAD"},
        {"DELETE", "/index.html", 405, "GET, HEAD"},
        {"HEAD", "/api/session", 200, ""},
        {"POST", "/api/session", 405, "GET, HEAD"},
        {"OPTIONS", "/api/session", 405, "GET, HEAD"},
        {"GET", "/api/login", 405, "POST"},
        {"GET", "/api/logout", 405, "POST"},
        {"PUT", "/api/try", 405, "POST"},
        {"TRACE", "/api/overview", 405, "GET, HEAD"},
        {"GET", "/api/", 404, ""},
        {"GET", "/api/session/", 404, ""},
        {"GET", "/api/other", 404, ""},
        {"POST", "/nowhere", 404, ""},
        {"GET", "/../etc/passwd", 404, ""},
        {"GET", "/vendor/../../etc/passwd", 404, ""},
        {"GET", "//", 404, ""},
        {"GET", "/index.html/", 404, ""},
        {"GET", "/cds-services", 404, ""},
        {"GET", "/vendor/", 404, ""},
    };
    for (const auto& row : rows) {
        const auto response = ask(row.method, row.path, std::string(row.method) == "POST" ? "{}" : "");
        EXPECT_EQ(response.status, row.status) << row.method << ' ' << row.path;
        EXPECT_EQ(header(response, "Allow"), row.allow) << row.method << ' ' << row.path;
    }
}

TEST_F(ConsoleTest, ThePageNeedsNoLoginAndHoldsItsLibraries) {
    const std::pair<const char*, const char*> rows[] = {{"/", "text/html; charset=utf-8"},
                                                        {"/index.html", "text/html; charset=utf-8"},
                                                        {"/vendor/chart.js", "text/javascript; charset=utf-8"},
                                                        {"/vendor/marked.js", "text/javascript; charset=utf-8"},
                                                        {"/vendor/purify.js", "text/javascript; charset=utf-8"}};
    for (const auto& [path, type] : rows) {
        const auto response = ask("GET", path);
        EXPECT_EQ(response.status, 200) << path;
        EXPECT_EQ(response.content_type, type) << path;
        EXPECT_EQ(header(response, "Cache-Control"), "no-cache") << path;
        EXPECT_GT(response.body.size(), 100U) << path;
    }
    EXPECT_EQ(ask("GET", "/").body, ask("GET", "/index.html").body);
}

TEST_F(ConsoleTest, EveryAnswerSaysWhatABrowserMayDoWithIt) {
    std::vector<http::Response> responses;
    for (const char* path : {"/", "/nowhere", "/api/session", "/api/nowhere"}) responses.push_back(ask("GET", path));
    responses.push_back(ask("POST", "/api/login", "{"));
    responses.push_back(ask("POST", "/api/login", login_body("anna")));
    log_in();
    for (const auto& path : k_gets) responses.push_back(ask("GET", path));
    responses.push_back(ask("POST", "/api/try", R"({"patient":"bleeding"})"));
    auto elsewhere = request("GET", "/");
    elsewhere.host = "evil.example";
    responses.push_back(console_.answer(elsewhere));
    using http::Refused;
    for (const auto why :
         {Refused::malformed, Refused::length_required, Refused::body_too_large, Refused::target_too_long,
          Refused::unsupported_type, Refused::busy, Refused::internal_error}) {
        responses.push_back(console_.refuse(request("POST", "/api/try"), why));
        EXPECT_EQ(responses.back().status, http::status_of(why));
    }
    for (const auto& response : responses) {
        const auto policy = header(response, "Content-Security-Policy");
        EXPECT_THAT(policy, HasSubstr("default-src 'none'; script-src 'self'; style-src 'self'"));
        EXPECT_THAT(policy, HasSubstr("form-action 'none'; base-uri 'none'; frame-ancestors 'none'"));
        EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
        EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(header(response, "Referrer-Policy"), "no-referrer");
        EXPECT_EQ(header(response, "Cross-Origin-Opener-Policy"), "same-origin");
        EXPECT_EQ(header(response, "Cross-Origin-Resource-Policy"), "same-origin");
        EXPECT_THAT(header(response, "Cache-Control"), testing::AnyOf("no-store", "no-cache"));
        EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), "");
    }
}

}  // namespace
}  // namespace proctor::console
