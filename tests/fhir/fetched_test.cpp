// Searches that the service made itself, read as if they had been prefetched; and what tells that a search is not
// whole.
#include <gtest/gtest.h>

#include "fhir/reading.h"

namespace proctor::fhir {
namespace {

using namespace reading;

const std::string k_condition =
    R"({"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},"code":{"text":"bleeding"}})";
const std::string k_second =
    R"({"resourceType":"Condition","id":"c2","subject":{"reference":"Patient/p1"},"code":{"text":"pain"}})";
const std::string k_somebody_else =
    R"({"resourceType":"Condition","id":"c9","subject":{"reference":"Patient/p2"},"code":{"text":"bleeding"}})";

std::string outcome(const std::string& severity) {
    return R"({"resourceType":"OperationOutcome","issue":[{"severity":")" + severity + R"(","code":"processing"}]})";
}

std::string page(const std::string& resources, const std::string& next) {
    return R"({"resourceType":"Bundle","link":[{"relation":"self","url":"https://a/1"},{"url":")" + next +
           R"(","relation":"next"}],"entry":[)" + resources + "]}";
}

FetchedSearch conditions(const std::vector<std::string>& pages, bool whole) {
    FetchedSearch search{"conditions", Source::condition, {}, whole};
    for (const auto& text : pages) search.pages.emplace_back(text);
    return search;
}

HookDocument read_with(const std::string& prefetch, const std::vector<FetchedSearch>& fetched) {
    auto document = read_hook_request(PaddedJson(request(prefetch)), keys(), {codes(), Zone{}}, fetched);
    EXPECT_TRUE(document) << describe(document.error());
    return document ? std::move(document).value() : HookDocument{};
}

TEST(Fetched, SuppliesWhatPrefetchDidNot) {
    const auto document = read_with("", {conditions({searchset(entry(k_condition))}, true)});
    EXPECT_EQ(document.record[Source::condition], Supply::complete);
    ASSERT_EQ(document.record.conditions.size(), 1U);
    EXPECT_EQ(document.record.conditions[0].code.text, "bleeding");
    EXPECT_EQ(document.record[Source::procedure], Supply::absent);
}

TEST(Fetched, SupplyOfWhatCame) {
    const std::string last = searchset(entry(k_second));
    const std::string first = page(entry(k_condition), "https://a/2");
    struct Row {
        const char* name;
        std::string prefetch;
        FetchedSearch fetched;
        Supply supply;
        std::size_t conditions;
    };
    const std::vector<Row> table = {
        {"nothing came", "", conditions({}, false), Supply::failed, 0},
        {"both pages", "", conditions({first, last}, true), Supply::complete, 2},
        {"the second page did not come", "", conditions({first}, false), Supply::partial, 1},
        {"the page behind a prefetched one", "\"conditions\":" + first, conditions({last}, true), Supply::complete, 2},
        {"that page did not come", "\"conditions\":" + first, conditions({}, false), Supply::partial, 1},
        {"in place of a failed prefetch", "\"conditions\":" + outcome("error"), conditions({last}, true),
         Supply::complete, 1},
        {"no Bundle", "", conditions({outcome("error")}, true), Supply::failed, 0},
        {"no JSON", "", conditions({"{\"resourceType\":\"Bundle\",]"}, true), Supply::failed, 0},
        {"a page cut short", "", conditions({first, last.substr(0, last.size() - 3)}, true), Supply::partial, 2},
        {"an error within the Bundle", "", conditions({searchset(entry(outcome("error")))}, true), Supply::partial, 0},
        {"a warning that data are missing", "",
         conditions(
             {searchset(
                 entry(R"({"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":"incomplete"}]})"))},
             true),
         Supply::partial, 0},
        {"a warning within the Bundle", "", conditions({searchset(entry(outcome("warning")))}, true), Supply::complete,
         0},
        {"somebody else's resources", "", conditions({searchset(entry(k_somebody_else))}, true), Supply::partial, 0},
        {"the same resource on two pages", "", conditions({first, searchset(entry(k_condition))}, true),
         Supply::complete, 1},
    };
    for (const auto& row : table) {
        const auto document = read_with(row.prefetch, {row.fetched});
        EXPECT_EQ(document.record[Source::condition], row.supply) << row.name;
        EXPECT_EQ(document.record.conditions.size(), row.conditions) << row.name;
    }
}

