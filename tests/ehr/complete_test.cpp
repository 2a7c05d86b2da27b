// Which searches are asked of a FHIR server, page by page, and what becomes of what came.
#include "ehr/complete.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/limits.h"
#include "hooks/settings.h"

namespace proctor::ehr {
namespace {

using outbound::Failure;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* k_base = "https://ehr.example/fhir";
const std::string k_empty = R"({"resourceType":"Bundle","type":"searchset"})";

// Answers by address; what it does not know is missing there.
class FakeServer final : public outbound::Outbound {
public:
    std::vector<outbound::Fetched> get(const std::vector<outbound::Get>& requests, SteadyTime) override {
        ++rounds;
        std::vector<outbound::Fetched> replies;
        for (const auto& request : requests) {
            asked.push_back(request.url);
            tokens.push_back(request.bearer);
            traceparents.push_back(request.traceparent);
            clients.push_back(request.client);
            const auto known = answers.find(request.url);
            replies.push_back(known != answers.end() ? known->second : fallback);
        }
        return replies;
    }
    void answer(const std::string& url, std::string body) { answers[url] = outbound::Reply{std::move(body), {}}; }

    std::map<std::string, outbound::Fetched> answers;
    outbound::Fetched fallback = outbound::Reply{k_empty, {}};
    std::vector<std::string> asked, tokens, traceparents, clients;
    int rounds = 0;
};

class CompleteTest : public testing::Test {
protected:
    CompleteTest() { codes_.build(); }

    fhir::HookDocument read(const std::string& prefetch, const std::vector<fhir::FetchedSearch>& fetched = {}) {
        const std::string request = R"({"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",)"
                                    R"("context":{"userId":"Practitioner/1","patientId":"p.1"},"prefetch":{)" +
                                    prefetch + "}}";
        auto document = fhir::read_hook_request(fhir::PaddedJson(request), hooks::prefetch_keys(settings_),
                                                {codes_, fhir::Zone()}, fetched);
        EXPECT_TRUE(document) << describe(document.error());
        return std::move(document).value();
    }

    Completion run(const std::string& prefetch) {
        return complete(read(prefetch), *hooks::find_service(hooks::k_service_id), settings_,
                        {k_base, "the-token", false, "the-trace", "the-client"}, server_, {});
    }

    static std::string url(const std::string& query) { return std::string(k_base) + '/' + query; }
    static std::string page(const std::string& next) {
        return R"({"resourceType":"Bundle","link":[{"relation":"next","url":")" + next + R"("}]})";
    }
    static const fhir::FetchedSearch* find(const Completion& completion, const std::string& key) {
        for (const auto& search : completion.searches) {
            if (search.key == key) return &search;
        }
        return nullptr;
    }

