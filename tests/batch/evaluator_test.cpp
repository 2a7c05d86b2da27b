#include "batch/evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/json.h"
#include "hooks/shipped.h"
#include "rules/template.h"

namespace proctor::batch {
namespace {

using hooks::testing::engine;
using nlohmann::json;
using ::testing::HasSubstr;

const std::string k_root = PROCTOR_SOURCE_DIR;
const fhir::Instant k_now = fhir::read_instant("2026-06-15T12:00:00Z").value();

std::string patient(const std::string& name, fhir::Instant as_of = k_now) {
    std::ifstream file(k_root + "/fhir-fixtures/patients/" + name + ".json");
    std::ostringstream text;
    text << file.rdbuf();
    return json::parse(rules::render_template(text.str(), as_of).value()).dump();
}

struct Evaluation {
    std::vector<json> lines;
    std::vector<BatchError> errors;
    std::string text;
    std::vector<std::size_t> progress, bytes;
    BatchCounts counts;
};

Evaluation run(const std::string& input, BatchOptions options = {}) {
    if (options.as_of == fhir::Instant{}) options.as_of = k_now;
    const hooks::Settings settings;
    std::istringstream in(input);
    std::ostringstream out;
    Evaluation result;
    const BatchSinks sinks{out, [&](const BatchError& error) { result.errors.push_back(error); },
                           [&](const BatchCounts& so_far) {
                               result.progress.push_back(so_far.patients + so_far.errors);
                               result.bytes.push_back(so_far.bytes);
                           }};
    Evaluator(engine(), settings, options).evaluate(in, "in.ndjson", sinks, result.counts);
    result.text = out.str();
    std::istringstream lines(result.text);
    for (std::string line; std::getline(lines, line);) result.lines.push_back(json::parse(line));
    return result;
}

std::string codes(const json& line) {
    std::string text;
    for (const auto& rule : line["rules"]) text += (text.empty() ? "" : " ") + rule["code"].get<std::string>();
    return text;
}

TEST(Evaluator, EachPatientIsALineInInputOrder) {
    const Evaluation result =
        run(patient("visible-bleeding-alone") + '\n' + patient("healthy") + '\n' + patient("melaena-on-aspirin"));
    ASSERT_EQ(result.lines.size(), 3U);
    EXPECT_EQ(result.lines[0]["patient"], "Patient/visible-bleeding-alone");
    EXPECT_EQ(result.lines[0]["asOf"], "2026-06-15T12:00:00Z");
    EXPECT_EQ(codes(result.lines[0]), "ADC-12");
    EXPECT_EQ(result.lines[0]["cards"].size(), 1U);
    EXPECT_EQ(codes(result.lines[1]), "");
    EXPECT_EQ(result.lines[1]["cards"], json::array());
    EXPECT_EQ(result.progress, (std::vector<std::size_t>{1, 2, 3}));
}

TEST(Evaluator, RulesAreNamedBeforeMerging) {
    const Evaluation result = run(patient("melaena-on-aspirin"));
    ASSERT_EQ(result.lines.size(), 1U);
    EXPECT_EQ(codes(result.lines[0]), "ADC-03 ADC-12 ADC-13 ADC-26");
    EXPECT_EQ(
        result.lines[0]["rules"][0],
        (json{{"id", "melaena-or-haematemesis"}, {"code", "ADC-03"}, {"row", "melaena"}, {"indicator", "critical"}}));
    EXPECT_LT(result.lines[0]["cards"].size(), 4U);
}

TEST(Evaluator, ADocumentMaySpanLines) {
    const Evaluation result = run(json::parse(patient("healthy")).dump(1));
    EXPECT_EQ(result.lines.size(), 1U);
    EXPECT_TRUE(result.errors.empty());
}

TEST(Evaluator, ABadLineIsNamedAndTheRestGoesOn) {
    const Evaluation result =
        run(patient("healthy") + "\nnot json\n{\"resourceType\":\"Bundle\"}\n{\"hook\":\"patient-view\"}\n" +
            patient("healthy"));
    EXPECT_EQ(result.lines.size(), 2U);
    ASSERT_EQ(result.errors.size(), 3U);
    EXPECT_EQ(result.errors[0].name, "in.ndjson");
    EXPECT_EQ(result.errors[0].line, 2U);
    EXPECT_EQ(result.errors[1].line, 3U);
    EXPECT_EQ(result.errors[2].line, 4U);
    for (const auto& error : result.errors) EXPECT_FALSE(error.message.empty());
    EXPECT_EQ(result.counts.patients, 2U);
    EXPECT_EQ(result.counts.errors, 3U);
}

// With the patient and the conditions alone.
json request_at(const std::string& hook) {
    const json bundle = json::parse(patient("visible-bleeding-alone"));
    json request = {{"hook", hook},
                    {"hookInstance", "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"},
                    {"context", {{"userId", "Practitioner/1"}, {"patientId", "visible-bleeding-alone"}}},
                    {"prefetch", {{"patient", nullptr}}}};
    json conditions = {{"resourceType", "Bundle"}, {"type", "searchset"}, {"entry", json::array()}};
    for (const auto& entry : bundle["entry"]) {
        if (entry["resource"]["resourceType"] == "Patient") request["prefetch"]["patient"] = entry["resource"];
        if (entry["resource"]["resourceType"] == "Condition")
            conditions["entry"].push_back({{"resource", entry["resource"]}});
    }
    request["prefetch"]["conditions"] = conditions;
    return request;
}

TEST(Evaluator, AHookRequestIsEvaluatedLikeTheCall) {
    const Evaluation result = run(request_at("patient-view").dump());
    ASSERT_EQ(result.lines.size(), 1U);
    EXPECT_EQ(codes(result.lines[0]), "ADC-12");
    EXPECT_FALSE(result.lines[0]["notChecked"].empty());
    EXPECT_TRUE(result.lines[0]["notChecked"][0].contains("missing"));
}

TEST(Evaluator, ARequestIsOfItsOwnHookWhateverBundlesAreOf) {
    json adds = request_at("problem-list-item-create");
    adds["prefetch"]["patient"]["birthDate"] = "1960-01-01";
    adds["context"]["conditions"] = {
        {"resourceType", "Bundle"},
        {"entry",
         {{{"resource",
            {{"resourceType", "Condition"},
             {"subject", {{"reference", "Patient/visible-bleeding-alone"}}},
             {"code", {{"coding", {{{"system", "http://snomed.info/sct"}, {"code", "70153002"}}}}}}}}}}}};
    const std::string input =
        adds.dump() + '\n' + request_at("patient-view").dump() + '\n' + request_at("order-review").dump();
    for (const auto* hook : {"patient-view", "order-select", "problem-list-item-create"}) {
        BatchOptions options;
        options.hook = hook;
        const Evaluation result = run(input, options);
        ASSERT_EQ(result.lines.size(), 2U) << hook;
        EXPECT_EQ(codes(result.lines[0]), "ADC-34") << hook;
        EXPECT_EQ(codes(result.lines[1]), "ADC-12") << hook;
        ASSERT_EQ(result.errors.size(), 1U);
        EXPECT_EQ(result.errors[0].message, "hook is not a hook that this service serves");
    }
}

TEST(Evaluator, TheSameInputGivesTheSameBytes) {
    EXPECT_EQ(run(patient("bleeding-with-shock")).lines, run(patient("bleeding-with-shock")).lines);
}

TEST(Evaluator, AnyNumberOfThreadsGivesTheSameBytesAndErrorsInInputOrder) {
    std::string input;
    for (const auto* name : {"bleeding-with-shock", "healthy", "severe-anaemia", "mucus-with-fever"})
        for (int i = 0; i < 3; ++i) input += patient(name) + "\n" + (i == 0 ? "broken\n" : "");
    const auto print = [&](std::size_t threads) {
        BatchOptions options;
        options.threads = threads;
        const Evaluation result = run(input, options);
        std::string text = result.text + result.counts.codes.print() + result.counts.codes.print_lost();
        for (const auto& error : result.errors) text += std::to_string(error.line) + error.message + '\n';
        for (const auto done : result.bytes) text += std::to_string(done) + ' ';
        return text;
    };
    const std::string alone = print(1);
    EXPECT_EQ(run(input).lines.size(), 12U);
    EXPECT_EQ(run(input).errors.size(), 4U);
    for (const std::size_t threads : {2U, 3U, 16U, 64U}) EXPECT_EQ(print(threads), alone) << threads;
}

TEST(Evaluator, ResultsThatCannotBeWrittenEndIt) {
    const hooks::Settings settings;
    for (const std::size_t threads : {1U, 4U}) {
        BatchOptions options;
        options.as_of = k_now;
        options.threads = threads;
        std::istringstream in(patient("healthy") + '\n' + patient("healthy") + '\n' + patient("healthy"));
        std::ostringstream out;
        out.setstate(std::ios::failbit);
        BatchCounts counts;
        Evaluator(engine(), settings, options).evaluate(in, "in.ndjson", {out, [](const BatchError&) {}}, counts);
        EXPECT_EQ(counts.patients, 1U) << threads;
    }
}

TEST(Evaluator, ProgressCountsTheBytesOfAllStreams) {
    const Evaluation result = run("broken\n\n" + patient("healthy") + '\n');
    EXPECT_EQ(result.bytes, (std::vector<std::size_t>{7, 9 + patient("healthy").size()}));
    const hooks::Settings settings;
    std::ostringstream out;
    BatchCounts counts;
    for (int i = 0; i < 2; ++i) {
        std::istringstream in("broken\n");
        Evaluator(engine(), settings, {k_now}).evaluate(in, "in", {out, [](const BatchError&) {}}, counts);
    }
    EXPECT_EQ(counts.bytes, 14U);
    EXPECT_EQ(counts.errors, 2U);
}

TEST(Evaluator, ReplayDoesNotKnowTheFuture) {
    const std::string chart = patient("visible-bleeding-alone");
    BatchOptions earlier;
    earlier.as_of = k_now - std::chrono::hours(24 * 365);
    const Evaluation live = run(chart, earlier);
    earlier.replay = true;
    const Evaluation replay = run(chart, earlier);
    ASSERT_EQ(replay.lines.size(), 1U);
    EXPECT_EQ(codes(replay.lines[0]), "");
    EXPECT_EQ(codes(live.lines.at(0)), "ADC-DQ");
}

TEST(Evaluator, DraftOrdersJoinEveryPatient) {
    BatchOptions options;
    options.drafts =
        R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"ServiceRequest","id":"d1",
        "status":"draft","intent":"order","subject":{"reference":"Patient/visible-bleeding-alone"},
        "code":{"coding":[{"system":"http://loinc.org","code":"58410-2"}]}}}]})";
    const auto offers = [](const Evaluation& result) {
        return result.lines.at(0)["cards"].dump().find("full blood count\",\"uuid") != std::string::npos;
    };
    EXPECT_TRUE(offers(run(patient("visible-bleeding-alone"))));
    EXPECT_FALSE(offers(run(patient("visible-bleeding-alone"), options)));
    options.drafts = "not json";
    EXPECT_EQ(run(patient("visible-bleeding-alone"), options).errors.size(), 1U);
}