TEST(Fetched, APageThatSpoilsTheWalkLeavesTheNextSearchReadable) {
    FetchedSearch procedures{"procedures", Source::procedure, {}, true};
    procedures.pages.emplace_back(std::string("{"));
    const auto document = read_with("", {procedures, conditions({searchset(entry(k_condition))}, true)});
    EXPECT_EQ(document.record[Source::condition], Supply::complete);
    EXPECT_EQ(document.record.conditions.size(), 1U);
    EXPECT_NE(document.record[Source::procedure], Supply::complete);
}

TEST(Fetched, APatientOfAnotherIdIsNoPatient) {
    const auto with = [](const std::string& id) {
        FetchedSearch search{"patient", Source::patient, {}, true};
        search.pages.emplace_back(R"({"resourceType":"Patient","id":")" + id + R"(","birthDate":"1980-01-01"})");
        return read_with("", {search});
    };
    EXPECT_EQ(with("p1").record[Source::patient], Supply::complete);
    EXPECT_TRUE(with("p1").record.patient.birth);
    EXPECT_EQ(with("p2").record[Source::patient], Supply::failed);
    EXPECT_FALSE(with("p2").record.patient.birth);
}

TEST(Fetched, APatientThatCannotBeReadIsNoPatient) {
    for (const std::string& page :
         {outcome("error"), std::string("{\"resourceType\":\"Pat"), std::string("{}"), searchset(""), k_condition}) {
        FetchedSearch search{"patient", Source::patient, {}, true};
        search.pages.emplace_back(page);
        const auto supply = read_with("", {search}).record[Source::patient];
        EXPECT_TRUE(supply == Supply::failed || supply == Supply::absent) << page;
    }
}

TEST(Fetched, StandsInTheOrderOfTheSourcesHoweverItCame) {
    const std::string observation =
        R"({"resourceType":"Observation","id":"o","status":"final","subject":{"reference":"Patient/p1"}})";
    const std::string laboratory = "\"laboratory\":" + searchset(entry(observation));
    const auto whole = read_with("\"conditions\":" + searchset(entry(k_condition)) + "," + laboratory, {});
    const auto turned = read_with(laboratory + ",\"conditions\":" + searchset(entry(k_condition)), {});
    const auto fetched = read_with(laboratory, {conditions({searchset(entry(k_condition))}, true)});
    for (const auto* document : {&whole, &turned, &fetched}) {
        const auto& record = document->record;
        ASSERT_EQ(record.resources.size(), 2U);
        EXPECT_EQ(record.resources[0].id, "c1");
        EXPECT_EQ(record.resources[1].id, "o");
        EXPECT_EQ(record.conditions[0].resource, 0U);
        EXPECT_EQ(record.observations[0].resource, 1U);
    }
}

TEST(Prefetch, APatientThatWasNotFoundIsNoPatient) {
    EXPECT_EQ(record_of("\"patient\":null")[Source::patient], Supply::absent);
}

TEST(Fetched, UnderAKeyThatNobodyDeclaredCounts) {
    FetchedSearch search{"ours", Source::survey, {}, true};
    search.pages.emplace_back(searchset(""));
    EXPECT_EQ(read_with("", {search}).record[Source::survey], Supply::complete);
}

TEST(Searches, SayHowEachKeyCameAndWhereItGoesOn) {
    const auto document = read_with("\"conditions\":" + page(entry(k_condition), "https://a/2") +
                                        ",\"laboratory\":null,\"vitals\":" + outcome("error"),
                                    {});
    ASSERT_EQ(document.searches.size(), keys().size());
    for (const auto& search : document.searches) {
        const bool conditions_key = search.key == "conditions";
        EXPECT_EQ(search.next, conditions_key ? "https://a/2" : "") << search.key;
        const auto expected = conditions_key               ? Supply::partial
                              : search.key == "laboratory" ? Supply::complete
                              : search.key == "vitals"     ? Supply::failed
                                                           : Supply::absent;
        EXPECT_EQ(search.supply, expected) << search.key;
    }
}

