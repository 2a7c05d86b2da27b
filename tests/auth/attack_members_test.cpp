// What attackers write into a token's header and payload, a row each with the reason for which it is refused. All are
// signed by the client's own key over what they say, so that only the check in question can refuse them.
#include "auth/attacks.h"
#include "base/limits.h"

namespace proctor::auth {
namespace {

using namespace signing;

struct Row {  // a token that differs in one member
    std::string json;
    std::optional<Reason> expected;
};

Attacks with_header(const std::string& member, const std::vector<Row>& rows) {
    Attacks attacks;
    for (const auto& [json, expected] : rows) {
        attacks.push_back({member + ' ' + json, bearer(header_text({{member, json}}), payload_text()), expected});
    }
    return attacks;
}

Attacks with_claim(const std::string& member, const std::vector<Row>& rows) {
    Attacks attacks;
    for (const auto& [json, expected] : rows) {
        attacks.push_back({member + ' ' + json, bearer(header_text(), payload_text({{member, json}})), expected});
    }
    return attacks;
}

std::string seconds(std::int64_t after_now) { return std::to_string(k_now + after_now); }

TEST(Attack, WithAHeaderMemberOfItsOwnIsRefused) {
    const std::string jwk = keys().p384.jwk("p384");
    expect_verdicts(with_header("jwk", {{jwk, Reason::malformed_token}}));
    for (const char* member :
         {"x5u", "x5c", "x5t", "x5t#S256", "cty", "zip", "enc", "url", "nonce", "Alg", "iss", ""}) {
        expect_verdicts(with_header(member, {{R"("https://evil.example/")", Reason::malformed_token}}));
    }
    expect_verdicts(with_header("crit", {{R"(["exp"])", Reason::malformed_token}, {"[]", Reason::malformed_token}}));
    expect_verdicts(with_header("b64", {{"false", Reason::malformed_token}, {"true", Reason::malformed_token}}));
    expect_verdicts({{"crit and b64", bearer(header_text({{"b64", "false"}, {"crit", R"(["b64"])"}}), payload_text()),
                      Reason::malformed_token}});
}

TEST(Attack, WithAnotherTypeOrAlgorithmOfTokenIsRefused) {
    expect_verdicts(with_header("typ", {{R"("JWT")", k_accepted},
                                        {"", Reason::malformed_token},
                                        {R"("jwt")", Reason::malformed_token},
                                        {R"("JOSE")", Reason::malformed_token},
                                        {R"("at+jwt")", Reason::malformed_token},
                                        {R"("JWT\u0000")", Reason::malformed_token},
                                        {R"(["JWT"])", Reason::malformed_token},
                                        {"null", Reason::malformed_token}}));
    expect_verdicts(with_header("alg", {{R"("\u0045S384")", k_accepted},
                                        {"", Reason::malformed_token},
                                        {"null", Reason::malformed_token},
                                        {"384", Reason::malformed_token},
                                        {R"(["ES384"])", Reason::malformed_token},
                                        {R"("ES384\u0000")", Reason::malformed_token}}));
}

TEST(Attack, OnTheNameOfTheKeyIsRefused) {
    expect_verdicts(with_header("kid", {{"", Reason::malformed_token},
                                        {R"("")", Reason::malformed_token},
                                        {"384", Reason::malformed_token},
                                        {"null", Reason::malformed_token},
                                        {R"({"p384":1})", Reason::malformed_token},
                                        {R"("p384\u0000x")", Reason::malformed_token},
                                        {text_json(std::string(256, 'k')), Reason::unknown_key},
                                        {text_json(std::string(257, 'k')), Reason::malformed_token},
                                        {text_json(std::string(1U << 20U, 'k')), Reason::malformed_token},
                                        {R"("nobody")", Reason::unknown_key},
                                        {R"("P384")", Reason::unknown_key},
                                        {R"("p384 ")", Reason::unknown_key},
                                        {R"("../../../dev/null")", Reason::unknown_key},
                                        {R"("/proc/self/environ")", Reason::unknown_key},
                                        {R"("x' OR '1'='1")", Reason::unknown_key},
                                        {R"("x' UNION SELECT 'secret'--")", Reason::unknown_key},
                                        {R"("|sleep 10")", Reason::unknown_key}}));
}

TEST(Attack, OnTheAddressOfTheKeysIsRefused) {
    std::vector<Row> rows = {{text_json(k_jku), k_accepted}, {"", k_accepted}};
    for (const char* other :
         {"https://evil.example/jwks.json", "https://ehr.example@evil.example/jwks.json",
          "https://ehr.example.evil.example/jwks.json", "http://ehr.example/jwks.json",
          "https://ehr.example/jwks.json/", "https://ehr.example/jwks.json?x", "https://ehr.example/jwks.json#x",
          "https://EHR.example/jwks.json", "https://ehr.example:443/jwks.json", "https://ehr.example/./jwks.json",
          "https://ehr.example/%6Awks.json", "//ehr.example/jwks.json", "file:///etc/passwd",
          " https://ehr.example/jwks.json"}) {
        rows.push_back({text_json(other), Reason::jku});
    }
    for (const char* other : {R"("")", "7", "null", R"(["https://ehr.example/jwks.json"])"}) {
        rows.push_back({other, Reason::malformed_token});
    }
    expect_verdicts(with_header("jku", rows));
}

// The same texts as header and as payload.
TEST(Attack, WithJsonThatParsersReadDifferentlyIsRefused) {
    const auto twice = [](const std::string& object, const std::string& member) {
        return "{" + member + ',' + object.substr(1);
    };
    const std::string h = header_text(), p = payload_text(), bom = "\xEF\xBB\xBF", nul(1, '\0');
    const std::string deep(2500, '[');
    Attacks rows = {
        {"alg twice", bearer(twice(h, R"("alg":"none")"), p), Reason::malformed_token},
        {"alg twice, escaped", bearer(twice(h, R"("\u0061lg":"none")"), p), Reason::malformed_token},
        {"kid twice, the same", bearer(twice(h, R"("kid":"p384")"), p), Reason::malformed_token},
        {"iss twice", bearer(h, twice(p, R"("iss":"https://other.example")")), Reason::malformed_token},
        {"exp twice", bearer(h, twice(p, R"("exp":9999999999)")), Reason::malformed_token},
        {"exp twice, escaped", bearer(h, twice(p, R"("\u0065xp":9999999999)")), Reason::malformed_token},
        {"twice, deep inside", bearer(h, twice(p, R"("x":[{"a":1,"a":1}])")), Reason::malformed_token},
    };
    const std::pair<const char*, std::pair<std::string, std::string>> changed[] = {
        {"NUL behind", {h + nul, p + nul}},
        {"NUL and more behind", {h + nul + h, p + nul + p}},
        {"byte order mark", {bom + h, bom + p}},
        {"in an array", {'[' + h + ']', '[' + p + ']'}},
        {"in a string", {text_json("x"), text_json("x")}},
        {"null", {"null", "null"}},
        {"nothing", {" ", " "}},
        {"two objects", {h + h, p + p}},
        {"cut", {h.substr(0, h.size() - 1), p.substr(0, p.size() - 1)}},
        {"comment", {h + "//", p + "/**/"}},
        {"text behind", {h + "x", p + "x"}},
        {"nested open", {deep, deep}},
        {"not UTF-8", {twice(h, "\"jku\":\"\xC3\""), twice(p, "\"x\":\"\xFF\"")}},
        {"{}", {"{}", "{}"}},
    };
    for (const auto& [name, texts] : changed) {
        rows.push_back({std::string("header: ") + name, bearer(texts.first, p), Reason::malformed_token});
        rows.push_back({std::string("payload: ") + name, bearer(h, texts.second), Reason::malformed_token});
    }
    rows.push_back(
        {"nested 100,000 deep", bearer(h, twice(p, "\"x\":" + std::string(100'000, '['))), Reason::malformed_token});
    expect_verdicts(rows);
}

TEST(Attack, NestsNoDeeperThanTheLimit) {
    const auto nested = [](std::size_t depth) { return std::string(depth - 1, '[') + std::string(depth - 1, ']'); };
    expect_verdicts(with_claim("x", {{nested(limits::k_json_depth), k_accepted},
                                     {nested(limits::k_json_depth + 1), Reason::malformed_token}}));
}

TEST(Attack, InTheNameOfAnotherIsRefused) {
    expect_verdicts(with_claim("iss", {{R"("https://evil.example")", Reason::unknown_issuer},
                                       {R"("https://ehr.example/cds/")", Reason::unknown_issuer},
                                       {R"("https://EHR.example/cds")", Reason::unknown_issuer},
                                       {R"("*")", Reason::unknown_issuer},
                                       {R"("")", Reason::malformed_token},
                                       {"", Reason::malformed_token},
                                       {"7", Reason::malformed_token},
                                       {R"(["https://ehr.example/cds"])", Reason::malformed_token},
                                       {R"("https://ehr.example/cds\u0000")", Reason::malformed_token}}));
    expect_verdicts(with_claim(
        "tenant", {{R"("any")", k_accepted}, {"7", Reason::malformed_token}, {"null", Reason::malformed_token}}));
    expect_verdicts(with_claim("sub", {{R"("client")", k_accepted}, {R"({"any":["thing",1.5,null]})", k_accepted}}));
}

TEST(Attack, WithATokenForAnotherAddressIsRefused) {
    std::vector<Row> rows = {{text_json(k_audience), k_accepted}, {'[' + text_json(k_audience) + ']', k_accepted}};
    for (const char* other :
         {"https://other.example/cds-services/anorectal", "https://cds.example", "https://cds.example/cds-services",
          "https://cds.example/cds-services/anorectal/", "https://cds.example/cds-services/anorectal2",
          "http://cds.example/cds-services/anorectal", "https://CDS.example/cds-services/anorectal", "*", ""}) {
        rows.push_back({text_json(other), Reason::audience});
    }
    rows.push_back({'[' + text_json(k_audience) + R"(,"https://other.example"])", Reason::audience});
    rows.push_back({'[' + text_json(k_audience) + ',' + text_json(k_audience) + ']', Reason::audience});
    rows.push_back({"[]", Reason::audience});
    for (const std::string& other : {std::string(), std::string("7"), std::string("null"), std::string("{}"),
                                     '{' + text_json(k_audience) + ":1}", "[[" + text_json(k_audience) + "]]",
                                     '[' + text_json(k_audience) + ",7]", text_json(k_audience + "\\u0000")}) {
        rows.push_back({other, Reason::malformed_token});
    }
    expect_verdicts(with_claim("aud", rows));
}

// What is no date at all, for each of the three.
std::vector<Row> no_dates() {
    std::vector<Row> rows;
    for (const std::string json : {"1e400", "1.7815248e9", "1781524800.0", "-1", "-0", "9223372036854775808", "1e3",
                                   "18446744073709551616", "true", "null", R"("1781524900")", "[1781524900]", "{}"}) {
        rows.push_back({json, Reason::malformed_token});
    }
    return rows;
}

TEST(Attack, WithClaimsOfTimeThatDoNotHoldIsRefused) {
    for (const char* claim : {"exp", "iat", "nbf"}) expect_verdicts(with_claim(claim, no_dates()));
    expect_verdicts(with_claim("exp", {{"", Reason::malformed_token},
                                       {"0", Reason::expired},
                                       {seconds(-3600), Reason::expired},
                                       {seconds(-60), Reason::expired},
                                       {seconds(-59), k_accepted},
                                       {seconds(360), k_accepted},
                                       {seconds(361), Reason::expired},
                                       {seconds(1288 * 86'400), Reason::expired},
                                       {"9223372036854775807", Reason::expired}}));
    expect_verdicts(with_claim("iat", {{"", Reason::malformed_token},
                                       {"0", k_accepted},
                                       {seconds(60), k_accepted},
                                       {seconds(61), Reason::expired},
                                       {"9223372036854775807", Reason::expired}}));
    expect_verdicts(with_claim(
        "nbf", {{"", k_accepted}, {"0", k_accepted}, {seconds(60), k_accepted}, {seconds(61), Reason::expired}}));
}

TEST(Attack, WithoutAUsableJtiIsRefused) {
    std::string umlauts;
    for (int i = 0; i < 256; ++i) umlauts += "ä";
    expect_verdicts(with_claim("jti", {{R"("1")", k_accepted},
                                       {text_json(std::string(256, 'j')), k_accepted},
                                       {text_json(umlauts), k_accepted},
                                       {text_json(std::string(257, 'j')), Reason::jti},
                                       {R"("")", Reason::jti},
                                       {"", Reason::jti},
                                       {"7", Reason::jti},
                                       {"null", Reason::jti},
                                       {R"(["1"])", Reason::jti},
                                       {R"("1\u0000")", Reason::jti}}));
}

}  // namespace
}  // namespace proctor::auth