TEST(Evaluator, CodesThatNobodyReadsAreCountedBySystem) {
    const auto condition = [](const std::string& system, const std::string& code) {
        return json{{"resource",
                     {{"resourceType", "Condition"},
                      {"subject", {{"reference", "Patient/p"}}},
                      {"code", {{"coding", {{{"system", system}, {"code", code}}}}}}}}};
    };
    const json bundle = {{"resourceType", "Bundle"},
                         {"entry",
                          {{{"resource", {{"resourceType", "Patient"}, {"id", "p"}}}},
                           condition("urn:local\u001b[2J", "A"),
                           condition("urn:local\u001b[2J", "A"),
                           condition("urn:local\u001b[2J", "B"),
                           condition("http://snomed.info/sct", "12063002")}}};
    const Evaluation result = run(bundle.dump() + '\n' + bundle.dump());
    EXPECT_THAT(result.counts.codes.print(), HasSubstr("urn:local?[2J: 6, 0, LOST"));
    EXPECT_THAT(result.counts.codes.print(), HasSubstr("http://snomed.info/sct: 2, 2, read by the rules"));
    EXPECT_THAT(result.counts.codes.print_lost(), HasSubstr("  4  urn:local?[2J A\n  2  urn:local?[2J B\n"));
    EXPECT_THAT(result.counts.codes.notice(), HasSubstr("6 codes"));
    EXPECT_EQ(run(patient("healthy")).counts.codes.print_lost(), "");
}

TEST(Evaluator, ADraftRuleHasNoCardButIsNamedApart) {
    auto content = std::make_shared<rules::Content>(*engine().content);
    for (rules::LoadedRule& loaded : content->rules) loaded.rule.status = rules::RuleStatus::draft;
    const hooks::Engine drafts(content);
    const hooks::Settings settings;
    BatchOptions options;
    options.as_of = k_now;
    const auto line = Evaluator(drafts, settings, options).evaluate_document(patient("visible-bleeding-alone"));
    ASSERT_TRUE(line) << describe(line.error());
    const json result = json::parse(*line);
    EXPECT_TRUE(result["rules"].empty());
    EXPECT_TRUE(result["notChecked"].empty());
    EXPECT_TRUE(result["cards"].empty());
    ASSERT_FALSE(result["drafts"].empty());
    EXPECT_EQ(result["drafts"][0]["code"], "ADC-12");
    EXPECT_FALSE(run(patient("visible-bleeding-alone")).lines[0].contains("drafts"));
}

}  // namespace
}  // namespace proctor::batch
