#include "auth/authenticator.h"

#include <gtest/gtest.h>

#include <functional>
#include <sstream>

#include "auth/replay_memory.h"
#include "auth/signing.h"
#include "support/fake_key_server.h"
#include "support/manual_clock.h"

namespace proctor::auth {
namespace {

using namespace std::chrono_literals;
using signing::SigningKey;

const std::string k_here = "https://cds.example/cds-services/alarm";
const std::string k_certificate(64, 'c');

// What a token says; a test changes what it is about.
struct Claims {
    std::string iss = "https://ehr.example", aud = k_here, jti = "1", tenant;
    std::chrono::seconds expires_in = 5min;
    std::string kid = "a";
};

ClientTrust client(const std::string& id, const std::string& issuer, const std::vector<std::string>& tenants = {}) {
    ClientTrust trust;
    trust.id = id;
    trust.issuer = issuer;
    trust.jwks_url = issuer + "/jwks";
    trust.policy.tenants = tenants;
    return trust;
}

class AuthenticatorTest : public ::testing::Test {
protected:
    void SetUp() override { server_.gives(R"({"keys":[)" + key_.jwk("a") + "]}"); }

    [[nodiscard]] std::string bearer(const Claims& claims, const SigningKey& key) const {
        const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch();
        std::string payload = R"({"iss":")" + claims.iss + R"(","aud":")" + claims.aud + R"(","jti":")" + claims.jti +
                              R"(","iat":)" + std::to_string(now.count()) + R"(,"exp":)" +
                              std::to_string((now + claims.expires_in).count());
        if (!claims.tenant.empty()) payload += R"(,"tenant":")" + claims.tenant + '"';
        const std::string header = R"({"alg":"ES256","typ":"JWT","kid":")" + claims.kid + "\"}";
        return "Bearer " + signing::sign_token(key, Algorithm::es256, header, payload + '}');
    }

    // "id of the client/tenant", or the reason.
    std::string admit(const Credentials& credentials) {
        const auto answer = authenticator_.admit(credentials, {k_here}, clock_.now());
        if (const auto* reason = std::get_if<Reason>(&answer)) return std::string(print(*reason));
        const auto& admitted = *std::get_if<Admitted>(&answer);
        return clients_[admitted.client].id + "/" + admitted.tenant;
    }
    std::string admit(const Claims& claims, std::string_view source = "192.0.2.1") {
        const std::string authorization = bearer(claims, key_);
        return admit({authorization, false, k_certificate, source});
    }
    std::string forge(const Claims& claims, std::string_view source) {
        const std::string authorization = bearer(claims, other_key_);
        return admit({authorization, false, k_certificate, source});
    }

    static std::vector<ClientTrust> registered() {
        auto mutual = client("mutual", "https://mutual.example");
        mutual.certificates = {k_certificate};
        return {client("ehr", "https://ehr.example"), mutual, client("north", "https://cloud.example", {"n1", "n2"}),
                client("south", "https://cloud.example", {"s"})};
    }

    const SigningKey key_ = SigningKey::ec("P-256"), other_key_ = SigningKey::ec("P-256");
    ManualClock clock_;
    FakeKeyServer server_;
    std::ostringstream lines_;
    const std::unique_ptr<Log> log_ = log_to(lines_);
    ReplayMemory memory_{clock_};
    ReplayGuard replay_{memory_, nullptr, {}, clock_};
    const std::vector<ClientTrust> clients_ = registered();
    Authenticator authenticator_{clients_, server_, replay_, clock_, *log_};
};

TEST_F(AuthenticatorTest, AdmitsAClientsTokenOnce) {
    EXPECT_EQ(admit(Claims{}), "ehr/");
    EXPECT_EQ(admit(Claims{}), "replayed");
    Claims next;
    next.jti = "2";
    EXPECT_EQ(admit(next), "ehr/");
    EXPECT_EQ(server_.fetches, 1);
}

