#include "hooks/check_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "base/limits.h"

namespace proctor::hooks::check_answer_test {
namespace {

using Json = nlohmann::ordered_json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// As full as an answer can be, without fault or note.
Json good_answer() {
    return Json::parse(R"({"cards": [{
        "uuid": "c1", "summary": "S", "indicator": "warning", "detail": "- a <https://a.example> < b",
        "source": {"label": "L", "url": "https://a.example/x", "icon": "https://a.example/i.png",
                   "topic": {"code": "t", "system": "https://a.example/topics"}},
        "suggestions": [
            {"label": "A", "uuid": "s1", "isRecommended": true, "actions": [
                {"type": "create", "description": "D", "resource": {"resourceType": "Task", "given": [null, "b"]}},
                {"type": "delete", "description": "D", "resourceId": "ServiceRequest/1"}]},
            {"label": "B", "uuid": "s2", "isRecommended": false}],
        "selectionBehavior": "at-most-one",
        "overrideReasons": [{"code": "r", "system": "https://a.example/reasons", "display": "R"}],
        "links": [{"label": "A", "url": "https://a.example", "type": "absolute"},
                  {"label": "B", "url": "https://a.example/launch", "type": "smart", "appContext": "{}",
                   "autolaunchable": true}],
        "extension": {"com.example.timestamp": "x"}}]})");
}

std::vector<std::string> printed(const std::vector<Error>& findings) {
    std::vector<std::string> lines;
    for (const auto& finding : findings) lines.push_back(describe(finding));
    return lines;
}
std::vector<std::string> faults(const Json& answer) { return printed(check_answer(answer.dump()).faults); }
std::vector<std::string> notes(const Json& answer) { return printed(check_answer(answer.dump()).notes); }

// One change to the good answer: a pointer and the JSON there; empty: without it.
struct Change {
    const char* pointer;
    const char* json;
};
Json changed(const std::vector<Change>& changes) {
    Json answer = good_answer();
    for (const auto& [pointer, json] : changes) {
        const Json::json_pointer at(pointer);
        if (*json != '\0') {
            answer[at] = Json::parse(json);
        } else {
            answer[at.parent_pointer()].erase(at.back());
        }
    }
    return answer;
}

struct Row {
    std::vector<Change> changes;
    std::string expected;
};

constexpr const char* k_empty = ": null, \"\", [] and {} SHALL NOT be sent: a field without a value is left out";

std::string text_of_length(std::size_t count) { return '"' + std::string(count, 'x') + '"'; }

TEST(CheckAnswer, AFullAnswerAndOneWithoutCardsAreFine) {
    EXPECT_THAT(faults(good_answer()), IsEmpty());
    EXPECT_THAT(notes(good_answer()), IsEmpty());
    EXPECT_THAT(faults(Json::parse(R"({"cards": []})")), IsEmpty());
    const std::string most = text_of_length(139);
    EXPECT_THAT(faults(changed({{"/cards/0/summary", most.c_str()}})), IsEmpty());
}

TEST(CheckAnswer, OurOwnAnswersAreFine) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(PROCTOR_SOURCE_DIR "/tests/golden/cards")) {
        std::ifstream in(entry.path());
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        const auto findings = check_answer(text);
        EXPECT_THAT(printed(findings.faults), IsEmpty()) << entry.path();
        EXPECT_THAT(printed(findings.notes), IsEmpty()) << entry.path();
        ++count;
    }
    EXPECT_GT(count, 0U);
}

