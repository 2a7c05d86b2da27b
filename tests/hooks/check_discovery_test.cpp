#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "hooks/check_answer.h"

namespace proctor::hooks::check_discovery_test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> printed(const std::vector<Error>& findings) {
    std::vector<std::string> lines;
    for (const auto& finding : findings) lines.push_back(describe(finding));
    return lines;
}

// A service with these members beside, or instead of, the usual ones.
std::string document(const std::string& members, const std::string& usual = R"("hook": "patient-view", "id": "a",
        "description": "D", "title": "T", "version": "3.0.0")") {
    return R"({"services": [{)" + usual + (usual.empty() || members.empty() ? "" : ",") + members + "}]}";
}
std::string with_template(const std::string& query) { return document(R"("prefetch": {"a": ")" + query + R"("})"); }

std::vector<std::string> faults(const std::string& body) { return printed(check_discovery(body).faults); }
std::vector<std::string> notes(const std::string& body) { return printed(check_discovery(body).notes); }

TEST(CheckDiscovery, FullDocumentsAndEmptyOnesAreFine) {
    const auto full = document(R"("hookVersion": "1.0", "usageRequirements": "U", "extension": {"com.example.x": 1},
        "prefetch": {"patient": "Patient/{{context.patientId}}", "user": "Practitioner/{{ userPractitionerId }}",
                     "labs": "Observation?patient={{context.patientId}}&code:in=https://a.example/v&date=ge2020&_sort=-date"})");
    for (const auto& body : {full, std::string(R"({"services": []})")}) {
        EXPECT_THAT(faults(body), IsEmpty());
        EXPECT_THAT(notes(body), IsEmpty());
    }
}

TEST(CheckDiscovery, OurOwnIsFine) {
    std::ifstream in(PROCTOR_SOURCE_DIR "/tests/golden/discovery.json");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    EXPECT_THAT(faults(text), IsEmpty());
    EXPECT_THAT(notes(text), IsEmpty());
}

TEST(CheckDiscovery, AServiceHasWhatTheSpecificationAsksFor) {
    const std::pair<std::string, std::string> table[] = {
        {"{}", "services is REQUIRED"},
        {R"({"services": 5})", "/services: services SHALL be a list"},
        {R"({"services": ["x"]})", "/services/0: SHALL be an object"},
        {document(R"("id": "a", "description": "D")", ""), "/services/0: hook is REQUIRED"},
        {document(R"("hook": "patient-view", "description": "D")", ""), "/services/0: id is REQUIRED"},
        {document(R"("hook": "patient-view", "id": "a")", ""), "/services/0: description is REQUIRED"},
        {document(R"("hookVersion": "2.0")"),
         "/services/0/hookVersion: hookVersion SHALL be that of the published hook, 1.0"},
        {document(R"("usageRequirements": true)"), "/services/0/usageRequirements: usageRequirements SHALL be a text"},
        {document(R"("prefetch": "Patient")"), "/services/0/prefetch: prefetch SHALL be an object"},
        {document(R"("prefetch": {"a": 5})"), "/services/0/prefetch/a: a prefetch template SHALL be a text"},
        {document(R"("prefetch": {})"),
         "/services/0/prefetch: null, \"\", [] and {} SHALL NOT be sent: a field without a value is left out"},
        {document(R"("extension": 5)"), "/services/0/extension: extension SHALL be an object"},
    };
    for (const auto& [body, expected] : table) EXPECT_THAT(faults(body), ElementsAre(expected));
}

TEST(CheckDiscovery, OneIdMayServeSeveralHooksButNotOneHookTwice) {
    const std::string a = R"({"id": "a", "description": "D", "hook": )";
    EXPECT_THAT(faults(R"({"services": [)" + a + R"("patient-view"},)" + a + R"("order-sign"}]})"), IsEmpty());
    EXPECT_THAT(faults(R"({"services": [)" + a + R"("x"},)" + a + R"("x"}]})"),
                ElementsAre("/services/1: several versions of one hook SHALL live at separate endpoints"));
}

TEST(CheckDiscovery, ATemplateHasTokensAndTypesOfTheSpecification) {
    const std::string braces = "/services/0/prefetch/a: tokens SHALL be delimited by {{ and }}";
    const std::string token =
        "/services/0/prefetch/a: a token SHALL be context.FIELD, userPractitionerId, userPractitionerRoleId, "
        "userPatientId or userRelatedPersonId";
    const std::pair<const char*, std::string> table[] = {
        {"Patient/{context.patientId}", braces},
        {"Patient/{{context.patientId", braces},
        {"Patient/{{context.patientId}}}", braces},
        {"Patient/{{patientId}}", token},
        {"Patient/{{context.}}", token},
        {"Patient/{{}}", token},
        {"Patient/{{userId}}", token},
        {"Task?x={{context.draftOrders.entry.resource.ofType(task).id}}",
         "/services/0/prefetch/a: the argument of ofType() SHALL be a FHIR resource type"},
        {"Practitioner/{{%b.id}}",
         "/services/0/prefetch/a: a prefetch that depends on another SHALL be listed after it"},
    };
    for (const auto& [query, expected] : table)
        EXPECT_THAT(faults(with_template(query)), ElementsAre(expected)) << query;
}

TEST(CheckDiscovery, APrefetchMayDependOnAnEarlierOneAlone) {
    EXPECT_THAT(faults(document(R"("prefetch": {"b": "Patient/1", "a": "Practitioner/{{%b.id}}"})")), IsEmpty());
    EXPECT_THAT(faults(document(R"("prefetch": {"a": "Practitioner/{{%a.id}}"})")).size(), 1U);
}

TEST(CheckDiscovery, SaysAlsoWhatFewClientsResolve) {
    const std::string path =
        "/services/0/prefetch/a: clients of CDS Hooks 2.0 resolve no token but {{context.FIELD}} of a primitive field";
    const std::string subset = "/services/0/prefetch/a: queries SHOULD stay in the subset that every FHIR server knows";
    const std::pair<const char*, std::string> table[] = {
        {"Task?x={{context.draftOrders.entry.resource.ofType(Task).id}}", path},
        {"Task?date=ge{{today() - 90 days}}", path},
        {"Task?_include=Task:owner", subset},
        {"Task?_has:Observation:patient:code=1", subset},
        {"Task?owner.name=x", subset},
        {"Task?code:not=x", subset},
        {"Task?a=1&date=sa{{context.x}}", subset},
    };
    for (const auto& [query, expected] : table)
        EXPECT_THAT(notes(with_template(query)), ElementsAre(expected)) << query;
    EXPECT_THAT(notes(document(R"("hook": "x", "id": "a", "description": "D")", "")),
                ElementsAre("/services/0: title SHOULD be given",
                            "/services/0: version SHOULD be given: that of the specification, such as 3.0.0"));
    EXPECT_THAT(notes(document(R"("hook": "x", "id": "a", "description": "D", "title": "T", "version": "3")", "")),
                ElementsAre("/services/0/version: version SHOULD be a semantic version, such as 3.0.0"));
}

}  // namespace
}  // namespace proctor::hooks::check_discovery_test
