// What is known of each EHR: its services in discovery, and the one form of a card that all of them take. Client key
// maps.
#include "hooks/ehr_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "hooks/discovery.h"

namespace proctor::hooks::ehr_profile_test {
namespace {

using fhir::Source;
using fhir::Version;
using ordered = nlohmann::ordered_json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

ordered services(const Settings& settings) {
    static const rules::Content content;
    return ordered::parse(write_discovery(content, settings))["services"];
}

std::vector<std::string> hooks_of(Ehr ehr) {
    Settings settings;
    settings.ehr = ehr;
    std::vector<std::string> hooks;
    for (const auto& service : services(settings)) hooks.push_back(service["hook"]);
    return hooks;
}

TEST(EhrProfile, EveryEhrHasItsOwnRowAndName) {
    for (const EhrProfile& profile : ehr_profiles()) {
        EXPECT_EQ(&profile_of(profile.ehr), &profile);
        EXPECT_EQ(ehr_named(profile.name), profile.ehr);
    }
    EXPECT_EQ(ehr_profiles().size(), 3U);
    for (const char* name : {"", "Epic", "cerner", "plain "}) EXPECT_FALSE(ehr_named(name)) << name;
}

TEST(EhrProfile, DiscoveryNamesTheHooksThatTheEhrFires) {
    EXPECT_THAT(hooks_of(Ehr::epic), ElementsAre("patient-view", "order-select", "order-sign"));
    EXPECT_THAT(hooks_of(Ehr::oracle), ElementsAre("patient-view"));
    EXPECT_EQ(hooks_of(Ehr::plain).size(), 6U);
}

TEST(EhrProfile, DiscoverySaysWhatRegistrationNeeds) {
    for (const EhrProfile& profile : ehr_profiles()) {
        Settings settings;
        settings.ehr = profile.ehr;
        const auto usage = services(settings)[0]["usageRequirements"].get<std::string>();
        EXPECT_THAT(usage, HasSubstr(std::string(profile.registration)));
        EXPECT_EQ(usage.back(), '.');
    }
}

using Names = std::vector<std::pair<std::string, std::string>>;

TEST(ClientKeys, AreReadInTheirOrder) {
    const auto keys =
        read_keys({{"PAT", "patient"}, {"dx-1", "condition"}, {"dx_2", "condition"}, {"l.1", "laboratory"}});
    ASSERT_TRUE(keys);
    EXPECT_EQ(*keys, (fhir::PrefetchKeys{{"PAT", Source::patient},
                                         {"dx-1", Source::condition},
                                         {"dx_2", Source::condition},
                                         {"l.1", Source::laboratory}}));
    EXPECT_TRUE(read_keys({})->empty());
}

TEST(ClientKeys, EverySourceHasAName) {
    const Names names = {{"a", "patient"},
                         {"b", "condition"},
                         {"c", "laboratory"},
                         {"d", "vital-signs"},
                         {"e", "survey"},
                         {"f", "exam"},
                         {"g", "procedure"},
                         {"h", "service-request"},
                         {"i", "encounter"},
                         {"j", "medication-request"},
                         {"k", "medication-statement"},
                         {"l", "medication-administration"}};
    const auto keys = read_keys(names);
    ASSERT_TRUE(keys);
    for (std::size_t i = 0; i < fhir::k_sources; ++i) EXPECT_EQ((*keys)[i].second, static_cast<Source>(i));
}

TEST(ClientKeys, WhatIsWrongIsNamedWithItsPlace) {
    struct Row {
        Names names;
        const char *message, *where;
    };
    const Row table[] = {
        {{{"LABS", "labs"}}, "no search is called \"labs\"", "/LABS"},
        {{{"LABS", "Laboratory"}}, "did you mean \"laboratory\"", "/LABS"},
        {{{"LABS", ""}}, "no search is called", "/LABS"},
        {{{"a", "patient"}, {"a", "condition"}}, "the key stands twice", "/a"},
        {{{"", "patient"}}, "a key is 1 to 64", "/"},
        {{{"two words", "patient"}}, "a key is 1 to 64", "/two words"},
        {{{"a/b", "patient"}}, "a key is 1 to 64", "/a~1b"},
        {{{"{{x}}", "patient"}}, "a key is 1 to 64", "/{{x}}"},
        {{{std::string(65, 'k'), "patient"}}, "a key is 1 to 64", "/k"},
    };
    for (const auto& row : table) {
        const auto keys = read_keys(row.names);
        ASSERT_FALSE(keys) << row.where;
        EXPECT_THAT(keys.error().message, HasSubstr(row.message));
        EXPECT_THAT(keys.error().where, HasSubstr(row.where));
    }
    EXPECT_TRUE(read_keys({{std::string(64, 'k'), "patient"}}));
}

// Every key of a version under a name of the client's.
fhir::PrefetchKeys renamed(Version version) {
    fhir::PrefetchKeys keys = default_keys(version);
    for (auto& [name, source] : keys) name.insert(0, "X.");
    return keys;
}

TEST(ClientKeys, AskInDiscoveryWhatTheirSourceAsksInEveryVersion) {
    for (const Version version : {Version::dstu2, Version::stu3, Version::r4, Version::r5}) {
        Settings plain, own;
        plain.fhirVersion = own.fhirVersion = version;
        own.keys = renamed(version);
        const auto expected = services(plain)[0]["prefetch"], found = services(own)[0]["prefetch"];
        EXPECT_EQ(found.size(), expected.size());
        for (const auto& [name, query] : expected.items()) EXPECT_EQ(found["X." + name], query) << name;
    }
}

TEST(ClientKeys, BeyondTheSearchesOfASourceRepeatTheLast) {
    Settings settings;
    settings.fhirVersion = Version::stu3;
    settings.keys = {{"o1", Source::service_request}, {"o2", Source::service_request}, {"o3", Source::service_request}};
    const auto prefetch = services(settings)[0]["prefetch"];
    EXPECT_THAT(prefetch["o1"].get<std::string>(), HasSubstr("ProcedureRequest?"));
    EXPECT_THAT(prefetch["o2"].get<std::string>(), HasSubstr("ReferralRequest?"));
    EXPECT_EQ(prefetch["o3"], prefetch["o2"]);
}

}  // namespace
}  // namespace proctor::hooks::ehr_profile_test
