// What charts and attackers write, in tables: dates and numbers at the ends of what there is, references in circles,
// members twice, texts that would be more than text. Each is answered, and what cannot be read is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/asked.h"
#include "app/hook_request.h"
#include "base/limits.h"
#include "hooks/check_answer.h"

namespace proctor::app {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string entry(const std::string& resource) { return R"({"resource":)" + resource + "}"; }
std::string searchset(const std::string& entries) {
    return R"({"resourceType":"Bundle","type":"searchset","entry":[)" + entries + "]}";
}

// A patient of 40 with these answers to the searches; nothing was found by the others.
std::string request(const std::map<std::string, std::string>& found,
                    const std::string& patient = R"("birthDate":"1986-01-01")") {
    std::string text = R"({"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",)"
                       R"("context":{"userId":"Practitioner/1","patientId":"p"},"prefetch":{)"
                       R"("patient":{"resourceType":"Patient","id":"p",)" +
                       patient + "}";
    for (const auto& [key, source] : hooks::default_keys()) {
        const auto one = found.find(key);
        if (key != "patient") text += ",\"" + key + "\":" + (one == found.end() ? "null" : one->second);
    }
    return text + "}}";
}

Answer ask(const std::string& body) {
    LogFields fields;
    const hooks::Settings settings;
    return answer_hook({engine(), settings, alarms(), {}, nullptr, k_now, {}}, body, fields);
}

int status_of(const Answer& answer) {
    const auto* refusal = std::get_if<hooks::Refusal>(&answer);
    return refusal == nullptr ? 200 : refusal->status;
}

// "fired", "open" or "silent": what became of the rule.
std::string fate(const Answer& answer, const std::string& code) {
    const auto* answered = std::get_if<hooks::Answered>(&answer);
    if (answered == nullptr) return "refused";
    const auto is_it = [&](const auto& one) { return engine().content->rules[one.rule].rule.code == code; };
    const auto& outcome = answered->outcome;
    if (std::any_of(outcome.fired.begin(), outcome.fired.end(), is_it)) return "fired";
    return std::any_of(outcome.not_checked.begin(), outcome.not_checked.end(), is_it) ? "open" : "silent";
}

std::string cards_of(const Answer& answer) {
    const auto* answered = std::get_if<hooks::Answered>(&answer);
    return answered == nullptr ? "" : hooks::write_cards(answered->cards);
}

constexpr const char* k_bleeding = "ADC-12";
constexpr const char* k_anaemia = "ADC-02";
constexpr const char* k_quality = "ADC-DQ";

std::string bleeding(const std::string& members) {
    return R"({"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"},)"
           R"("clinicalStatus":{"coding":[{"code":"active"}]},"code":{"text":"Bleeding from anus"})" +
           members + "}";
}

const std::string k_bled = searchset(entry(bleeding(R"(,"recordedDate":"2026-06-14")")));

TEST(BadInput, DatesAtTheEndsOfTheCalendarAndBeyond) {
    const std::pair<const char*, const char*> table[] = {
        {R"("2026-06-14")", "fired"},
        {R"("2026-06")", "fired"},
        {R"("2026")", "fired"},
        {R"("2026-06-15T23:00:00+14:00")", "fired"},
        {R"("2026-06-14T23:00:00-12:00")", "fired"},
        {R"("2024-02-29")", "silent"},  // a leap day, of two years ago
        {R"("0001-01-01")", "silent"},
        {R"("9999-12-31T23:59:59Z")", "fired"},  // an active Condition is there, whatever its date
    };
    for (const auto& [date, expected] : table) {
        const auto answer =
            ask(request({{"conditions", searchset(entry(bleeding(std::string(R"(,"recordedDate":)") + date)))}}));
        EXPECT_EQ(fate(answer, k_bleeding), expected) << date;
    }
}

TEST(BadInput, WhatIsNoDateNeverSilencesAnAlarm) {
    for (const char* date : {R"("0000-00-00")", R"("0000")", R"("2023-02-29")", R"("2026-13-01")", R"("2026-06-31")",
                             R"("2026-06-14T25:00:00Z")", R"("2026-06-14T10:00:00+99:00")", R"("14.06.2026")", R"("")",
                             R"("yesterday")", "null", "20260614", "{}", "[]", "true", R"("\u202e2026")"}) {
        const auto answer =
            ask(request({{"conditions", searchset(entry(bleeding(std::string(R"(,"recordedDate":)") + date)))}}));
        EXPECT_NE(fate(answer, k_bleeding), "silent") << date;
        EXPECT_EQ(status_of(answer), 200) << date;
    }
}

TEST(BadInput, APrimitiveExtensionIsNoValue) {
    const std::string extension = R"("_birthDate":{"extension":[{"url":"x","valueDateTime":"2026-01-01"}]})";
    for (const std::string& patient : {extension, R"("birthDate":null,)" + extension, extension + R"(,"_gender":[])"}) {
        const auto answer = ask(request({{"conditions", k_bled}}, patient));
        EXPECT_EQ(fate(answer, k_bleeding), "fired") << patient;
    }
}

TEST(BadInput, NumbersAndUnitsThatCannotBe) {
    const auto haemoglobin = [](const std::string& quantity) {
        return R"({"resourceType":"Observation","id":"o","status":"final","subject":{"reference":"Patient/p"},)"
               R"("code":{"coding":[{"system":"http://loinc.org","code":"718-7"}]},)"
               R"("effectiveDateTime":"2026-06-15T10:00:00Z","valueQuantity":)" +
               quantity + "}";
    };
    struct Row {
        std::string quantity;
        const char* fate;
        bool told = true;  // that something could not be used
    };
    const Row table[] = {
        {R"({"value":60,"unit":"g/L","system":"http://unitsofmeasure.org","code":"g/L"})", "fired", false},
        {R"({"value":6.0e1,"unit":"g/L"})", "fired", false},
        {R"({"value":-60,"code":"g/L"})", "silent"},
        {R"({"value":1e400,"code":"g/L"})", "silent"},
        {R"({"value":-1e400,"code":"g/L"})", "silent"},
        {R"({"value":1e-400,"code":"g/L"})", "silent"},
        {R"({"value":123456789012345678901234567890,"code":"g/L"})", "silent"},
        {R"({"value":60})", "silent"},
        {R"({"value":60,"unit":"furlong"})", "silent"},
        {R"({"value":60,"code":"g/L\u202e"})", "silent"},
    };
    for (const auto& [quantity, expected, told] : table) {
        const auto answer =
            ask(request({{"conditions", k_bled}, {"laboratory", searchset(entry(haemoglobin(quantity)))}}));
        EXPECT_EQ(fate(answer, k_anaemia), expected) << quantity;
        EXPECT_EQ(fate(answer, k_quality) == "fired", told) << quantity << cards_of(answer);
    }
    for (const char* shape :
         {R"({"value":"60","code":"g/L"})", R"("60 g/L")", "60", "[]", R"({"value":{},"code":"g/L"})"}) {
        const auto answer =
            ask(request({{"conditions", k_bled}, {"laboratory", searchset(entry(haemoglobin(shape)))}}));
        EXPECT_EQ(fate(answer, k_anaemia), "open") << shape;
    }
}

TEST(BadInput, ReferencesInCirclesEnd) {
    const std::string condition = entry(bleeding(
        R"(,"recordedDate":"2026-06-14","contained":[{"resourceType":"Condition","id":"a","subject":{"reference":"#b"}},)"
        R"({"resourceType":"Condition","id":"b","subject":{"reference":"#a"}}],"evidence":[{"detail":[{"reference":"#a"}]}])"));
    const std::string medications = searchset(
        entry(R"({"resourceType":"MedicationRequest","id":"m","status":"active","subject":{"reference":"Patient/p"},)"
              R"("medicationReference":{"reference":"#x"},"contained":[{"resourceType":"MedicationRequest","id":"x",)"
              R"("medicationReference":{"reference":"#x"}},{"resourceType":"Medication","id":"x",)"
              R"("ingredient":[{"itemReference":{"reference":"#x"}}]}]})") +
        "," +
        entry(
            R"({"resourceType":"Medication","id":"y","ingredient":[{"itemReference":{"reference":"Medication/y"}}]})"));
    const std::string observation =
        R"({"resourceType":"Observation","id":"o","status":"final","subject":{"reference":"Patient/p"},)"
        R"("code":{"text":"panel"},"hasMember":[{"reference":"Observation/o"}],"derivedFrom":[{"reference":"Observation/o"}]})";
    const auto answer = ask(request({{"conditions", searchset(condition)},
                                     {"medicationRequests", medications},
                                     {"survey", searchset(entry(observation))}}));
    EXPECT_EQ(fate(answer, k_bleeding), "fired");
}

TEST(BadInput, AMemberThatStandsTwiceHasNoMeaning) {
    const std::pair<std::string, std::string> table[] = {
        {R"(,"recordedDate":"2026-06-14","recordedDate":"2001-01-01")", "open"},
        {R"(,"recordedDate":"2026-06-14","code":{"text":"Healthy"})", "open"},
        {R"(,"recordedDate":"2026-06-14","clinicalStatus":{"coding":[{"code":"resolved"}]})", "open"},
        {R"(,"recordedDate":"2026-06-14","nobody":1,"nobody":2)", "fired"},
    };
    for (const auto& [members, expected] : table)
        EXPECT_EQ(fate(ask(request({{"conditions", searchset(entry(bleeding(members)))}})), k_bleeding), expected)
            << members;
}

TEST(BadInput, EntriesUpToTheLimitAreAnsweredAndOneMoreIsRefused) {
    const auto with = [](std::size_t count) {
        std::string entries;
        for (std::size_t i = 0; i < count; ++i) entries += R"({"resource":{"resourceType":"Condition"}},)";
        entries.pop_back();
        return status_of(ask(request({{"conditions", searchset(entries)}})));
    };
    EXPECT_EQ(with(1), 200);
    EXPECT_EQ(with(1'000), 200);
    EXPECT_EQ(with(10'000), 200);
    EXPECT_EQ(with(limits::k_resources - 1), 200);  // the patient is one, too
    EXPECT_EQ(with(limits::k_resources), 400);
}

TEST(BadInput, DepthIsCountedFromTheRequestItself) {
    const auto with = [](std::size_t depth) {  // prefetch, the search and its member are three of them
        const std::string nested = std::string(depth - 3, '[') + std::string(depth - 3, ']');
        return status_of(ask(request({{"conditions", R"({"resourceType":"Bundle","x":)" + nested + "}"}})));
    };
    EXPECT_EQ(with(limits::k_json_depth), 200);
    EXPECT_EQ(with(limits::k_json_depth + 1), 400);
    EXPECT_EQ(with(100'000), 400);
}

// Every text of the chart that a card may repeat is the same hostile one. Codes still say what they said.
TEST(BadInput, NoTextOfAChartIsActiveInACard) {
    const std::string rendered =
        make_hook_request(read_fixture("patients/bleeding-with-shock.json"), "patient-view", k_now).value().json;
    for (const char* text :
         {R"j(<script>alert(1)</script><img src=x onerror=alert(1)>)j", R"j([a](javascript:alert(1)))j",
          R"j(![a](https://evil.example/x.png) <https://evil.example> https://evil.example)j",
          R"j(\n\n# Heading\n\n| a | b |\n|--|--|\n- [ ] x\n> q\n```\ncode)j",
          R"j(**b** _i_ ~~s~~ `c` &lt;b&gt; &#x3c;)j", R"j(\u202egnp.exe \u2066hidden\u2069 zero\u200bwidth\ufeff)j",
          R"j([x]: javascript:alert(1)\n[x])j"}) {
        std::string hostile = rendered;
        const auto places = support::JsonPlaces::of(rendered);
        for (auto place = places.rbegin(); place != places.rend(); ++place) {
            const auto name = place->pointer.substr(place->pointer.rfind('/') + 1);
            const bool shown = name == "text" || name == "display" || name == "valueString" || name == "family";
            if (shown && rendered[place->first] == '"')
                hostile = support::replaced(hostile, *place, '"' + std::string(text) + '"');
        }
        const auto answer = ask(hostile);
        const std::string cards = cards_of(answer);
        EXPECT_EQ(fate(answer, "ADC-01"), "fired") << text;
        EXPECT_TRUE(hooks::check_answer(cards).faults.empty()) << text;
        for (const char* active : {"<script", "<img", "](javascript:", "<https://evil", "![a]", "\\n# Heading",
                                   "\u202e", "\u2066", "\u200b", "\ufeff", "\\u202e", " https://evil.example"})
            EXPECT_THAT(cards, Not(HasSubstr(active))) << text;
    }
}

}  // namespace
}  // namespace proctor::app
