#include "app/fire_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace proctor::app {
namespace {

constexpr const char* k_least = R"("service": "https://cds.example/cds-services/a", "issuer": "https://ehr.example",
    "key_file": "key.pem", "kid": "k1")";

Result<FireConfig> parse(const std::string& members) { return parse_fire_config('{' + members + '}', "/etc/c.json"); }

TEST(FireConfig, NeedsServiceIssuerKeyAndKid) {
    const auto config = parse(k_least);
    ASSERT_TRUE(config) << describe(config.error());
    EXPECT_EQ(config.value().service, "https://cds.example/cds-services/a");
    EXPECT_EQ(config.value().audience, config.value().service);
    EXPECT_EQ(config.value().issuer, "https://ehr.example");
    EXPECT_EQ(config.value().key_file, "/etc/key.pem");
    EXPECT_EQ(config.value().ca_file, "");
    EXPECT_EQ(config.value().signer.kid, "k1");
    EXPECT_EQ(config.value().signer.algorithm, auth::Algorithm::es384);
    for (const char* name : {"service", "issuer", "key_file", "kid"}) {
        std::string members = k_least;
        members.replace(members.find(name), std::string(name).size(), "jku");
        EXPECT_THAT(describe(parse(members).error()), testing::EndsWith(std::string(name) + ": is missing"));
    }
}

TEST(FireConfig, TakesTheOtherMembersAndComments) {
    const auto config = parse(std::string(k_least) + R"(, "alg": "RS256", // ours
        "jku": "https://ehr.example/jwks", "tenant": "north", "audience": "https://cds.example/x/cds-services/a",
        "ca_file": "/ca.pem")");
    ASSERT_TRUE(config) << describe(config.error());
    EXPECT_EQ(config.value().signer.algorithm, auth::Algorithm::rs256);
    EXPECT_EQ(config.value().signer.jku, "https://ehr.example/jwks");
    EXPECT_EQ(config.value().tenant, "north");
    EXPECT_EQ(config.value().audience, "https://cds.example/x/cds-services/a");
    EXPECT_EQ(config.value().ca_file, "/ca.pem");
}

TEST(FireConfig, SaysWhatIsWrong) {
    const std::pair<std::string, std::string> table[] = {
        {R"("kidd": "k")", "/etc/c.json/kidd: unknown member, did you mean \"kid\"?"},
        {R"("alg": "HS256")", R"(/etc/c.json/alg: must be one of "ES384", "RS384", "ES256", "RS256")"},
        {R"("kid": 5)", "/etc/c.json/kid: must be a text"},
        {R"("service": "http://cds.example/cds-services/a")", "/etc/c.json/service: must be an https:// address"},
        {R"("service": "https://cds.example/cds-services")", "/etc/c.json/service: must be the service's address"},
        {R"("service": "https://cds.example/cds-services/a?b")", "/etc/c.json/service: must be the service's address"},
        {R"("audience": "https://cds.example")", "/etc/c.json/audience: must be the service's address"},
        {R"("kid": "a", "kid": "b")", "/etc/c.json/kid: the member stands twice"},
    };
    for (const auto& [members, expected] : table)
        EXPECT_THAT(describe(parse(members).error()), testing::StartsWith(expected));
    EXPECT_THAT(describe(parse_fire_config("[]", "c.json").error()), "c.json: must be a JSON object");
}

TEST(FireConfig, KnowsDiscoveryAndIdOfAService) {
    const std::string service = "https://cds.example/cds-services/x/cds-services/a";
    EXPECT_EQ(discovery_of(service), "https://cds.example/cds-services/x/cds-services");
    EXPECT_EQ(id_of(service), "a");
}

}  // namespace
}  // namespace proctor::app