TEST(NextLink, IsThatOfABundleAlone) {
    const auto next = [](const std::string& text) { return read_next_link(PaddedJson(text)); };
    EXPECT_EQ(next(page("", "https://a/2?x=1")).value(), "https://a/2?x=1");
    EXPECT_EQ(next(searchset("")).value(), "");
    EXPECT_EQ(next(R"({"resourceType":"Bundle","link":[{"relation":"next"}]})").value(), " ");
    EXPECT_FALSE(next(outcome("error")));
    EXPECT_FALSE(next("[]"));
    EXPECT_FALSE(next(R"({"resourceType":"Bundle","entry":[1,]})"));
}

TEST(Prefetch, AnErrorInABundleLeavesItIncomplete) {
    for (const auto& resource : {outcome("fatal"), outcome("error")}) {
        EXPECT_EQ(record_of("\"conditions\":" + searchset(entry(resource)))[Source::condition], Supply::partial);
    }
}

// HL7 FHIR R4 IssueType: what the caller may not see, and what the server could not read, is missing as well.
TEST(Prefetch, AWarningOfWhatIsWithheldLeavesItIncomplete) {
    const auto supply = [](const std::string& code) {
        const std::string warning =
            R"({"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":")" + code + R"("}]})";
        return record_of("\"conditions\":" + searchset(entry(k_condition) + "," + entry(warning)))[Source::condition];
    };
    for (const char* code : {"incomplete", "suppressed", "timeout", "throttled", "too-costly", "transient", "forbidden",
                             "security", "login", "expired", "exception", "no-store", "lock-error"})
        EXPECT_EQ(supply(code), Supply::partial) << code;
    for (const char* code : {"informational", "processing", "not-supported", "business-rule", "code-invalid"})
        EXPECT_EQ(supply(code), Supply::complete) << code;
}

TEST(Prefetch, TheIssuesOfAnR5BundleAreHeard) {
    const auto supply = [](const std::string& severity) {
        const std::string bundle = R"({"resourceType":"Bundle","issues":)" + outcome(severity) + "}";
        return record_of("\"conditions\":" + bundle)[Source::condition];
    };
    EXPECT_EQ(supply("error"), Supply::partial);
    EXPECT_EQ(supply("information"), Supply::complete);
}

// R4 Bundle.total: the matches, without what was included. An outcome counts as some servers count it.
TEST(Prefetch, FewerMatchesThanTheTotalLeaveItIncomplete) {
    const auto supply = [](const std::string& total, const std::string& entries) {
        return record_of(R"("conditions":{"resourceType":"Bundle","type":"searchset","total":)" + total +
                         R"(,"entry":[)" + entries + "]}")[Source::condition];
    };
    const auto found = [](const std::string& mode) {
        return R"({"search":{"mode":")" + mode + R"("},"resource":)" + k_condition + "}";
    };
    EXPECT_EQ(supply("2", found("match")), Supply::partial);
    EXPECT_EQ(supply("1", ""), Supply::partial);
    EXPECT_EQ(supply("2", found("match") + "," + found("include")), Supply::partial);
    EXPECT_EQ(supply("2", found("match") + "," + found("outcome")), Supply::complete);
    EXPECT_EQ(supply("2", entry(k_condition) + "," + entry(k_second)), Supply::complete);
    for (const char* total : {"1", "0", "null", "\"2\"", "-1", "1.5", "1e9"})
        EXPECT_EQ(supply(total, found("match")), Supply::complete) << total;
}

TEST(Fetched, TheTotalOfAPageIsThatOfAllPages) {
    const std::string last =
        R"({"resourceType":"Bundle","type":"searchset","total":2,"entry":[)" + entry(k_second) + "]}";
    const auto document = read_with("", {conditions({page(entry(k_condition), "https://a/2"), last}, true)});
    EXPECT_EQ(document.record[Source::condition], Supply::complete);
}

}  // namespace
}  // namespace proctor::fhir