    fhir::CodeTable codes_;
    hooks::Settings settings_;
    FakeServer server_;
};

const std::string k_conditions = "Condition?patient=p.1&_sort=-recorded-date&_count=500";

TEST_F(CompleteTest, AsksForEverythingAtOnceWhenNothingWasPrefetched) {
    const auto completion = run("");
    EXPECT_EQ(server_.rounds, 1);
    EXPECT_EQ(server_.asked.size(), hooks::default_keys().size());
    EXPECT_THAT(server_.asked, Contains(url("Patient/p.1")));
    EXPECT_THAT(server_.asked, Contains(url(k_conditions)));
    EXPECT_THAT(server_.asked, Contains(url("Observation?patient=p.1&category=vital-signs&_sort=-date&_count=200")));
    EXPECT_THAT(server_.tokens, Each("the-token"));
    EXPECT_THAT(server_.traceparents, Each("the-trace"));
    EXPECT_THAT(server_.clients, Each("the-client"));
    EXPECT_EQ(completion.failures, 0U);
    for (const auto& search : completion.searches) EXPECT_TRUE(search.whole) << search.key;
}

TEST_F(CompleteTest, AsksForNothingThatCame) {
    std::string all;
    for (const auto& [key, source] : hooks::default_keys()) all += (all.empty() ? "\"" : ",\"") + key + "\":null";
    const auto completion = run(all);
    EXPECT_THAT(server_.asked, IsEmpty());
    EXPECT_THAT(completion.searches, IsEmpty());
}

TEST_F(CompleteTest, AsksAgainForWhatFailed) {
    run(R"("conditions":{"resourceType":"OperationOutcome"},"survey":null)");
    EXPECT_THAT(server_.asked, Contains(url(k_conditions)));
    EXPECT_THAT(server_.asked, Not(Contains(HasSubstr("survey"))));
}

TEST_F(CompleteTest, FollowsPagesOfPrefetchedAndOfFetchedSearches) {
    const std::string second = url("Condition?page=2"), third = url("Condition?page=3");
    server_.answer(second, page(third));
    const auto completion = run("\"conditions\":" + page(second));
    const auto* conditions = find(completion, "conditions");
    ASSERT_NE(conditions, nullptr);
    EXPECT_EQ(conditions->pages.size(), 2U);
    EXPECT_TRUE(conditions->whole);
    EXPECT_THAT(server_.asked, Not(Contains(url(k_conditions)))) << "it goes on and does not begin again";
    EXPECT_EQ(server_.rounds, 2);
}

TEST_F(CompleteTest, APageElsewhereIsNotFollowedAndLeavesTheSearchOpen) {
    for (const char* next : {"https://evil.example/fhir/Condition?page=2", "http://ehr.example/fhir/Condition?page=2",
                             "https://ehr.example/other/Condition", "https://ehr.example/fhir/../admin", " ",
                             "https://ehr.example:444/fhir/Condition", "https://ehr.example@evil.example/fhir/x"}) {
        server_ = FakeServer();
        server_.answer(url(k_conditions), page(next));
        const auto completion = run("");
        const auto* conditions = find(completion, "conditions");
        ASSERT_NE(conditions, nullptr) << next;
        EXPECT_FALSE(conditions->whole) << next;
        EXPECT_EQ(server_.rounds, 1) << next;
        EXPECT_EQ(read("", completion.searches).record[fhir::Source::condition], fhir::Supply::partial) << next;
    }
}

TEST_F(CompleteTest, PagesThatNeverEndAreLeftAtTheLimit) {
    server_.answer(url(k_conditions), page(url("Condition?again")));
    server_.answer(url("Condition?again"), page(url("Condition?again")));
    const auto completion = run("");
    const auto* conditions = find(completion, "conditions");
    ASSERT_NE(conditions, nullptr);
    EXPECT_EQ(conditions->pages.size(), limits::k_pages);
    EXPECT_FALSE(conditions->whole);
}

TEST_F(CompleteTest, BytesBeyondTheLimitEndTheWalk) {
    const std::string filler(limits::k_fetched_bytes / 4, ' ');
    server_.answer(url(k_conditions), page(url("Condition?again")) + filler);
    server_.answer(url("Condition?again"), page(url("Condition?again")) + filler);
    const auto completion = run("");
    EXPECT_LE(find(completion, "conditions")->pages.size(), 4U);
    EXPECT_FALSE(find(completion, "conditions")->whole);
}

TEST_F(CompleteTest, WhatDoesNotComeIsFailedAndNeverComplete) {
    server_.fallback = Failure::timeout;
    server_.answer(url("Patient/p.1"), R"({"resourceType":"Patient","id":"p.1"})");
    server_.answer(url(k_conditions), "{\"resourceType\":");
    const auto completion = run("");
    EXPECT_EQ(completion.failures, completion.requests - 2);
    EXPECT_EQ(completion.failure, Failure::timeout);
    const auto record = read("", completion.searches).record;
    EXPECT_EQ(record[fhir::Source::patient], fhir::Supply::complete);
    EXPECT_NE(record[fhir::Source::condition], fhir::Supply::complete);
    EXPECT_EQ(record[fhir::Source::laboratory], fhir::Supply::failed);
}

TEST_F(CompleteTest, SpeaksTheVersionOfTheConfigurationOrOfTheChart) {
    settings_.fhirVersion = fhir::Version::dstu2;
    run("");
    EXPECT_THAT(server_.asked, Contains(HasSubstr("DiagnosticOrder?patient=p.1&_sort:desc=event-date")));
    settings_.fhirVersion.reset();
    server_ = FakeServer();
    run(R"("encounters":{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Encounter","id":"e",)"
        R"("status":"finished","subject":{"reference":"Patient/p.1"},"reason":[{"text":"x"}]}}]},)"
        R"("conditions":{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Condition","id":"c",)"
        R"("clinicalStatus":"active","subject":{"reference":"Patient/p.1"},"assertedDate":"2026-01-01"}}]})");
    EXPECT_THAT(server_.asked, Contains(HasSubstr("ReferralRequest?patient=p.1&_sort=-authored-on")));
}

TEST_F(CompleteTest, ServicesAskForWhatTheyNeed) {
    const auto* drugs = hooks::find_service("anorectal-drug-safety");
    ASSERT_NE(drugs, nullptr);
    (void)complete(read(""), *drugs, settings_, {k_base, "t", false}, server_, {});
    EXPECT_THAT(server_.asked, Not(Contains(HasSubstr("MedicationStatement"))));
}

}  // namespace
}  // namespace proctor::ehr