TEST_F(AuthenticatorTest, SaysWhoCameAndADigestOfTheTokensId) {
    const std::string authorization = bearer(Claims{}, key_);
    const auto answer = authenticator_.admit({authorization, false, "", ""}, {k_here}, clock_.now());
    const auto* admitted = std::get_if<Admitted>(&answer);
    ASSERT_NE(admitted, nullptr);
    EXPECT_EQ(admitted->client, 0U);
    EXPECT_EQ(admitted->tenant, "");
    EXPECT_EQ(admitted->jti_prefix, "6b86b273ff34");  // of SHA-256("1")
}

TEST_F(AuthenticatorTest, EveryStepHasItsReason) {
    const std::vector<std::pair<std::function<void(Claims&)>, std::string>> table = {
        {[](Claims& c) { c.iss = "https://unknown.example"; }, "unknownIssuer"},
        {[](Claims& c) { c.iss = "https://ehr.example/"; }, "unknownIssuer"},
        {[](Claims& c) { c.aud = "https://cds.example/cds-services"; }, "audience"},
        {[](Claims& c) { c.expires_in = -61s; }, "expired"},
        {[](Claims& c) { c.kid = "b"; }, "unknownKey"},
        {[](Claims& c) { c.iss = "https://cloud.example"; }, "tenant"},
        {[](Claims& c) { c.iss = "https://cloud.example", c.tenant = "x"; }, "tenant"},
    };
    for (const auto& [change, reason] : table) {
        Claims claims;
        change(claims);
        EXPECT_EQ(admit(claims), reason);
    }
    EXPECT_EQ(admit(Credentials{}), "noToken");
    EXPECT_EQ(forge(Claims{}, "192.0.2.1"), "signature");
    const std::string twice = bearer(Claims{}, key_);
    EXPECT_EQ(admit(Credentials{twice, true, "", ""}), "malformedToken");
    EXPECT_EQ(memory_.size(), 0U);
    EXPECT_EQ(admit(Claims{}), "ehr/");
}

TEST_F(AuthenticatorTest, OnlyWhatPassedTheCheapStepsAsksForKeys) {
    Claims wrong;
    wrong.aud = "https://elsewhere.example";
    EXPECT_EQ(admit(wrong), "audience");
    EXPECT_EQ(server_.fetches, 0);
}

TEST_F(AuthenticatorTest, TheTenantChoosesAmongClientsOfOneIssuer) {
    Claims claims;
    claims.iss = "https://cloud.example";
    for (const auto& [tenant, who] :
         std::vector<std::pair<std::string, std::string>>{{"n1", "north/n1"}, {"n2", "north/n2"}, {"s", "south/s"}}) {
        claims.tenant = tenant;
        claims.jti = tenant;
        EXPECT_EQ(admit(claims), who);
    }
}

TEST_F(AuthenticatorTest, MutualTlsAsksForTheClientsOwnCertificate) {
    Claims claims;
    claims.iss = "https://mutual.example";
    const std::string authorization = bearer(claims, key_);
    for (const std::string& certificate : {std::string(), std::string(64, 'd'), std::string(64, 'C')}) {
        EXPECT_EQ(admit(Credentials{authorization, false, certificate, ""}), "certificate");
    }
    EXPECT_EQ(admit(Credentials{authorization, false, k_certificate, ""}), "mutual/");
}

TEST_F(AuthenticatorTest, AFloodOfBadSignaturesStopsItsSourceAlone) {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(forge(Claims{}, "203.0.113.9"), "signature");
    EXPECT_EQ(forge(Claims{}, "203.0.113.9"), "tooManyFailures");
    EXPECT_EQ(admit(Claims{}, "203.0.113.9"), "tooManyFailures");
    EXPECT_EQ(admit(Claims{}, "192.0.2.1"), "ehr/");
    Claims other_client;
    other_client.iss = "https://mutual.example";
    EXPECT_EQ(admit(other_client, "203.0.113.9"), "mutual/");
    clock_.pass(10s);
    Claims later;
    later.jti = "2";
    EXPECT_EQ(admit(later, "203.0.113.9"), "ehr/");
}

TEST_F(AuthenticatorTest, OtherRefusalsAndGoodTokensAreNoFlood) {
    Claims wrong;
    wrong.kid = "b";
    for (int i = 0; i < 30; ++i) EXPECT_EQ(admit(wrong), "unknownKey");
    Claims good;
    for (int i = 0; i < 30; ++i) {
        good.jti = std::to_string(i);
        EXPECT_EQ(admit(good), "ehr/");
    }
}

