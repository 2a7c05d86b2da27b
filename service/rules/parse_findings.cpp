// findings.json and answers.json.
#include <algorithm>

#include "rules/parse.h"

namespace proctor::rules {
namespace {

Settling read_settling(const Reader& at, const Content& content) {
    Settling settling;
    settling.system = at["system"].text();
    settling.code = at["code"].text();
    settling.valueSet = known_value_set(at["valueSet"], content);
    settling.words = at["words"].patterns();
    settling.titles = at["titles"].texts();
    settling.titleOnly = at["titleOnly"].flag(false);
    settling.alone = at["alone"].flag(false);
    if (settling.valueSet.empty() == (settling.system.empty() || settling.code.empty())) {
        at.fail("an entry names \"system\" and \"code\", or a \"valueSet\"");
    }
    const int ways = (settling.words.empty() ? 0 : 1) + (settling.titleOnly ? 1 : 0) + (settling.alone ? 1 : 0);
    if (ways != 1) at.fail("an entry settles by \"words\", by \"titleOnly\" or \"alone\"");
    if (settling.titleOnly && settling.titles.empty()) at.fail("\"titleOnly\" needs \"titles\"");
    return settling;
}

std::optional<Sensitive> read_sensitive(const Reader& at) {
    if (!at) return std::nullopt;
    return Sensitive{at["category"].text(), at["instead"].text(), at["words"].patterns(),
                     at["onlyWhereShown"].flag(false)};
}

Finding read_finding(const std::string& id, const Reader& at, const Content& content) {
    if (!is_name(id)) at.fail("names are lower-case-with-hyphens");
    Finding finding;
    finding.id = id;
    finding.title = at["title"].text();
    finding.valueSet = known_value_set(at["valueSet"], content);
    finding.codeEndings = at["codeEndings"].text();
    finding.words = at["words"].patterns();
    finding.notAbout = at["notAbout"].patterns();
    for (const Reader& item : at["settledBy"].items()) finding.settledBy.push_back(read_settling(item, content));
    finding.categories = read_sources(at["category"]);
    if (finding.categories.empty()) finding.categories = {fhir::Source::survey, fhir::Source::exam};
    finding.sensitive = read_sensitive(at["sensitive"]);
    return finding;
}

// The reader interns only codes of the table, so a code that a finding settles must be in it, as a weak row
// that counts for nothing else.
void add_settled_codes(const Finding& finding, Content& content) {
    const auto index = static_cast<std::uint16_t>(content.valueSets.size());
    bool any = false;
    for (const Settling& settling : finding.settledBy) {
        if (settling.code.empty()) continue;
        content.codes.add(
            {index, fhir::CodeUse::finding, fhir::CodeStrength::weak, settling.system, settling.code, false, ""});
        any = true;
    }
    if (any) content.valueSets.push_back({"settles/" + finding.id, "", finding.title});
}

bool has_strong_code(const Finding& finding, const Content& content) {
    const auto rows = content.codes.all();
    return std::any_of(rows.begin(), rows.end(), [&](const fhir::CodeEntry& row) {
        return row.strength == fhir::CodeStrength::strong && content.valueSets[row.value_set].id == finding.valueSet;
    });
}

}  // namespace

void read_findings(const Reader& at, Content& content) {
    for (const auto& [id, value] : at.members()) {
        Finding finding = read_finding(id, value, content);
        if (!has_strong_code(finding, content) && finding.words.empty() && finding.settledBy.empty()) {
            value.fail("nothing ever counts for this finding: no strong code, no words, nothing settled");
        }
        content.findings.push_back(std::move(finding));
    }
    for (const Finding& finding : content.findings) add_settled_codes(finding, content);
}

void read_answers(const Reader& at, Content& content) {
    Answers& answers = content.answers;
    answers.present = known_value_set(at["present"], content);
    answers.absent = known_value_set(at["absent"], content);
    answers.unknown = known_value_set(at["unknown"], content);
    answers.genericQuestions = known_value_set(at["genericQuestions"], content);
    answers.severities = known_value_set(at["severities"], content);
    answers.familyHistory = known_value_set(at["familyHistory"], content);
    answers.presentWords = at["presentWords"].patterns();
    answers.absentWords = at["absentWords"].patterns();
    answers.unknownWords = at["unknownWords"].patterns();
    answers.clauses = {at["clauseEnd"].pattern(), at["negations"].patterns(), at["notNow"].patterns(),
                       at["negatingPrefixes"].patterns(), at["negatesNothing"].patterns()};
    answers.presentInterpretations = at["presentInterpretations"].texts();
    answers.absentInterpretations = at["absentInterpretations"].texts();
    answers.positiveInterpretations = at["positiveInterpretations"].texts();
    answers.flaggedInterpretations = at["flaggedInterpretations"].texts();
    answers.notSystemic = at["notSystemic"].patterns();
    answers.doseCountsFor = at["doseCountsFor"].duration();
    answers.orderCountsFor = at["orderCountsFor"].duration();
    answers.encounterCountsFor = at["encounterCountsFor"].duration();
    answers.encounterLeadTime = at["encounterLeadTime"].duration();
    answers.observationWithin = at["observationWithin"].duration();
}

}  // namespace proctor::rules
