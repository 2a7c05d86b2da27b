#include "auth/token.h"

#include "auth/attacks.h"
#include "base/limits.h"

namespace proctor::auth {
namespace {

using namespace signing;
using std::chrono::milliseconds;

Token token_with(const Members& claims, const Members& header = {}) {
    auto parsed = parse_token(bearer(header_text(header), payload_text(claims)));
    EXPECT_TRUE(std::holds_alternative<Token>(parsed));
    return std::get<Token>(parsed);
}

std::string_view checked(const Token& token, const TokenPolicy& policy, WallTime at = now()) {
    return verdict(check_claims(token, policy, {k_audience}, at));
}

TEST(Algorithm, IsKnownByItsNameOnly) {
    for (const Algorithm algorithm : open_policy().algorithms) {
        EXPECT_EQ(algorithm_named(print(algorithm)), algorithm) << print(algorithm);
    }
    for (const char* other :
         {"", "none", "HS256", "HS384", "HS512", "rs256", "RS256 ", "ES256K", "Ed25519", "EdDSA\n"}) {
        EXPECT_EQ(algorithm_named(other), std::nullopt) << other;
    }
}

TEST(Token, HasWhatWasSent) {
    const std::string header = header_text({{"jku", text_json(k_jku)}});
    const std::string payload = payload_text({{"aud", R"(["a","b"])"}, {"nbf", "7"}, {"tenant", R"("ward \u00e4")"}});
    const std::string sent = bearer(header, payload);
    const auto parsed = parse_token(sent);
    ASSERT_TRUE(std::holds_alternative<Token>(parsed));
    const Token& token = std::get<Token>(parsed);
    EXPECT_EQ(token.algorithm, Algorithm::es384);
    EXPECT_EQ(token.kid, "p384");
    EXPECT_EQ(token.jku, k_jku);
    EXPECT_EQ(token.iss, k_issuer);
    EXPECT_EQ(token.jti, "7b2d7f0e-5c1c-4b6e-9d2b-0f5a3f0c9a11");
    EXPECT_EQ(token.tenant, "ward ä");
    EXPECT_EQ(token.aud, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(token.exp, k_now + 300);
    EXPECT_EQ(token.iat, k_now);
    EXPECT_EQ(token.nbf, 7);
    EXPECT_EQ("Bearer " + token.signed_part + '.' + encode_base64url(token.signature), sent);
}

TEST(Token, LeavesEmptyWhatWasNotSent) {
    const Token token = token_with({});
    EXPECT_EQ(token.jku, "");
    EXPECT_EQ(token.tenant, "");
    EXPECT_EQ(token.nbf, std::nullopt);
    EXPECT_EQ(token.aud, std::vector{k_audience});
}

TEST(Token, IsReadUpToTheLimitOfTheHeader) {
    std::string sent;
    for (std::size_t filling = 5000; sent.size() < limits::k_authorization_bytes; ++filling) {
        sent = bearer(header_text(), payload_text({{"x", text_json(std::string(filling, 'x'))}}));
        const bool fits = sent.size() <= limits::k_authorization_bytes;
        EXPECT_EQ(verdict(judge(sent)), fits ? "accepted" : "malformedToken") << sent.size();
        if (filling < 5200) filling += 100;
    }
    EXPECT_GE(sent.size(), limits::k_authorization_bytes);
}

// Claims are whole seconds, now is not: the skew is exact to the millisecond.
TEST(Claims, HoldToTheMillisecondOfTheSkew) {
    const std::tuple<const char*, std::int64_t, std::int64_t, std::string_view> table[] = {
        {"exp", 0, 59'999, "accepted"}, {"exp", 0, 60'000, "expired"}, {"exp", 0, 60'001, "expired"},
        {"exp", 360, 0, "accepted"},    {"exp", 360, -1, "expired"},   {"exp", 361, 999, "expired"},
        {"exp", 361, 1000, "accepted"}, {"iat", 60, 0, "accepted"},    {"iat", 60, -1, "expired"},
        {"iat", 61, 999, "expired"},    {"iat", 61, 1000, "accepted"}, {"nbf", 60, 0, "accepted"},
        {"nbf", 60, -1, "expired"},     {"nbf", 61, 1000, "accepted"},
    };
    for (const auto& [claim, seconds, at_ms, expected] : table) {
        const Members claims = {{"exp", std::to_string(k_now + 200)}, {claim, std::to_string(k_now + seconds)}};
        const Token token = token_with({claims.begin(), claims.end()});
        EXPECT_EQ(checked(token, default_policy(), now() + milliseconds(at_ms)), expected)
            << claim << ' ' << seconds << " at " << at_ms;
    }
}

TEST(Claims, HoldUpToTheClientsLifetime) {
    TokenPolicy hour = default_policy();
    hour.lifetime = std::chrono::seconds(3600);
    const std::tuple<std::int64_t, std::string_view, std::string_view> table[] = {{360, "accepted", "accepted"},
                                                                                  {361, "expired", "accepted"},
                                                                                  {3660, "expired", "accepted"},
                                                                                  {3661, "expired", "expired"}};
    for (const auto& [exp, usual, long_lived] : table) {
        const Token token = token_with({{"exp", std::to_string(k_now + exp)}});
        EXPECT_EQ(checked(token, default_policy()), usual) << exp;
        EXPECT_EQ(checked(token, hour), long_lived) << exp;
    }
}

TEST(Claims, HoldAtBothEndsOfTime) {
    const Token first = token_with({{"exp", "0"}, {"iat", "0"}});
    EXPECT_EQ(checked(first, default_policy(), WallTime()), "accepted");
    const Token last = token_with({{"exp", "9223372036854775807"}, {"iat", "9223372036854775807"}});
    EXPECT_EQ(checked(last, default_policy(), WallTime::max()), "expired");
    EXPECT_EQ(checked(last, default_policy(), WallTime::min()), "expired");
}

TEST(Claims, MayNameSeveralAudiencesWhereTheClientMay) {
    TokenPolicy several = default_policy();
    several.several_audiences = true;
    const std::tuple<std::string, std::string_view, std::string_view> table[] = {
        {text_json(k_audience), "accepted", "accepted"},
        {R"(["https://a.example",)" + text_json(k_audience) + ']', "audience", "accepted"},
        {R"(["https://a.example","https://b.example"])", "audience", "audience"},
        {"[]", "audience", "audience"}};
    for (const auto& [aud, one, many] : table) {
        const Token token = token_with({{"aud", aud}});
        EXPECT_EQ(checked(token, default_policy()), one) << aud;
        EXPECT_EQ(checked(token, several), many) << aud;
    }
}

// Feedback may be meant by its own address or by the service's.
TEST(Claims, MayMeanAnyOfTheAddressesCalled) {
    const Token token = token_with({});
    EXPECT_EQ(check_claims(token, default_policy(), {k_audience + "/feedback", k_audience}, now()), std::nullopt);
    EXPECT_EQ(check_claims(token, default_policy(), {k_audience + "/feedback"}, now()), Reason::audience);
    EXPECT_EQ(check_claims(token, default_policy(), {}, now()), Reason::audience);
}

// It is part of a key of the feedback store, whose database takes no more than 2.7 kB.
TEST(ParseToken, TakesATenantOfAFewHundredBytes) {
    const auto token_of = [](std::size_t bytes) {
        return parse_token(bearer(header_text(), payload_text({{"tenant", text_json(std::string(bytes, 't'))}})));
    };
    EXPECT_TRUE(std::holds_alternative<Token>(token_of(limits::k_tenant_bytes)));
    EXPECT_EQ(std::get<Reason>(token_of(limits::k_tenant_bytes + 1)), Reason::malformed_token);
}

TEST(Claims, NameATenantOfTheClientsWhereItHasSome) {
    TokenPolicy tenants = default_policy();
    tenants.tenants = {"north", "south"};
    for (const auto& [tenant, expected] :
         std::initializer_list<std::pair<const char*, std::string_view>>{{R"("north")", "accepted"},
                                                                         {R"("south")", "accepted"},
                                                                         {R"("North")", "tenant"},
                                                                         {R"("east")", "tenant"},
                                                                         {R"("")", "tenant"},
                                                                         {"", "tenant"}}) {
        const Token token = token_with({{"tenant", tenant}});
        EXPECT_EQ(checked(token, tenants), expected) << tenant;
        EXPECT_EQ(checked(token, default_policy()), "accepted") << tenant;
    }
}

TEST(Claims, AreCheckedInTheirOrder) {
    Token token = token_with({{"aud", R"("x")"}, {"exp", "0"}, {"tenant", R"("x")"}}, {{"jku", R"("x")"}});
    TokenPolicy policy = default_policy();
    policy.algorithms = {};
    policy.tenants = {"north"};
    EXPECT_EQ(checked(token, policy), "algorithm");
    policy.algorithms = {Algorithm::es384};
    EXPECT_EQ(checked(token, policy), "jku");
    token.jku = k_jku;
    EXPECT_EQ(checked(token, policy), "audience");
    token.aud = {k_audience};
    EXPECT_EQ(checked(token, policy), "expired");
    token.exp = k_now + 1;
    EXPECT_EQ(checked(token, policy), "tenant");
    token.tenant = "north";
    EXPECT_EQ(checked(token, policy), "accepted");
}

}  // namespace
}  // namespace proctor::auth