TEST(CheckAnswer, WhatIsNoDocumentHasThatOneFault) {
    const std::pair<std::string, std::string> table[] = {
        {"", "SHALL be JSON"},
        {"{\"cards\": [],}", "SHALL be JSON"},
        {"{\"cards\": []} // all", "SHALL be JSON"},
        {R"({"cards": [], "cards": []})", "SHALL be JSON"},
        {std::string(100'000, '['), "SHALL be JSON"},
        {std::string(limits::k_body_bytes + 1, ' '), "is longer than"},
        {"[]", "SHALL be an object"},
        {"null", "SHALL be an object"},
    };
    for (const auto& [body, expected] : table) {
        EXPECT_THAT(printed(check_answer(body).faults), ElementsAre(::testing::HasSubstr(expected)))
            << body.substr(0, 40);
    }
}

void expect_rows(const std::vector<Row>& rows) {
    for (const auto& [changes, expected] : rows)
        EXPECT_THAT(faults(changed(changes)), ElementsAre(expected)) << expected;
}

TEST(CheckAnswer, ACardHasWhatTheSpecificationAsksFor) {
    const std::string long_summary = text_of_length(140);
    expect_rows({
        {{{"/cards", ""}}, "cards is REQUIRED"},
        {{{"/cards", R"({"a": 1})"}}, "/cards: cards SHALL be a list"},
        {{{"/cards/0", "5"}}, "/cards/0: SHALL be an object"},
        {{{"/cards/0/summary", ""}}, "/cards/0: summary is REQUIRED"},
        {{{"/cards/0/summary", "5"}}, "/cards/0/summary: summary SHALL be a text"},
        {{{"/cards/0/summary", long_summary.c_str()}}, "/cards/0/summary: summary SHALL be fewer than 140 characters"},
        {{{"/cards/0/detail", "[1]"}}, "/cards/0/detail: detail SHALL be a text"},
        {{{"/cards/0/uuid", "5"}}, "/cards/0/uuid: uuid SHALL be a text"},
        {{{"/cards/0/indicator", ""}}, "/cards/0: indicator is REQUIRED"},
        {{{"/cards/0/indicator", R"("hard-stop")"}},
         "/cards/0/indicator: indicator SHALL be one of info, warning, critical"},
        {{{"/cards/0/source", ""}}, "/cards/0: source is REQUIRED"},
        {{{"/cards/0/source/label", ""}}, "/cards/0/source: label is REQUIRED"},
        {{{"/cards/0/source/url", R"("/guideline")"}}, "/cards/0/source/url: url SHALL be an absolute URL"},
        {{{"/cards/0/source/icon", R"("i.png")"}}, "/cards/0/source/icon: icon SHALL be an absolute URL"},
        {{{"/cards/0/source/topic/code", ""}}, "/cards/0/source/topic: code is REQUIRED"},
        {{{"/cards/0/source/topic/system", ""}}, "/cards/0/source/topic: system is REQUIRED"},
        {{{"/cards/0/overrideReasons/0/display", ""}}, "/cards/0/overrideReasons/0: display is REQUIRED"},
        {{{"/cards/0/overrideReasons/0/code", ""}}, "/cards/0/overrideReasons/0: code is REQUIRED"},
        {{{"/cards/0/overrideReasons/0/system", ""}}, "/cards/0/overrideReasons/0: system is REQUIRED"},
        {{{"/cards/0/links/0/label", ""}}, "/cards/0/links/0: label is REQUIRED"},
        {{{"/cards/0/links/0/url", ""}}, "/cards/0/links/0: url is REQUIRED"},
        {{{"/cards/0/links/0/url", R"("a.html")"}}, "/cards/0/links/0/url: url SHALL be an absolute URL"},
        {{{"/cards/0/links/0/type", ""}}, "/cards/0/links/0: type is REQUIRED"},
        {{{"/cards/0/links/0/type", R"("app")"}}, "/cards/0/links/0/type: type SHALL be one of absolute, smart"},
        {{{"/cards/0/links/0/appContext", R"("x")"}},
         "/cards/0/links/0/appContext: appContext SHALL be on links of type smart alone"},
        {{{"/cards/0/links/1/autolaunchable", R"("yes")"}},
         "/cards/0/links/1/autolaunchable: autolaunchable SHALL be true or false"},
        {{{"/cards/0/extension", R"([{"url": "x"}])"}}, "/cards/0/extension: extension SHALL be an object"},
    });
}

TEST(CheckAnswer, ASuggestionHasWhatTheSpecificationAsksFor) {
    expect_rows({
        {{{"/cards/0/selectionBehavior", ""}}, "/cards/0: selectionBehavior is REQUIRED"},
        {{{"/cards/0/selectionBehavior", R"("all")"}},
         "/cards/0/selectionBehavior: selectionBehavior SHALL be one of at-most-one, any"},
        {{{"/cards/0/suggestions/1/isRecommended", "true"}},
         "/cards/0/suggestions: with at-most-one, at most one suggestion SHALL be recommended"},
        {{{"/cards/0/suggestions/1/isRecommended", "1"}},
         "/cards/0/suggestions/1/isRecommended: isRecommended SHALL be true or false"},
        {{{"/cards/0/suggestions/0/label", ""}}, "/cards/0/suggestions/0: label is REQUIRED"},
        {{{"/cards/0/suggestions/0/actions/0/type", ""}}, "/cards/0/suggestions/0/actions/0: type is REQUIRED"},
        {{{"/cards/0/suggestions/0/actions/0/type", R"("read")"}},
         "/cards/0/suggestions/0/actions/0/type: type SHALL be one of create, update, delete"},
        {{{"/cards/0/suggestions/0/actions/0/description", ""}},
         "/cards/0/suggestions/0/actions/0: description is REQUIRED"},
        {{{"/cards/0/suggestions/0/actions/0/resource", ""}}, "/cards/0/suggestions/0/actions/0: resource is REQUIRED"},
        {{{"/cards/0/suggestions/0/actions/0/resource/resourceType", ""}},
         "/cards/0/suggestions/0/actions/0/resource: resourceType is REQUIRED"},
        {{{"/cards/0/suggestions/0/actions/1/resourceId", R"("1")"}},
         "/cards/0/suggestions/0/actions/1/resourceId: resourceId SHALL be \"Type/id\""},
        {{{"/systemActions", R"([{"type": "delete", "resourceId": "Task/1"}])"}},
         "/systemActions/0: description is REQUIRED"},
    });
    EXPECT_THAT(
        faults(changed({{"/cards/0/selectionBehavior", R"("any")"}, {"/cards/0/suggestions/1/isRecommended", "true"}})),
        IsEmpty());
}

TEST(CheckAnswer, AFieldWithoutAValueIsLeftOut) {
    for (const char* json : {"null", R"("")"}) {
        EXPECT_THAT(faults(changed({{"/cards/0/extension/com.example.timestamp", json}})),
                    ElementsAre("/cards/0/extension/com.example.timestamp" + std::string(k_empty)));
    }
    expect_rows({
        {{{"/cards/0/links", "[]"}}, "/cards/0/links" + std::string(k_empty)},
        {{{"/cards/0/extension", "{}"}}, "/cards/0/extension" + std::string(k_empty)},
        {{{"/systemActions", "[]"}}, "/systemActions" + std::string(k_empty)},
        {{{"/cards/0/suggestions/0/actions/0/resource/note", "[]"}},
         "/cards/0/suggestions/0/actions/0/resource/note" + std::string(k_empty)},
        {{{"/cards/0/summary", R"("")"}}, "/cards/0/summary" + std::string(k_empty)},
    });
}

TEST(CheckAnswer, SaysAlsoWhatIsUnwiseOrCostsSomething) {
    const std::vector<Row> rows = {
        {{{"/cards/0/uuid", ""}}, "/cards/0: without a uuid there can be no feedback to the card"},
        {{{"/cards/0/suggestions/1/uuid", ""}},
         "/cards/0/suggestions/1: without a uuid feedback cannot say that the suggestion was accepted"},
        {{{"/cards/0/detail", R"("a<br>b")"}}, "/cards/0/detail: HTML in detail: few clients show it, and some run it"},
        {{{"/cards/0/extension/timestamp", "1"}},
         "/cards/0/extension/timestamp: an extension's name SHOULD be a reverse domain name"},
        {{{"/cards/0/suggestions/0/actionSelectionBehavior", R"("any")"}},
         "/cards/0/suggestions/0/actionSelectionBehavior: actionSelectionBehavior SHALL NOT be sent unless the client "
         "is "
         "known to support it"},
        {{{"/cards/0/suggestions/0/actions/1/resourceId", ""}},
         "/cards/0/suggestions/0/actions/1: a delete SHOULD have a resourceId"},
        {{{"/cards/0/suggestions/0/actions/1/resource", R"("Task/1")"}},
         "/cards/0/suggestions/0/actions/1/resource: a delete SHOULD have no resource"},
        {{{"/systemActions", R"([{"type": "delete", "resourceId": "Task/1", "description": "D"}])"}},
         "/systemActions: systemActions are for clients with which they were agreed on beforehand"},
    };
    for (const auto& [changes, expected] : rows) {
        EXPECT_THAT(notes(changed(changes)), ElementsAre(expected));
        EXPECT_THAT(faults(changed(changes)), IsEmpty()) << expected;
    }
}

TEST(CheckAnswer, FindsEveryFaultNotOnlyTheFirst) {
    const Json answer = changed({{"/cards/0/summary", ""}, {"/cards/0/source", "5"}, {"/cards/0/links/0/type", ""}});
    EXPECT_THAT(faults(answer),
                ElementsAre("/cards/0: summary is REQUIRED", "/cards/0/source: source SHALL be an object",
                            "/cards/0/links/0: type is REQUIRED"));
}

}  // namespace
}  // namespace proctor::hooks::check_answer_test