TEST_F(AuthenticatorTest, KeysAreFetchedBeforehandAndTheirStateIsKnown) {
    EXPECT_EQ(authenticator_.key_states(), std::vector<KeyState>(clients_.size(), KeyState::unavailable));
    authenticator_.refresh_keys();
    EXPECT_EQ(authenticator_.key_states(), std::vector<KeyState>(clients_.size(), KeyState::fresh));
    EXPECT_EQ(server_.fetches, static_cast<int>(clients_.size()));
    EXPECT_EQ(admit(Claims{}), "ehr/");
    EXPECT_EQ(server_.fetches, static_cast<int>(clients_.size()));
}

TEST_F(AuthenticatorTest, WithoutKeysNobodyIsAdmitted) {
    server_.fails();
    EXPECT_EQ(admit(Claims{}), "keysUnavailable");
}

TEST_F(AuthenticatorTest, KeyFilesAreReadAtAReload) {
    auto trust = client("file", "https://ehr.example");
    trust.jwks_url.clear();
    trust.jwks_file = "ehr.jwks.json";
    Authenticator authenticator({trust}, server_, replay_, clock_, *log_);
    EXPECT_FALSE(authenticator.reload_key_files());
    EXPECT_EQ(authenticator.key_states().front(), KeyState::fresh);
    server_.fails();
    const auto unread = authenticator.reload_key_files();
    ASSERT_TRUE(unread);
    EXPECT_EQ(unread->client, "file");
    EXPECT_EQ(unread->error.message, "timeout");
    EXPECT_EQ(authenticator.key_states().front(), KeyState::fresh);
}

TEST_F(AuthenticatorTest, TheTestsClientsAreRightlyRegistered) { EXPECT_TRUE(check_clients(clients_)); }

TEST(CheckClients, NamesWhatIsWrong) {
    const std::vector<std::pair<std::function<void(std::vector<ClientTrust>&)>, std::string>> table = {
        {[](auto& c) { c[1].id = ""; }, "/clients/1/id"},
        {[](auto& c) { c[1].id = "a"; }, "/clients/1/id"},
        {[](auto& c) { c[0].issuer = ""; }, "/clients/0/issuer"},
        {[](auto& c) { c[0].jwks_url = ""; }, "/clients/0/jwks_url"},
        {[](auto& c) { c[0].jwks_file = "keys.json"; }, "/clients/0/jwks_url"},
        {[](auto& c) { c[0].stale_if_error = -1s; }, "/clients/0/stale_if_error"},
        {[](auto& c) { c[0].policy.algorithms.clear(); }, "/clients/0/algorithms"},
        {[](auto& c) { c[0].policy.lifetime = 0s; }, "/clients/0/lifetime"},
        {[](auto& c) { c[0].policy.lifetime = 3601s; }, "/clients/0/lifetime"},
        {[](auto& c) { c[0].certificates = {std::string(64, 'A')}; }, "/clients/0/certificates"},
        {[](auto& c) { c[0].certificates = {std::string(63, 'a')}; }, "/clients/0/certificates"},
        {[](auto& c) { c[1].issuer = c[0].issuer; }, "/clients/1/issuer"},
        {[](auto& c) { c[1].issuer = c[0].issuer, c[1].policy.tenants = {"t"}; }, "/clients/1/issuer"},
        {[](auto& c) { c[1].issuer = c[0].issuer, c[0].policy.tenants = {"t"}; }, "/clients/1/issuer"},
        {[](auto& c) {
             c[1].issuer = c[0].issuer;
             c[0].policy.tenants = {"t", "u"};
             c[1].policy.tenants = {"v", "u"};
         },
         "/clients/1/issuer"},
    };
    for (const auto& [change, where] : table) {
        std::vector<ClientTrust> clients = {client("a", "https://a.example"), client("b", "https://b.example")};
        ASSERT_TRUE(check_clients(clients));
        change(clients);
        const auto status = check_clients(clients);
        ASSERT_FALSE(status) << where;
        EXPECT_EQ(status.error().where, where);
    }
}

}  // namespace
}  // namespace proctor::auth
